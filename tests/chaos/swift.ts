import { CompiledQuery } from 'kysely';
import { correctAnnouncement } from '../../core/announcements/correct.ts';
import { createAnnouncement } from '../../core/announcements/create.ts';
import { announcementReport } from '../../core/announcements/report.ts';
import type { ChannelAdapter } from '../../core/channels/channel-adapter.ts';
import type { ChannelName } from '../../core/channels/channel-name.ts';
import type { InboundEvent } from '../../core/channels/inbound-event.ts';
import { Dispatcher } from '../../core/deliveries/dispatcher.ts';
import { Pace } from '../../core/deliveries/pace.ts';
import { sendingLeaseMs, settleInterrupted } from '../../core/deliveries/sweep.ts';
import { takeEvent } from '../../core/inbox.ts';
import { newMember } from '../../core/members/member.ts';
import { runDueMoment } from '../../core/moments.ts';
import { seedNetwork } from '../../core/network/seed.ts';
import { createPoll } from '../../core/polls/create.ts';
import type { PollDraft } from '../../core/polls/poll.ts';
import { insertAccounts } from '../../core/store/accounts.ts';
import { insertMembers } from '../../core/store/members.ts';
import type { Core, Signal, Unit } from '../../core/unit.ts';
import { Bells } from '../../runtime/bells.ts';
import { createCore } from '../../runtime/core.ts';
import { type Database, openDatabase } from '../../runtime/database.ts';
import { loadTexts } from '../../runtime/i18n.ts';
import { systemIds } from '../../runtime/ids.ts';
import { speed } from './clock.ts';
import type { Row } from './database.ts';
import type { Fault } from './fault.ts';
import { type Broken, Platform } from './platform.ts';
import type { Random } from './random.ts';
import type { Person, Stage } from './stage.ts';
import { SwiftTime } from './swift-time.ts';

const textsOnce = loadTexts();
const log = { warn: () => undefined, debug: () => undefined };
const day = 86_400_000;

/** One life of the program: from its start until it is killed. After that nothing of it reaches the database. */
interface Life {
  dead: boolean;
  core: Core;
}

/**
 * The core over a database in memory, in a time that runs as fast as it is done with: the dispatcher, the bells and the
 * inbox are the real ones, a process that dies is one whose transactions are refused from then on.
 */
export class SwiftStage implements Stage {
  readonly people: readonly Person[];
  readonly faults: Fault[][];
  readonly broken: string[] = [];
  readonly secrets = [];
  readonly time: SwiftTime;
  readonly #database: Database;
  readonly #platforms: readonly Platform[];
  readonly #staff: Core;
  readonly #random: Random;
  #life: Life;
  /** What every transaction is refused with. */
  #refusal: string | null = null;
  /** The process dies at one of its next commits. */
  #fatal = 0;
  #queue: 'there' | 'away' | 'losing' = 'there';
  #closed = false;

  private constructor(
    database: Database,
    staff: Core,
    time: SwiftTime,
    random: Random,
    people: Person[],
    platforms: Platform[],
  ) {
    this.#database = database;
    this.#staff = staff;
    this.#random = random;
    this.time = time;
    this.people = people;
    this.#platforms = platforms;
    this.faults = this.#faults();
    for (const platform of platforms) platform.hear = (event) => this.#take(event);
    this.#life = this.#live();
  }

  static async open(random: Random, start: number): Promise<SwiftStage> {
    const time = new SwiftTime(start);
    const database = openDatabase(':memory:');
    await database.migrate();
    const clock = { now: () => time.machine() };
    const parts = {
      database,
      clock,
      ids: systemIds(clock, 'swift'),
      texts: await textsOnce,
      url: 'http://localhost',
    };
    const channels = () => ['telegram', 'webchat'] as const;
    const staff = createCore({ ...parts, channels, wayIn: () => null, hear: () => undefined });
    const platforms = channels().map((name) => new Platform(name, time, random.fork()));
    const people = await settle(staff, platforms, time.machine() - day);
    return new SwiftStage(database, staff, time, random.fork(), people, platforms);
  }

  get clock(): SwiftTime {
    return this.time;
  }

  async rows(sql: string): Promise<Row[]> {
    const { rows } = await this.#database.db.executeQuery<Row>(CompiledQuery.raw(sql));
    return [...rows];
  }

