import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../runtime/config.ts';
import { databaseLocation } from '../../runtime/data-folder.ts';
import { openDatabase } from '../../runtime/database.ts';
import { type Environment, settleAddresses, settledName, WiciProcess } from '../reliability/wici.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { type Crowd, discordCrowd, type Reader, slackCrowd, telegramCrowd } from './crowds.ts';
import { type Items, words } from './support.ts';

const many = 100;
const title = { pl: 'Próbna ewakuacja', en: 'Evacuation drill' };
const question = { pl: 'O której godzinie?', en: 'At what time?' };
const options = ['ósma', 'dziewiąta', 'dziesiąta'];
const phaseMs = 60_000;

const temporary = makeTempFolder();
let telegram: Awaited<ReturnType<typeof telegramCrowd>>;
let slack: Awaited<ReturnType<typeof slackCrowd>>;
let discord: Awaited<ReturnType<typeof discordCrowd>>;
let crowds: readonly Crowd[];
let environment: Environment;
let wici: WiciProcess;

beforeAll(async () => {
  telegram = await telegramCrowd(many);
  slack = await slackCrowd(many);
  discord = await discordCrowd(many);
  crowds = [telegram, slack, discord];
  environment = {
    dataFolder: temporary.folder,
    variables: Object.assign({}, ...crowds.map((crowd) => crowd.variables)),
  };
  await settleAddresses(
    environment,
    everybody().map((reader) => reader.address),
  );
  wici = await WiciProcess.start(environment);
});
afterAll(async () => {
  await wici?.end('SIGINT');
  for (const crowd of crowds) await crowd.close();
  temporary.remove();
});

const everybody = () => crowds.flatMap((crowd) => crowd.readers);
const cardsOf = (reader: Reader, heading: string) =>
  reader.screens().filter((screen) => screen.words.startsWith(heading));
const newest = (reader: Reader, heading: string) => cardsOf(reader, heading).at(-1)?.words ?? '';
const has =
  (heading: string, said: string | RegExp = '') =>
  (reader: Reader) => {
    const words = newest(reader, heading);
    return words !== '' && (typeof said === 'string' ? words.includes(said) : said.test(words));
  };
const reached = has(title.pl);
const confirmed = has(title.pl, new RegExp(`${words.pl.read} \\d`));
const answered = has(question.pl, words.pl.yourAnswer);
const among = ({ readers }: Crowd, holds: (reader: Reader) => boolean) => readers.filter(holds).length;

/**
 * People press this as soon as they see it, and once more when the messenger tells them that nothing came of it; of what
 * Wici had acknowledged nobody presses again.
 */
class Presses {
  readonly #label: (reader: Reader) => string;
  readonly #pressed = new Set<Reader>();

  constructor(label: string | ((reader: Reader) => string)) {
    this.#label = typeof label === 'string' ? () => label : label;
  }

  /** Everybody there who has not pressed does. */
  go(): void {
    for (const { up, readers } of crowds) if (up()) for (const reader of readers) this.#press(reader);
  }

  /** Those who still see the button press it again. */
  again(): void {
    this.#pressed.clear();
  }

  #press(reader: Reader): void {
    const label = this.#label(reader);
    if (this.#pressed.has(reader) || !reader.screens().some(({ labels }) => labels.includes(label))) return;
    this.#pressed.add(reader);
    void reader.press(label).then((taken) => {
      if (!taken) this.#pressed.delete(reader);
    });
  }
}

/** Meanwhile people press. */
function whilePressing(presses: Presses | undefined, holds: () => boolean, what: string): Promise<void> {
  return until(
    () => {
      presses?.go();
      return holds();
    },
    phaseMs,
    what,
  );
}

/** The messenger is killed, and brought back once its neighbours have done all they can without it. */
async function away(crowd: Crowd, done: () => boolean, presses?: Presses): Promise<void> {
  await crowd.kill();
  await whilePressing(presses, done, `everything elsewhere while ${crowd.channel} is away`);
  await crowd.bringBack();
}

interface Delivered {
  readonly member: { readonly id: string };
  readonly status: string;
  readonly channel: string;
}

