import type { Row } from './database.ts';
import type { Broadcast, Ledger, Sighting } from './ledger.ts';
import type { Stage } from './stage.ts';

/** What may pass, real, between the program's decision and a message in somebody's hand: a stalled process, a slow answer. */
const slackMs = 3000;

const list = (ids: readonly string[]) => ids.map((id) => `'${id}'`).join(',');

/** What must be true once everything has come to rest; one line for each thing that is not. */
export async function check(stage: Stage, ledger: Ledger): Promise<string[]> {
  ledger.look();
  const subjects = list(ledger.broadcasts.map((b) => b.id));
  const deliveries = await stage.rows(
    `select d.id, d.token, d.member_id, d.subject_kind, d.subject_id, d.purpose, d.status, d.reason, d.confirmed_at,
       d.external_message_id, d.lane, d.attempts, a.channel, a.external_id from delivery d left join account a on a.id = d.account_id`,
  );
  const about = deliveries.filter((d) => subjects.includes(String(d.subject_id)));
  return [
    ...stage.broken.splice(0),
    ...transport(stage, ledger, deliveries),
    ...recipients(stage, ledger, about),
    ...(await counts(stage, ledger, about)),
    ...(await once(stage, ledger)),
    ...confirmations(ledger, about),
    ...corrections(stage, ledger, about),
    ...(await votes(stage, ledger)),
    ...(await voices(stage, ledger)),
    ...quietHours(stage, ledger, about),
    ...stops(ledger, about),
    ...outputs(stage, ledger),
  ];
}

const final = ['accepted', 'unknown', 'unreachable', 'failed'];
const of = (broadcast: Broadcast, deliveries: readonly Row[]) =>
  deliveries.filter((d) => d.subject_id === broadcast.id);

/** Every delivery has ended in one known way, and what is said of it is what stands in people's hands. */
function transport(stage: Stage, ledger: Ledger, deliveries: readonly Row[]): string[] {
  const wrong: string[] = [];
  const seen = new Map<string, Sighting[]>();
  const byId = new Map<string, Sighting>();
  for (const sighting of ledger.sightings) {
    byId.set(idOf(sighting), sighting);
    if (sighting.token) seen.set(sighting.token, [...(seen.get(sighting.token) ?? []), sighting]);
  }
  for (const d of deliveries) {
    const what = `delivery ${d.id} (${d.subject_kind} ${d.purpose}, ${d.channel})`;
    if (!final.includes(String(d.status))) wrong.push(`${what} is still ${d.status}`);
    const shown = new Set((seen.get(String(d.token)) ?? []).map((s) => s.id));
    if (shown.size > 1) wrong.push(`${what} is shown ${shown.size} times`);
    if (d.status === 'accepted' && d.channel !== 'webchat' && d.external_message_id !== null) {
      const id = `${d.channel} ${d.external_id} ${Number.parseInt(String(d.external_message_id), 10)}`;
      const exact = `${d.channel} ${d.external_id} ${d.external_message_id}`;
      if (!byId.has(exact) && !byId.has(id)) wrong.push(`${what} is accepted and nobody has it`);
    }
    if (d.lane === 'broadcast' && d.status === 'failed' && d.reason === 'unavailable')
      wrong.push(`${what} was given up, and no messenger was away that long`);
    if ((d.status === 'failed' || d.status === 'unreachable') && shown.size > 0)
      wrong.push(`${what} is ${d.status} (${d.reason}) and shown all the same`);
  }
  for (const { hand, name } of stage.people) {
    if (!hand) continue;
    const own = deliveries.filter((d) => d.channel === hand.messenger && d.external_id === hand.address);
    const accepted = own.filter((d) => d.status === 'accepted' && d.external_message_id !== null).length;
    const unknown = own.filter(
      (d) => d.status === 'unknown' || (d.status === 'accepted' && d.external_message_id === null),
    ).length;
    const shown = ledger.sightings.filter((s) => s.person.hand === hand).length;
    if (shown > accepted + unknown)
      wrong.push(
        `${name} on ${hand.messenger} has ${shown} messages for ${accepted} accepted and ${unknown} unknown`,
      );
  }
  return wrong;
}

const idOf = ({ person, id }: Sighting) => `${person.hand?.messenger} ${person.hand?.address} ${id}`;

/** Everybody it is meant for has one main delivery. */
function recipients(stage: Stage, ledger: Ledger, deliveries: readonly Row[]): string[] {
  return ledger.broadcasts.flatMap((broadcast) => {
    const mains = of(broadcast, deliveries).filter((d) => d.purpose === 'main');
    return stage.people.flatMap(({ id, name }) => {
      const many = mains.filter((d) => d.member_id === id).length;
      return many === 1 ? [] : [`${broadcast.mark}: ${name} has ${many} deliveries`];
    });
  });
}