  async api<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    if (method === 'GET') {
      const report = await announcementReport(this.#database.db, path.split('/').at(-1) ?? '');
      return report as T;
    }
    const work = (unit: Unit): Promise<unknown> =>
      path === '/polls'
        ? createPoll(unit, pollDraft(body), null)
        : createAnnouncement(unit, body as never, null);
    return (await this.#staff.transaction(work)) as T;
  }

  async correct(id: string, title: string, text: string): Promise<void> {
    const both = (words: string) => ({ pl: words, en: words });
    await this.#staff.transaction(async (unit) => {
      const { revision } = await announcementReport(unit.db, id);
      await correctAnnouncement(unit, id, { title: both(title), text: both(text) }, revision);
    });
  }

  async calm(): Promise<void> {
    this.time.setWrong(0);
    this.#refusal = null;
    this.#queue = 'there';
    this.#fatal = 0;
    if (this.#life.dead) this.#life = this.#live();
  }

  unheard(): number {
    return this.#platforms.reduce((sum, platform) => sum + platform.unheard, 0);
  }

  outputs(): string[] {
    return [];
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#life.dead = true;
    await this.#database.close();
  }

  /** Starts the program anew: settles what the one before left, then sweeps until it dies. */
  #live(): Life {
    const adapters = new Map<ChannelName, ChannelAdapter>();
    let bells: Bells | null = null;
    const life: Life = { dead: false, core: this.#staff };
    const database = { ...this.#database, transaction: this.#guarded(life) };
    life.core = createCore({
      ...{
        database,
        clock: { now: () => this.time.machine() },
        ids: this.#staff.ids,
        texts: this.#staff.texts,
      },
      ...{
        url: this.#staff.url,
        channels: () => [...adapters.keys()],
        wayIn: (channel, code) => adapters.get(channel)?.invitationLink(code) ?? null,
        hear: (signals) => !life.dead && bells?.hear(signals),
      },
      pictures: { png: async () => Uint8Array.of(0x89, 0x50) },
    });
    for (const platform of this.#platforms)
      adapters.set(
        platform.name,
        platform.adapter(() => life.dead),
      );
    const pace = new Pace(
      { now: () => this.time.now() * speed },
      { wait: (ms) => this.time.wait(ms / speed) },
    );
    const dispatcher = new Dispatcher(life.core, adapters, pace, { trouble: () => undefined });
    bells = new Bells({
      core: life.core,
      dispatcher,
      queues: this.#queues(life, dispatcher),
      publish: () => undefined,
      log,
    });
    void this.#sweep(life, bells, adapters);
    return life;
  }

  async #sweep(life: Life, bells: Bells, adapters: Map<ChannelName, ChannelAdapter>): Promise<void> {
    let settled = false;
    for (let n = 0; !life.dead && !this.#closed; n++) {
      try {
        if (!settled || n % 15 === 0)
          await settleInterrupted(life.core, adapters, settled ? sendingLeaseMs : 0);
        settled = true;
        await bells.sweep();
      } catch {
        // Tried again, as the program does.
      }
      await this.time.wait(2000 / speed);
    }
  }

  /** Transactions of one life: refused, ended in the middle or never heard of again, as the storm has it. */
  #guarded(life: Life): Database['transaction'] {
    const alive = () => {
      if (life.dead) throw new Error('killed');
    };
    return async (work) => {
      alive();
      if (this.#refusal) throw Object.assign(new Error('refused'), { code: this.#refusal });
      const result = await this.#database.transaction(async (tx) => {
        const done = await work(tx);
        alive();
        return done;
      });
      if (this.#fatal > 0 && --this.#fatal === 0) this.#kill();
      alive();
      return result;
    };
  }

  #queues(life: Life, dispatcher: Dispatcher) {
    const active = new Map<string, number>();
    const work = async (signal: Exclude<Signal, { kind: 'changed' }>) => {
      active.set(signal.kind, (active.get(signal.kind) ?? 0) + 1);
      await this.time.wait(1);
      try {
        if (signal.kind === 'due') await runDueMoment(life.core, signal.id);
        else await dispatcher[signal.kind](signal.ids, signal.lane);
      } catch {
        // The sweep rings again.
      } finally {
        active.set(signal.kind, (active.get(signal.kind) ?? 1) - 1);
      }
    };
    return {
      ring: async (signals: readonly Signal[]) => {
        if (this.#queue === 'away') throw new Error('away');
        if (this.#queue === 'losing') return;
        for (const signal of signals) if (signal.kind !== 'changed') void work(signal);
      },
      idle: async (kind: string) => {
        if (this.#queue === 'away') throw new Error('away');
        return (active.get(kind) ?? 0) === 0;
      },
    };
  }

  #kill(): void {
    this.#life.dead = true;
    void this.time.wait(100).then(() => {
      if (this.#life.dead && !this.#closed) this.#life = this.#live();
    });
  }

  /** An event is told again until it is taken. */
  async #take(event: InboundEvent): Promise<void> {
    for (;;) {
      const life = this.#life;
      try {
        await takeEvent(life.core, event);
        if (!life.dead) return;
      } catch {
        // Not acknowledged.
      }
      await this.time.wait(100);
    }
  }

  #faults(): Fault[][] {
    const for_ = (least: number, most: number) => this.time.wait(this.#random.between(least, most));
    const refused = (name: string, code: string): Fault => ({
      name,
      strike: async () => {
        this.#refusal = code;
        await for_(100, 1200);
        this.#refusal = null;
      },
    });
    const queue = (name: string, state: 'away' | 'losing'): Fault => ({
      name,
      strike: async () => {
        this.#queue = state;
        await for_(100, 1500);
        this.#queue = 'there';
      },
    });
    const wrong = (name: string, ms: number): Fault => ({
      name,
      strike: async () => {
        this.time.setWrong(ms);
        await for_(100, 1500);
        this.time.setWrong(0);
      },
    });
    const messengers = (name: string, kind: Broken): Fault => ({
      name,
      strike: async (random) => {
        for (const platform of this.#platforms) platform.break(kind, random.between(1, 6));
      },
    });
    const outage = (name: string, kind: 'away' | 'silent'): Fault => ({
      name,
      strike: async () => {
        for (const platform of this.#platforms) platform.outage = kind;
        await this.time.wait(3_600_000 / speed);
        for (const platform of this.#platforms) platform.outage = null;
      },
    });
    return [
      [
        { name: 'the program killed', strike: async () => this.#kill() },
        {
          name: 'the program killed between a commit and what follows',
          strike: async (random) => {
            this.#fatal = random.between(1, 12);
          },
        },
      ],
      [queue('the queue away', 'away'), queue('the queue loses all it is given', 'losing')],
      [
        refused('the database busy', 'SQLITE_BUSY'),
        refused('the database’s disk full', 'SQLITE_FULL'),
        refused('the database read-only', 'SQLITE_READONLY'),
        refused('the database’s disk failing', 'SQLITE_IOERR_WRITE'),
      ],
      [
        wrong('the clock an hour ahead', 3_600_000),
        wrong('the clock an hour behind', -3_600_000),
        {
          name: 'the clock running backwards',
          strike: async (random) => {
            for (let step = 1; step <= 10; step++) {
              this.time.setWrong(-step * random.between(1000, 20_000));
              await this.time.wait(60);
            }
            this.time.setWrong(0);
          },
        },
      ],
      [
        messengers('messengers ask to wait', 'throttled'),
        messengers('messengers are down', 'unavailable'),
        messengers('messengers take it and do not answer', 'taken'),
        messengers('connections to messengers reset before the call', 'lost'),
        messengers('messengers answer after a minute', 'slow'),
        messengers('messengers answer what nobody understands', 'unnamed'),
        outage('messengers away for an hour', 'away'),
        outage('messengers silent for an hour', 'silent'),
        {
          name: 'updates duplicated and reordered',
          strike: async () => {
            for (const platform of this.#platforms) platform.repeating = true;
            await for_(500, 1500);
            for (const platform of this.#platforms) platform.repeating = false;
          },
        },
      ],
    ];
  }
}

function pollDraft(body: unknown): PollDraft {
  const { closesAt, ...rest } = body as { closesAt: string };
  return { ...(rest as Omit<PollDraft, 'closesAt'>), closesAt: Date.parse(closesAt) };
}

/** Ten who press and write, one in each third place of the web chat, and one nobody reaches. */
async function settle(core: Core, platforms: readonly Platform[], joined: number): Promise<Person[]> {
  const people = Array.from({ length: 12 }, (_, i) => {
    const platform = i === 11 ? undefined : platforms[i % 3 === 2 ? 1 : 0];
    return {
      id: core.ids.next(),
      name: `Chaotyczna Osoba ${i + 1}`,
      hand: platform?.hand(`${1000 + i}`) ?? null,
    };
  });
  await core.transaction(async (unit) => {
    await seedNetwork(unit);
    const fields = { role: 'member', language: 'pl', status: 'active', consent_at: joined } as const;
    const members = people.map(({ id, name }) =>
      newMember({ now: joined }, id, { ...fields, name, name_folded: name.toLowerCase() }),
    );
    await insertMembers(unit.db, members);
    const accounts = people.flatMap(({ id, hand }) =>
      hand
        ? {
            ...{ id: unit.ids.next(), member_id: id, channel: hand.messenger, external_id: hand.address },
            ...{ status: 'open' as const, gone_reason: null, display_name: null, language: 'pl' as const },
            ...{ last_used_at: joined, created_at: joined },
          }
        : [],
    );
    await insertAccounts(unit.db, accounts);
  });
  return people;
}