async function deliveries(id: string): Promise<Delivered[]> {
  const all: Delivered[] = [];
  let after = '';
  do {
    const page = await wici.api<Items<Delivered>>(
      'GET',
      `/announcements/${id}/deliveries?limit=200${after && `&cursor=${encodeURIComponent(after)}`}`,
    );
    all.push(...page.items);
    after = page.next ?? '';
  } while (after);
  return all;
}

const settled = (id: string) =>
  until(async () => (await wici.counts(id)).pending === 0, phaseMs, 'nothing left to send');

/** Of the poll's deliveries: how many have not left, and of how many it is not known. */
async function pollDeliveries(id: string): Promise<{ pending: number; unknown: number }> {
  const { db, close } = openDatabase(databaseLocation(readConfig({ WICI_DATA: temporary.folder })));
  const rows = await db.selectFrom('delivery').select('status').where('subject_id', '=', id).execute();
  await close();
  const many = (...states: string[]) => rows.filter(({ status }) => states.includes(status)).length;
  return { pending: many('pending', 'sending'), unknown: many('unknown') };
}

/** What a staff person presses on the announcement's report: once more to those of whom nothing is known. */
async function resend(id: string): Promise<void> {
  const link = String(/http:\S+\/sign-in\/\S+/.exec(wici.said)?.[0]);
  const post = (path: string, cookie = '') =>
    fetch(new URL(path, wici.url), {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: new URL(wici.url).origin, cookie },
    });
  const signedIn = await post(new URL(link).pathname);
  const [cookie] = String(signedIn.headers.get('set-cookie')).split(';');
  expect((await post(`/announcements/${id}/resend`, cookie)).status).toBe(303);
}

