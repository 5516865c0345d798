import type { Ledger } from './ledger.ts';
import type { Shown } from './people.ts';
import type { Random } from './random.ts';
import type { Person, Stage } from './stage.ts';

export const options = ['Wtorek', 'Środa', 'Czwartek'] as const;

/** How long a person waits for an answer before trying again, and how often they do; real. */
const patienceMs = 1500;
const tries = 4;

/** What staff do in a round: announcements and polls to everybody, each asked for until it is taken, once. */
export async function compose(stage: Stage, ledger: Ledger, random: Random, round: string): Promise<void> {
  const reminders = () => ({ count: random.between(0, 2), everyHours: random.between(1, 2) });
  const closesAt = new Date(stage.clock.machine() + 5 * 3_600_000).toISOString();
  const audience = { members: stage.people.map((person) => person.id) };
  const announcement = async (letter: string, confirm: boolean) => {
    const mark = `Ogłoszenie ${round}${letter}`;
    const urgent = random.chance(0.5);
    const body = {
      ...{ title: { pl: mark, en: mark }, text: { pl: 'Chaotyczne słowa.', en: 'Chaotic words.' } },
      ...{ audience, confirm, urgent, reminders: confirm ? reminders() : { count: 0, everyHours: 1 } },
    };
    const { id } = await stage.api<{ id: string }>('POST', '/announcements', body, `a-${round}${letter}`);
    ledger.broadcasts.push({ kind: 'announcement', id, mark, urgent, anonymous: false });
    return { id, mark };
  };
  const correction = async ({ id, mark }: { id: string; mark: string }) => {
    if (!random.chance(0.6)) return;
    await stage.time.wait(random.between(0, 2500));
    const words = `Poprawione słowa ${round}.`;
    await stage.correct(id, mark, words);
    ledger.corrected.push({ subjectId: id, words });
  };
  const poll = async (letter: string, anonymous: boolean) => {
    const mark = `Sonda ${round}${letter}`;
    const urgent = random.chance(0.5);
    const body = {
      ...{ question: { pl: mark, en: mark }, options: options.map((o) => ({ pl: o, en: o })) },
      ...{ multiple: false, anonymous, showResults: random.pick(['afterVote', 'afterClose', 'never']) },
      ...{ urgent, closesAt, audience, reminders: reminders(), overrideParity: true },
    };
    const { id } = await stage.api<{ id: string }>('POST', '/polls', body, `p-${round}${letter}`);
    ledger.broadcasts.push({ kind: 'poll', id, mark, urgent, anonymous });
  };
  await Promise.all([
    announcement('A', true).then(correction),
    announcement('B', random.chance(0.5)),
    poll('C', false),
    poll('D', true),
  ]);
}

/** What one person does in a round. Ends when all is done or `ending` says so. */
export class Behaviour {
  readonly #stage: Stage;
  readonly #ledger: Ledger;
  readonly #person: Person;
  readonly #random: Random;
  readonly #round: string;
  readonly #ending: () => boolean;

  constructor(
    stage: Stage,
    ledger: Ledger,
    person: Person,
    random: Random,
    round: string,
    ending: () => boolean,
  ) {
    this.#stage = stage;
    this.#ledger = ledger;
    this.#person = person;
    this.#random = random;
    this.#round = round;
    this.#ending = ending;
  }