/** What is counted is what there is. */
async function counts(stage: Stage, ledger: Ledger, deliveries: readonly Row[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const broadcast of ledger.broadcasts.filter((b) => b.kind === 'announcement')) {
    const { counts: told } = await stage.api<{ counts: Record<string, number> }>(
      'GET',
      `/announcements/${broadcast.id}`,
    );
    const mains = of(broadcast, deliveries).filter((d) => d.purpose === 'main');
    const real: Record<string, number> = {
      recipients: mains.length,
      confirmed: mains.filter((d) => d.confirmed_at !== null).length,
    };
    for (const status of final) real[status] = mains.filter((d) => d.status === status).length;
    for (const [name, many] of Object.entries(real))
      if (told[name] !== many)
        wrong.push(`${broadcast.mark}: ${name} is told as ${told[name]} and is ${many}`);
  }
  return wrong;
}

/** What staff asked for once, also when they had to ask again, exists once. */
async function once(stage: Stage, ledger: Ledger): Promise<string[]> {
  const rows = [
    ...(await stage.rows('select title_pl as mark from announcement')),
    ...(await stage.rows('select question_pl as mark from poll')),
  ];
  return ledger.broadcasts.flatMap(({ mark }) => {
    const many = rows.filter((row) => row.mark === mark).length;
    return many === 1 ? [] : [`${mark} exists ${many} times`];
  });
}

/** Whoever was told so is confirmed, and gets no reminder from then on. */
function confirmations(ledger: Ledger, deliveries: readonly Row[]): string[] {
  return ledger.confirmed.flatMap(({ person, subjectId, toldAt }) => {
    if (toldAt === null) return [];
    const own = deliveries.filter((d) => d.subject_id === subjectId && d.member_id === person.id);
    const main = own.find((d) => d.purpose === 'main');
    const wrong =
      main?.confirmed_at === null ? [`${person.name} was told the confirmation is taken; it is not`] : [];
    const reminders = own.filter((d) => String(d.purpose).startsWith('reminder'));
    const late = arrivals(ledger, reminders).filter((s) => s.at > toldAt + slackMs);
    return [...wrong, ...late.map(() => `${person.name} was reminded after confirming`)];
  });
}

/** What staff corrected says so wherever it was shown, and wherever it came later. */
function corrections(stage: Stage, ledger: Ledger, deliveries: readonly Row[]): string[] {
  return ledger.corrected.flatMap(({ subjectId, words }) => {
    const mains = deliveries.filter((d) => d.subject_id === subjectId && d.purpose === 'main');
    return stage.people.flatMap(({ id, name, hand }) => {
      const own = mains.filter((d) => d.member_id === id && d.status === 'accepted');
      const places = new Set(own.map((d) => `${d.channel} ${platformId(d)}`));
      const stale = (hand?.shown() ?? []).filter(
        (shown) => places.has(`${hand?.messenger} ${shown.id}`) && !shown.text.includes(words),
      );
      return stale.map(({ text }) => `${name} still reads "${text.slice(0, 60)}" without "${words}"`);
    });
  });
}

/** As it stands in people's hands: Telegram's has more to it than the number there. */
const platformId = ({ channel, external_message_id: id }: Row) =>
  channel === 'telegram' ? Number.parseInt(String(id), 10) : id;

/** Where these deliveries stand in people's hands. */
function arrivals(ledger: Ledger, deliveries: readonly Row[]): Sighting[] {
  const tokens = new Set(deliveries.map((d) => d.token));
  const ids = new Set(
    deliveries.flatMap((d) =>
      d.external_message_id === null ? [] : [`${d.channel} ${d.external_id} ${platformId(d)}`],
    ),
  );
  return ledger.sightings.filter((s) => (s.token !== null && tokens.has(s.token)) || ids.has(idOf(s)));
}