describe('three messengers and Wici, each killed in the middle of it', () => {
  let announcement: string;
  let missing: Reader[];

  it('an announcement reaches each of three hundred once, or is known not to be known', async () => {
    // What no cut can be relied on to bring about: sent but not answered, and cut before it was sent.
    telegram.telegram.fail('sendMessage', { kind: 'reset', accepted: true });
    telegram.telegram.fail('sendMessage', { kind: 'reset', accepted: false });
    slack.slack.fail('chat.postMessage', { kind: 'reset', accepted: true });
    discord.discord.fail('postMessage', { kind: 'reset', accepted: true });
    ({ id: announcement } = await wici.api<{ id: string }>('POST', '/announcements', {
      title,
      text: { pl: 'Zbiórka przed wejściem.', en: 'We meet in front of the entrance.' },
      audience: { except: { roles: ['administrator'] } },
      confirm: true,
      urgent: true,
      reminders: { count: 0, everyHours: 24 },
    }));
    await until(() => among(telegram, reached) >= 20, phaseMs, 'the first messages');
    expect(among(telegram, reached)).toBeLessThan(many);
    await away(telegram, () => [slack, discord].every((crowd) => among(crowd, reached) === many));
    await settled(announcement);

    const counts = await wici.counts(announcement);
    expect(counts).toMatchObject({ recipients: 3 * many, unreachable: 0, failed: 0 });
    expect(counts.accepted + counts.unknown).toBe(3 * many);
    const shown = everybody().map((reader) => cardsOf(reader, title.pl).length);
    expect(Math.max(...shown)).toBe(1);
    // Of the four above only Discord's, which tells twins apart, is known to have arrived.
    expect(counts.unknown).toBeGreaterThanOrEqual(3);
    missing = everybody().filter((reader) => !reached(reader));
    expect(missing.length).toBeGreaterThanOrEqual(1);
    expect(missing.length).toBeLessThan(counts.unknown);
  });

  it('each of the three hundred confirms by pressing, and counts once', async () => {
    const presses = new Presses(words.pl.read);
    await whilePressing(presses, () => among(slack, confirmed) >= 20, 'the first confirmations');
    expect(among(slack, confirmed)).toBeLessThan(many);
    const allWhoSee = (crowd: Crowd) => among(crowd, confirmed) === among(crowd, reached);
    await away(slack, () => [telegram, discord].every(allWhoSee), presses);
    await whilePressing(presses, () => crowds.every(allWhoSee), 'everybody’s confirmation');

    // Whoever confirmed evidently got it: what is left unknown are those who did not.
    const left = { confirmed: 3 * many - missing.length, unknown: missing.length };
    expect(await wici.counts(announcement)).toMatchObject(left);
    await resend(announcement);
    await whilePressing(presses, () => missing.every(confirmed), 'the confirmations of those left');
    expect(await wici.counts(announcement)).toMatchObject({
      ...{ recipients: 3 * many, accepted: 3 * many, confirmed: 3 * many },
      ...{ pending: 0, unknown: 0, failed: 0, unreachable: 0 },
    });
    expect(everybody().every((reader) => cardsOf(reader, title.pl).length === 1)).toBe(true);

    const delivered = await deliveries(announcement);
    expect(new Set(delivered.map(({ member }) => member.id)).size).toBe(3 * many);
    for (const { channel } of crowds) {
      const here = delivered.filter((d) => d.channel === channel && d.status === 'confirmed');
      expect(here).toHaveLength(many);
    }
  });

  it('a poll is tallied across all, to the vote', async () => {
    // Not the same many for each.
    const choices = new Map(everybody().map((reader, n) => [reader, (n % 7) % 3]));
    const presses = new Presses((reader) => options[choices.get(reader) ?? 0] ?? '');
    const { id } = await wici.api<{ id: string }>('POST', '/polls', {
      question,
      options: options.map((option) => ({ pl: option, en: option })),
      ...{ multiple: false, anonymous: false, showResults: 'never', urgent: true },
      audience: { except: { roles: ['administrator'] } },
      reminders: { count: 0, everyHours: 24 },
      closesAt: new Date(Date.now() + 86_400_000).toISOString(),
    });
    const asked = has(question.pl);
    const inAll = (holds: (reader: Reader) => boolean) => everybody().filter(holds).length;
    await whilePressing(presses, () => inAll(answered) >= 20, 'the first votes');
    expect(inAll(asked)).toBeLessThan(3 * many);
    await wici.end('SIGKILL');
    wici = await WiciProcess.start(environment);
    presses.again();

    await whilePressing(presses, () => among(discord, answered) >= 40, 'the first votes on Discord');
    expect(among(discord, answered)).toBeLessThan(many);
    const allAsked = (crowd: Crowd) => among(crowd, answered) === among(crowd, asked);
    await away(discord, () => [telegram, slack].every(allAsked), presses);
    await until(async () => (await pollDeliveries(id)).pending === 0, phaseMs, 'nothing left to ask');
    await whilePressing(presses, () => crowds.every(allAsked), 'everybody’s vote');

    // Whose card died with the process is known not to be known, and they can ask for the poll themselves.
    const without = everybody().filter((reader) => !asked(reader));
    expect(without.length).toBeLessThanOrEqual((await pollDeliveries(id)).unknown);
    for (const reader of without) reader.command('polls');
    await whilePressing(presses, () => everybody().every(answered), 'the votes of those left');

    const votes = options.map((_, option) => [...choices.values()].filter((n) => n === option).length);
    expect(await wici.api('GET', `/polls/${id}/results`)).toMatchObject({
      ...{ asked: 3 * many, voted: 3 * many },
      options: votes.map((n) => ({ votes: n })),
    });
    const said = (reader: Reader) => `${words.pl.yourAnswer}${options[choices.get(reader) ?? 0]}`;
    expect(everybody().every((reader) => newest(reader, question.pl).includes(said(reader)))).toBe(true);
    expect(everybody().every((reader) => cardsOf(reader, question.pl).length === 1)).toBe(true);
  });

  it('a file reaches all three, whose libraries share one process', async () => {
    const memberOf = async (n: number) => {
      const search = encodeURIComponent(settledName(n));
      const { items } = await wici.api<Items<{ id: string; name: string }>>(
        'GET',
        `/members?search=${search}`,
      );
      return items.find(({ name }) => name === settledName(n))?.id;
    };
    const members = await Promise.all(crowds.map((_, n) => memberOf(n * many)));
    await wici.api('POST', '/announcements', {
      ...{ title: { pl: 'Regulamin', en: 'Rules' }, text: { pl: 'W pliku.', en: 'In the file.' } },
      ...{ audience: { members }, confirm: false, urgent: true },
      attachment: { fileName: 'regulamin.txt', contentType: 'text/plain', data: btoa('1. Zapoznaj') },
    });
    const holds = ({ readers: [reader] }: Crowd) =>
      reader?.screens().some(({ files }) => files.includes('regulamin.txt')) ?? false;
    await until(() => crowds.every(holds), phaseMs, 'the file everywhere');
  });
});