  async run(): Promise<void> {
    const chance = (share: number, work: () => Promise<void>) => (this.#random.chance(share) ? [work] : []);
    const tasks = [
      ...chance(0.6, () => this.#confirm('A')),
      ...chance(0.7, () => this.#vote('C')),
      ...chance(0.7, () => this.#vote('D')),
      ...chance(0.3, () => this.#reply('A')),
      ...chance(0.25, () => this.#report()),
      ...chance(0.15, () => this.#stop()),
    ];
    while (tasks.length > 0 && !this.#ending()) {
      await this.#stage.time.wait(this.#random.between(0, 300));
      const [task] = tasks.splice(this.#random.below(tasks.length), 1);
      await task?.();
    }
  }

  async #confirm(letter: string): Promise<void> {
    const card = await this.#card(`Ogłoszenie ${this.#round}${letter}`, 'Przeczytane ✓');
    if (!card) return;
    const subjectId = this.#broadcast(card.mark);
    const entry = { person: this.#person, subjectId, at: this.#stage.time.now(), toldAt: null };
    this.#ledger.confirmed.push(entry);
    await this.#press(card.shown, 'Przeczytane ✓', entry, () => this.#labels(card.mark).includes('Cofnij'));
  }

  async #vote(letter: string): Promise<void> {
    const word = this.#random.pick(options);
    const card = await this.#card(`Sonda ${this.#round}${letter}`, word);
    if (!card) return;
    const entry = {
      ...{ person: this.#person, subjectId: this.#broadcast(card.mark), option: options.indexOf(word) },
      ...{ at: this.#stage.time.now(), toldAt: null },
    };
    this.#ledger.voted.push(entry);
    const taken = () =>
      /Twoja odpowiedź:|Mamy Twoją odpowiedź\./.test(this.#ledger.card(this.#person, card.mark)?.text ?? '');
    await this.#press(card.shown, word, entry, taken);
  }

  async #reply(letter: string): Promise<void> {
    const card = await this.#card(`Ogłoszenie ${this.#round}${letter}`, null);
    if (!card) return;
    const text = `Odpowiedź ${this.#round} ${this.#person.name}`;
    const subjectId = this.#broadcast(card.mark);
    const entry = { person: this.#person, subjectId, text, at: this.#stage.time.now(), toldAt: null };
    this.#ledger.replied.push(entry);
    const before = this.#said('Zespół ją widzi');
    this.#person.hand?.reply(card.shown, text);
    await this.#told(entry, () => this.#said('Zespół ją widzi') > before, 3 * patienceMs);
  }

  async #report(): Promise<void> {
    const text = `Przeszkoda ${this.#round} ${this.#person.name}`;
    const entry = {
      person: this.#person,
      text,
      number: null as number | null,
      at: this.#stage.time.now(),
      toldAt: null,
    };
    this.#ledger.reported.push(entry);
    const before = this.#shown().length;
    const since = () => this.#person.hand?.shown(before) ?? [];
    this.#person.hand?.say(`/zglos ${text}`);
    for (const label of ['infrastruktura', 'Tylko zespół']) {
      const there = () => since().findLast((message) => message.labels.includes(label));
      await this.#until(() => there() !== undefined, 4 * patienceMs);
      for (let n = 0; n < tries; n++) {
        there()?.press(label);
        if (await this.#until(() => there() === undefined, patienceMs)) break;
      }
    }
    const done = () => since().flatMap((m) => /Zgłoszenie nr (\d+) przyjęte/.exec(m.text)?.[1] ?? [])[0];
    await this.#told(entry, () => done() !== undefined);
    entry.number = done() === undefined ? null : Number(done());
  }

  async #stop(): Promise<void> {
    const before = this.#said('Nic więcej do Ciebie nie wyślemy');
    const entry = {
      person: this.#person,
      at: this.#stage.time.now(),
      toldAt: null,
      until: Number.POSITIVE_INFINITY,
    };
    this.#ledger.stopped.push(entry);
    this.#person.hand?.say('/stop');
    await this.#told(entry, () => this.#said('Nic więcej do Ciebie nie wyślemy') > before, 3 * patienceMs);
  }

  /** Presses until it is told to be taken, now and then twice at once. */
  async #press(
    shown: Shown,
    label: string,
    entry: { toldAt: number | null },
    taken: () => boolean,
  ): Promise<void> {
    for (let n = 0; n < tries && !taken(); n++) {
      shown.press(label);
      if (this.#random.chance(0.2)) shown.press(label);
      if (shown.labels.includes('Wyślij odpowiedź')) shown.press('Wyślij odpowiedź');
      if (await this.#told(entry, taken)) return;
      if (this.#ending()) return;
    }
  }

  async #told(entry: { toldAt: number | null }, holds: () => boolean, ms = patienceMs): Promise<boolean> {
    if (!(await this.#until(holds, ms))) return false;
    entry.toldAt ??= this.#stage.time.now();
    return true;
  }

  async #card(mark: string, label: string | null): Promise<{ mark: string; shown: Shown } | null> {
    const found = () => {
      const shown = this.#ledger.card(this.#person, mark);
      return shown && (label === null || shown.labels.includes(label)) ? shown : undefined;
    };
    const known = () => this.#ledger.broadcasts.some((b) => b.mark === mark);
    await this.#until(() => (found() !== undefined && known()) || this.#ending(), 30_000);
    const shown = known() ? found() : undefined;
    return shown ? { mark, shown } : null;
  }

  #broadcast(mark: string): string {
    return this.#ledger.broadcasts.find((b) => b.mark === mark)?.id ?? '';
  }

  #labels(mark: string): readonly string[] {
    return this.#ledger.card(this.#person, mark)?.labels ?? [];
  }

  #shown(): Shown[] {
    return this.#person.hand?.shown() ?? [];
  }

  #said(words: string): number {
    return this.#shown().filter((message) => message.text.includes(words)).length;
  }

  async #until(holds: () => boolean, ms: number): Promise<boolean> {
    const end = this.#stage.time.now() + ms;
    while (!holds() && this.#stage.time.now() < end) await this.#stage.time.wait(50);
    return holds();
  }
}

/** Whoever stopped comes back, before the next round; whom nothing answers stays away. */
export function comeBack(stage: Stage, ledger: Ledger): void {
  for (const entry of ledger.stopped.filter((s) => s.until === Number.POSITIVE_INFINITY)) {
    entry.until = stage.time.now();
    entry.person.hand?.say('/start');
  }
}
