import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { newMember } from '../../core/members/member.ts';
import { consumeSignInLink, createSignInLink } from '../../core/sign-in/sign-in.ts';
import { insertAccounts } from '../../core/store/accounts.ts';
import { insertMembers } from '../../core/store/members.ts';
import { readConfig } from '../../runtime/config.ts';
import { openCore } from '../../runtime/open-core.ts';
import { DiscordEmulator } from '../emulators/discord/server.ts';
import { SlackEmulator } from '../emulators/slack/server.ts';
import { TelegramEmulator } from '../emulators/telegram/server.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { Clock, starts } from './clock.ts';
import type { Row } from './database.ts';
import { type Outside, outsidePostgres, outsideSqlite, type PostgresServer } from './database.ts';
import type { Fault } from './fault.ts';
import { faultsOf } from './faults.ts';
import { discordHand, type Hand, type Messengers, slackHand, telegramHand } from './people.ts';
import { Program } from './program.ts';
import type { Random } from './random.ts';
import { freePort, SharedRedis } from './shared-redis.ts';
import type { Person, Stage } from './stage.ts';

const apiToken = 'chaos-api-token-4f81c0';
const secret = 'chaos-secret-0123456789abcdef-0123456789abcdef';

const sessionCookie = 'wici_session';

/** Which part of Wici each process does; an empty one does all of it, alone. */
const alone = [''];
const several = ['console', 'bots', 'bots', 'jobs', 'jobs'];

interface Parts {
  readonly temporary: ReturnType<typeof makeTempFolder>;
  readonly folder: string;
  readonly clock: Clock;
  readonly messengers: Messengers;
  readonly database: Outside;
  readonly postgres: PostgresServer | null;
  readonly redis: SharedRedis | null;
  readonly ownDisk: boolean;
  readonly ways: Ways;
  readonly variables: Record<string, string>;
  readonly people: readonly Person[];
  /** Of a signed-in administrator. */
  readonly session: string;
}

export interface WorldOptions {
  /** Several processes with roles over the PostgreSQL and one Redis. */
  readonly several: boolean;
  /** Faults may last an hour of the program's time. */
  readonly long: boolean;
}

/** How this world differs from the usual one. */
export interface Ways {
  /** Telegram and Slack call Wici, over HTTP. */
  readonly called: boolean;
  /** No Redis is installed: the queue is inside the process. */
  readonly embedded: boolean;
  readonly long: boolean;
}

const open = new Set<World>();

// Whatever ends this process, nothing it began lives on.
process.once('exit', () => {
  for (const world of open) world.abandon();
});

/** One installation with its messengers, people and database, through as many processes as it takes. */
export class World implements Stage {
  readonly folder: string;
  readonly clock: Clock;
  readonly messengers: Messengers;
  readonly database: Outside;
  readonly postgres: PostgresServer | null;
  /** Of several processes only; one alone starts its own. */
  readonly redis: SharedRedis | null;
  /** The data folder is a small file system of its own. */
  readonly ownDisk: boolean;
  readonly ways: Ways;
  readonly people: readonly Person[];
  readonly faults: Fault[][];
  readonly time = { now: () => Date.now(), wait: (ms: number) => wait(ms) };
  readonly #programs: Program[] = [];
  /** What faults found broken while they struck. */
  readonly broken: string[] = [];
  /** Messengers repeat and reorder what they tell. */
  repeating = false;
  readonly #temporary: ReturnType<typeof makeTempFolder>;
  readonly #variables: Record<string, string>;
  readonly #session: string;
  readonly #crew: Program[];
  #closing = false;

  private constructor(parts: Parts) {
    this.#temporary = parts.temporary;
    this.folder = parts.folder;
    this.clock = parts.clock;
    this.messengers = parts.messengers;
    this.database = parts.database;
    this.postgres = parts.postgres;
    this.redis = parts.redis;
    this.ownDisk = parts.ownDisk;
    this.ways = parts.ways;
    this.people = parts.people;
    this.#variables = parts.variables;
    this.#session = parts.session;
    this.faults = faultsOf(this);
    this.#crew = (parts.redis ? several : alone).map((roles) => this.launch(roles));
  }