/** Every vote taken is there once and nothing else; of an anonymous one only that it was given. */
async function votes(stage: Stage, ledger: Ledger): Promise<string[]> {
  const wrong: string[] = [];
  for (const broadcast of ledger.broadcasts.filter((b) => b.kind === 'poll')) {
    const ballots = await stage.rows(`select * from ballot where poll_id = '${broadcast.id}'`);
    const totals = await stage.rows(
      `select position, votes from poll_option where poll_id = '${broadcast.id}' order by position`,
    );
    const pressed = ledger.voted.filter((v) => v.subjectId === broadcast.id);
    for (const { person, option, toldAt } of pressed) {
      const ballot = ballots.find((b) => b.member_id === person.id);
      if (toldAt !== null && !ballot)
        wrong.push(`${broadcast.mark}: ${person.name}'s vote was taken and is lost`);
      // Telegram keeps what it could not hand over: there every press counts.
      if (toldAt === null && !ballot && person.hand?.messenger === 'telegram')
        wrong.push(`${broadcast.mark}: ${person.name}'s vote never arrived`);
      if (ballot && !broadcast.anonymous && ballot.options !== `[${option}]`)
        wrong.push(`${broadcast.mark}: ${person.name} voted ${option}, stored is ${ballot.options}`);
    }
    const voters = new Set(pressed.map((v) => v.person.id));
    for (const ballot of ballots) {
      if (!voters.has(String(ballot.member_id))) wrong.push(`${broadcast.mark}: a vote nobody gave`);
      if (broadcast.anonymous && (ballot.options !== null || ballot.voted_at !== null))
        wrong.push(`${broadcast.mark}: an anonymous vote is stored with its answer or time`);
    }
    const counted = totals.map((t) => Number(t.votes));
    if (counted.reduce((a, b) => a + b, 0) !== ballots.length)
      wrong.push(`${broadcast.mark}: ${ballots.length} voted, counted are ${counted}`);
    if (!broadcast.anonymous) {
      const real = totals.map((_, i) => ballots.filter((b) => b.options === `[${i}]`).length);
      if (String(real) !== String(counted))
        wrong.push(`${broadcast.mark}: votes are ${real}, counted are ${counted}`);
    }
  }
  return wrong;
}

/** What somebody was told has been taken is in the inbox, once. */
async function voices(stage: Stage, ledger: Ledger): Promise<string[]> {
  const barriers = await stage.rows('select number, reporter_id, text from barrier');
  const replies = await stage.rows(`select member_id, text from reply where "from" = 'member'`);
  const wrong: string[] = [];
  for (const { person, text, number } of ledger.reported) {
    const own = barriers.filter((b) => b.text === text);
    if (own.length > 1) wrong.push(`"${text}" was reported once and is there ${own.length} times`);
    if (number === null) continue;
    if (!own.some((b) => b.number === number && b.reporter_id === person.id))
      wrong.push(`report ${number} of ${person.name} was taken and is lost`);
  }
  for (const { person, text, at, toldAt } of ledger.replied) {
    const many = replies.filter((r) => r.text === text && r.member_id === person.id).length;
    if (many > 1) wrong.push(`"${text}" was written once and is there ${many} times`);
    if (many === 0 && toldAt !== null) wrong.push(`"${text}" was taken and is lost`);
    // Written before Wici knew what it answers, it is asked about instead.
    const answered = ledger.sightings.some(
      (s) => s.person === person && s.at >= at && !isBroadcast(ledger, s),
    );
    if (many === 0 && !answered && person.hand?.messenger === 'telegram')
      wrong.push(`"${text}" was written and never answered`);
  }
  return wrong;
}

const isBroadcast = (ledger: Ledger, { text }: Sighting) =>
  ledger.broadcasts.some(({ mark }) => text.includes(mark));

const warsaw = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Warsaw',
  hour: '2-digit',
  hourCycle: 'h23',
});
const isQuiet = (at: number) => {
  const hour = Number(warsaw.format(at));
  return hour >= 20 || hour < 7;
};

/** Nothing that is not urgent comes while the machine's clock shows quiet hours, nor did when it left. */
function quietHours(stage: Stage, ledger: Ledger, deliveries: readonly Row[]): string[] {
  return ledger.broadcasts.flatMap((broadcast) => {
    const quiet = of(broadcast, deliveries).filter(
      (d) => !broadcast.urgent || (broadcast.kind === 'poll' && String(d.purpose).startsWith('reminder')),
    );
    return arrivals(ledger, quiet).flatMap((sighting) => {
      const times = stage.clock.shownIn(sighting.at, slackMs);
      if (!times.every(isQuiet)) return [];
      return [
        `${broadcast.mark} reached ${sighting.person.name} at ${new Date(times[0] ?? 0).toISOString()}`,
      ];
    });
  });
}

/** Whoever was told that nothing more comes gets no announcement and no poll until they come back. */
function stops(ledger: Ledger, deliveries: readonly Row[]): string[] {
  return ledger.stopped.flatMap(({ person, toldAt, until }) => {
    if (toldAt === null) return [];
    const own = deliveries.filter((d) => d.member_id === person.id);
    const late = arrivals(ledger, own).filter((s) => s.at > toldAt + slackMs && s.at < until);
    return late.map(({ text }) => `${person.name} stopped and still got "${text.slice(0, 40)}"`);
  });
}

/** No output holds a secret or a person's words. */
function outputs(stage: Stage, ledger: Ledger): string[] {
  const words = [...stage.secrets, 'Chaotyczne słowa', 'Chaotic words', 'Przeszkoda ', 'Odpowiedź '];
  const marks = ledger.broadcasts.map((b) => b.mark);
  return stage
    .outputs()
    .flatMap((said) =>
      [...words, ...marks].filter((word) => said.includes(word)).map((word) => `an output holds "${word}"`),
    );
}