  static async open(
    random: Random,
    postgres: PostgresServer | null,
    { several: shared, long }: WorldOptions,
  ): Promise<World> {
    const temporary = makeTempFolder();
    const folder = join(temporary.folder, 'data');
    mkdirSync(folder);
    const ownDisk = !postgres && random.chance(0.4) && mountSmallDisk(folder);
    const clock = new Clock(join(temporary.folder, 'clock'), random.pick(starts));
    const now = clock.messengers;
    const ways = { called: random.chance(0.3), embedded: !shared && random.chance(0.15), long };
    const url = `http://127.0.0.1:${await freePort()}`;
    const hook = ways.called ? { eventsUrl: `${url}/webhooks/slack`, signedAt: clock.right } : {};
    const [telegram, slack, discord] = await Promise.all([
      TelegramEmulator.start({ now }),
      SlackEmulator.start({ now, ...hook }),
      DiscordEmulator.start({ now }),
    ]);
    const messengers = { telegram, slack, discord };
    const database = postgres
      ? await outsidePostgres(postgres, `chaos_${random.below(2 ** 31)}`)
      : outsideSqlite(folder);
    const redis = postgres && shared ? await SharedRedis.start() : null;
    const variables = {
      ...settings(folder, messengers, database.url, ways.called ? url : null),
      ...(redis ? { REDIS_URL: redis.url } : {}),
      ...(redis || ways.called ? { WICI_URL: url } : {}),
      ...(ways.embedded ? { PATH: folder } : {}),
    };
    const { people, session } = await settle(variables, messengers, clock);
    const server = { database, postgres, redis, ownDisk, ways };
    const parts = { ...server, temporary, folder, clock, messengers, variables, people, session };
    const world = new World(parts);
    open.add(world);
    repeatEvents(world, random.fork());
    await world.#settled();
    return world;
  }

  /** The one that is asked: alone, or the console. */
  get program(): Program {
    return this.#crew[0] as Program;
  }

  /** One process for each place. */
  get crew(): readonly Program[] {
    return this.#crew;
  }

  /** Words that must stand in no output: tokens, the secret, what people are called. */
  get secrets(): string[] {
    const { WICI_DATA: _, ...rest } = this.#variables;
    const tokens = Object.entries(rest).flatMap(([name, value]) =>
      /TOKEN|SECRET/.test(name) ? [value] : [],
    );
    return [...tokens, 'Chaotyczna'];
  }

  /** Starts a process in place of one that has ended. */
  start(place: number): void {
    const before = this.#crew[place];
    if (before?.ended) this.#crew[place] = this.launch(before.roles);
  }

  /** One more process on the same data. */
  launch(roles: string): Program {
    const { WICI_URL: url } = this.#variables;
    const port = url && (roles === 'console' || roles === '') ? { PORT: new URL(url).port } : {};
    const variables = { ...this.#variables, ...port, ...(roles ? { WICI_ROLES: roles } : {}) };
    const program = new Program(variables, join(this.#temporary.folder, 'clock'), roles);
    this.#programs.push(program);
    // What the others took for dead ends by itself and is started anew, as a service manager does it.
    program.child.once('exit', () => {
      const place = this.#crew.indexOf(program);
      if (program.buried && place >= 0 && !this.#closing) this.start(place);
    });
    return program;
  }

  async #settled(): Promise<void> {
    await Promise.all(this.#crew.map((program) => program.settled()));
  }

  rows(sql: string): Promise<Row[]> {
    return this.database.rows(sql);
  }

  unheard(): number {
    return this.messengers.telegram.platform.updates.pending.length;
  }

  outputs(): string[] {
    return this.#programs.map(({ said }) => said);
  }

  /** The clock is right again, and the program runs. */
  async calm(): Promise<void> {
    this.clock.setWrong(0);
    for (let tries = 0; tries < 5; tries++) {
      await this.#settled();
      const ended = this.#crew.filter((program) => program.ended);
      if (ended.length === 0) return;
      for (const program of ended) {
        // It may have met a fault at its start: then it says so in words and can be started again.
        this.#checkRefusal(program);
        this.start(this.#crew.indexOf(program));
      }
    }
  }

  /** A program that ended by itself must have refused to start, in one line and no stack. */
  #checkRefusal({ said, child, buried }: Program): void {
    if (child.signalCode === 'SIGKILL' || child.exitCode === 0 || buried) return;
    const told = said.trim();
    if (told.includes('Ctrl-C stops it.') || /^\s+at /m.test(told) || told.split('\n').length > 2)
      this.broken.push(
        `the program ended by itself (${child.exitCode ?? child.signalCode}): ${told.slice(-700)}`,
      );
  }

  /** Staff correct it in the console, until that is taken: somebody's page came late or never. */
  async correct(id: string, title: string, text: string): Promise<void> {
    const attempt = async () => {
      const [row] = await this.rows(`select revision from announcement where id = '${id}'`).catch(() => []);
      if (!row) return false;
      const form = new URLSearchParams({
        'title.pl': title,
        'title.en': title,
        'text.pl': text,
        'text.en': text,
      });
      form.set('revision', String(row.revision));
      const { url } = this.program;
      const response = await fetch(`${url}/announcements/${id}/correct`, {
        ...{ method: 'POST', body: form, redirect: 'manual', signal: AbortSignal.timeout(4000) },
        headers: { cookie: `${sessionCookie}=${this.#session}`, origin: url },
      }).catch(() => null);
      return response?.status === 303 && !response.headers.get('location')?.includes('sign-in');
    };
    await until(attempt, 40_000, 'a correction that is taken');
  }

  /** Asks until it is answered: whoever is refused by a program in trouble tries again under the same key. */
  async api<T>(method: 'GET' | 'POST', path: string, body?: unknown, key?: string): Promise<T> {
    let answer: T | undefined;
    let last = '';
    const attempt = async () => {
      try {
        const response = await fetch(`${this.program.url}/api/v1${path}`, {
          method,
          signal: AbortSignal.timeout(4000),
          headers: {
            authorization: `Bearer ${apiToken}`,
            'content-type': 'application/json',
            ...(key === undefined ? {} : { 'idempotency-key': key }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        last = `${response.status} ${text}`;
        if (response.status >= 400 && response.status < 500) throw new RangeError(last);
        if (!response.ok) return false;
        answer = JSON.parse(text) as T;
        return true;
      } catch (error) {
        if (error instanceof RangeError) throw error;
        return false;
      }
    };
    await until(attempt, 40_000).catch(() => {
      const state = this.program.ended ? 'ended' : this.program.started ? 'running' : 'starting';
      throw new Error(
        `no answer to ${method} ${path} (${last}), the program is ${state}: ${this.program.said.slice(-500)}`,
      );
    });
    return answer as T;
  }

  /** All that can be done at once. */
  abandon(): void {
    for (const { child } of this.#programs) {
      child.kill('SIGCONT');
      child.kill('SIGKILL');
    }
    this.redis?.kill();
    if (this.ownDisk) spawnSync('umount', ['-l', this.folder]);
  }

  async close(): Promise<void> {
    this.#closing = true;
    for (const program of this.#programs) await program.end('SIGKILL');
    await this.redis?.end();
    open.delete(this);
    const { telegram, slack, discord } = this.messengers;
    await Promise.all([telegram.close(), slack.close(), discord.close()]);
    await this.database.close();
    this.clock.close();
    if (this.ownDisk) spawnSync('umount', ['-l', this.folder]);
    // Redis ends a moment after its program.
    await until(() => removed(this.#temporary));
  }
}

/** While the world is `repeating`, every second event comes again, some after the next one. */
function repeatEvents(world: World, random: Random): void {
  const { telegram, slack, discord } = world.messengers;
  const again = (work: () => void) => {
    if (world.repeating && random.chance(0.5)) setTimeout(work, random.between(0, 150));
  };
  const { updates } = telegram.platform;
  const push = updates.push.bind(updates);
  updates.push = (kind, body, line) => {
    const id = push(kind, body, line);
    again(() => updates.replay([{ update_id: id, [kind]: body }]));
    return id;
  };
  const deliver = slack.deliver.bind(slack);
  slack.deliver = (delivery) => {
    again(() => void deliver(delivery));
    return deliver(delivery);
  };
  const { gateway } = discord;
  const dispatch = gateway.dispatch.bind(gateway);
  gateway.dispatch = (type, data, directMessage) => {
    again(() => dispatch(type, data, directMessage));
    dispatch(type, data, directMessage);
  };
}

function removed(temporary: ReturnType<typeof makeTempFolder>): boolean {
  try {
    temporary.remove();
    return true;
  } catch {
    return false;
  }
}

function settings(
  folder: string,
  messengers: Messengers,
  databaseUrl: string | null,
  calledAt: string | null,
): Record<string, string> {
  const { telegram, slack, discord } = messengers;
  return {
    ...{ WICI_DATA: folder, WICI_API_TOKEN: apiToken, WICI_SECRET: secret, PORT: '0', LOG_LEVEL: 'warn' },
    ...{ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_URL: telegram.url },
    ...{ SLACK_BOT_TOKEN: slack.token, SLACK_API_URL: slack.apiUrl },
    // Called over HTTP they are given an address; otherwise Telegram is asked and Slack holds a socket.
    ...(calledAt
      ? { TELEGRAM_WEBHOOK: calledAt, SLACK_SIGNING_SECRET: slack.signingSecret }
      : { SLACK_APP_TOKEN: slack.appToken }),
    ...{ DISCORD_BOT_TOKEN: discord.token, DISCORD_API_URL: discord.url },
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
  };
}

/** Puts members who joined yesterday straight into the database nobody runs on yet. */
async function settle(
  variables: Record<string, string>,
  { telegram, slack, discord }: Messengers,
  clock: Clock,
): Promise<{ people: Person[]; session: string }> {
  const hands: readonly (Hand | null)[] = [
    ...Array.from({ length: 5 }, (_, i) => telegramHand(telegram, 7_000_001 + i)),
    ...Array.from({ length: 3 }, () => slackHand(slack)),
    ...Array.from({ length: 3 }, () => discordHand(discord)),
    ...[null, null, null],
  ];
  const { core, database } = await openCore(readConfig(variables));
  const joined = clock.machine() - 86_400_000;
  const fields = { role: 'member', language: 'pl', status: 'active', consent_at: joined } as const;
  const staff = newMember({ now: joined }, core.ids.next(), {
    ...{ ...fields, role: 'administrator', name: 'Chaotyczna Administratorka', name_folded: 'chaotyczna' },
  });
  const members = hands.map((_, i) => {
    const name = `Chaotyczna Osoba ${i + 1}`;
    return newMember({ now: joined }, core.ids.next(), { ...fields, name, name_folded: name.toLowerCase() });
  });
  const accounts = hands.map((hand, i) => ({
    id: core.ids.next(),
    member_id: members[i]?.id ?? null,
    channel: hand?.messenger ?? ('webchat' as const),
    external_id: hand?.address ?? `browser-${i}`,
    // The last one is gone from the web chat: reached nowhere.
    status: i === hands.length - 1 ? ('gone' as const) : ('open' as const),
    gone_reason: i === hands.length - 1 ? 'blocked' : null,
    ...{ display_name: null, language: 'pl' as const, last_used_at: joined, created_at: joined },
  }));
  await core.transaction(async ({ db }) => {
    await insertMembers(db, [...members, staff]);
    await insertAccounts(db, accounts);
  });
  const session = await core.transaction(async (given) => {
    const unit = { ...given, now: clock.machine() };
    return consumeSignInLink(unit, await createSignInLink(unit, staff.id));
  });
  await database.close();
  const people = hands.map((hand, i) => ({ id: members[i]?.id ?? '', name: members[i]?.name ?? '', hand }));
  return { people, session };
}

/** As root only; elsewhere the disk that fills up is left to the file size limit. */
function mountSmallDisk(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'chaos', folder]).status === 0;
}
