import { createHash, createHmac } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { ChannelAdapter } from '../core/channels/channel-adapter.ts';
import type { ChannelName } from '../core/channels/channel-name.ts';
import { Pace, type Pacing } from '../core/deliveries/pace.ts';
import type { Process } from '../core/store/processes.ts';
import type { Core } from '../core/unit.ts';
import type { QueueConnection } from '../jobs/connection.ts';
import { type Config, type Role, roles } from './config.ts';
import { steadyClock } from './ids.ts';
import { LiveHub } from './live-hub.ts';
import { LiveRelay } from './live-relay.ts';
import type { Logger } from './logger.ts';
import { hasEnded, thisMachine } from './machine.ts';
import { OperatorError } from './operator-error.ts';
import { PaceScript } from './pace-script.ts';
import { Processes } from './processes.ts';
import { SharedMessenger } from './shared-messenger.ts';
import { SharedPace } from './shared-pace.ts';

type SettledConfig = Config & { readonly secret: string };
type Messengers = ReadonlyMap<ChannelName, ChannelAdapter>;

/** What this process keeps together with the others on its database. */
export interface Sharing {
  /** Null on SQLite: nobody else is there. */
  readonly processes: Processes | null;
  /** Null when this process is alone. */
  readonly relay: LiveRelay | null;
  readonly pace: Pacing;
  /** The messengers as they stand in all processes together. */
  messengers(built: Map<ChannelName, ChannelAdapter>): Messengers;
  /** How many processes do what; null when this one is alone. */
  readonly count: (() => Readonly<Record<Role, number>>) | null;
  close(): Promise<void>;
}

export interface SharingParts {
  readonly config: SettledConfig;
  readonly core: Core;
  readonly onPostgres: boolean;
  readonly connection: QueueConnection;
  readonly log: Logger;
}

/** Several processes can share the work where all of them reach its database and its queue. */
export function mayShare({ databaseUrl, redisUrl }: Config): boolean {
  return databaseUrl !== undefined && redisUrl !== undefined;
}

/** Keeps two installations on one Redis apart; the braces keep one together in a Redis Cluster. */
export function namespaceOf(config: SettledConfig): string {
  if (mayShare(config)) return `{wici-${markOf(config.secret, 'namespace')}}`;
  const identity = [hostname(), config.dataFolder, config.databaseUrl ?? ''].join('\n');
  return `wici-${createHash('sha256').update(identity).digest('hex').slice(0, 12)}`;
}

/** Enters among the others. Throws OperatorError when this process and one at work get in each other's way. */
export async function openSharing(parts: SharingParts): Promise<Sharing> {
  const alone = {
    relay: null,
    pace: new Pace(steadyClock, { wait: (ms: number) => wait(ms) }),
    messengers: (built: Messengers) => built,
    count: null,
  };
  if (!parts.onPostgres) return { ...alone, processes: null, close: async () => undefined };
  let known = () => '{}';
  let tell: () => void = () => undefined;
  const deps = { messengers: () => known(), tell: () => tell() };
  const processes = new Processes({ ...processesDeps(parts), ...deps });
  await processes.enter((other) => conflict(parts.config, other));
  if (parts.connection.kind !== 'redis' || !mayShare(parts.config)) {
    return { ...alone, processes, close: () => processes.leave() };
  }
  const { relay, pace, close } = await meet(parts, parts.connection, processes);
  tell = () => relay.tell('processes', 'free');
  const messengers = (built: Messengers) => {
    const shared = [...built.values()].map((adapter) => new SharedMessenger(adapter, () => processes.others));
    known = () => JSON.stringify(Object.fromEntries(shared.flatMap((m) => knownEntry(m))));
    return new Map(shared.map((messenger) => [messenger.name, messenger]));
  };
  return { processes, relay, pace, messengers, count: () => countRoles(processes), close };
}

async function meet(
  { config, log }: SharingParts,
  connection: Extract<QueueConnection, { kind: 'redis' }>,
  processes: Processes,
) {
  const namespace = namespaceOf(config);
  const redis = connection.producer();
  let away = false;
  redis.on('ready', () => {
    if (away) log.warn({}, 'Redis is back: messages leave again');
    away = false;
  });
  const pace = new SharedPace(new PaceScript(redis, namespace), (error) => {
    if (!away)
      log.warn({ err: error }, 'Redis does not answer: messages to messengers with a limit wait for it');
    away = true;
  });
  const relay = new LiveRelay(processes.id, namespace, {
    out: connection.producer(),
    in: connection.consumer(),
  });
  const bell = new LiveHub();
  bell.subscribe(null, () => processes.nudge());
  relay.attach('processes', bell);
  await relay.open(log);
  const close = async () => {
    await processes.leave();
    relay.close();
    redis.disconnect();
  };
  return { pace, relay, close };
}

function processesDeps({ config, core, log }: SharingParts) {
  return {
    db: core.db,
    self: {
      id: core.ids.next(),
      machine: thisMachine(),
      pid: process.pid,
      roles: mayShare(config) ? config.roles.join() : 'alone',
      secret_mark: markOf(config.secret, 'process'),
      started_at: core.clock.now(),
    },
    hasEnded,
    log,
  };
}

function conflict(config: SettledConfig, other: Process): OperatorError | null {
  const where = `process ${other.pid} on ${other.machine.split(' ')[0]}`;
  if (!mayShare(config)) {
    return new OperatorError(
      `DATABASE_URL: another Wici works on this database (${where}): stop it, or set REDIS_URL the same for both so that they share the work.`,
    );
  }
  if (other.roles === 'alone') {
    return new OperatorError(
      `DATABASE_URL: a Wici that runs alone works on this database (${where}): stop it, or start it again with REDIS_URL.`,
    );
  }
  if (other.secret_mark === markOf(config.secret, 'process')) return null;
  return new OperatorError(
    `WICI_SECRET: another Wici on this database (${where}) has a different secret: set the same WICI_SECRET for all of them ` +
      '(it stands in the file "secret" in that one’s data folder, if it was not set).',
  );
}

function knownEntry(messenger: SharedMessenger) {
  const known = messenger.known();
  return known ? [[messenger.name, known] as const] : [];
}

function countRoles({ all }: Processes): Record<Role, number> {
  const count = (role: Role) => all.filter((p) => p.roles.split(',').includes(role)).length;
  return Object.fromEntries(roles.map((role) => [role, count(role)])) as Record<Role, number>;
}

/** Equal for equal secrets, and tells nothing of them. */
function markOf(secret: string, purpose: string): string {
  return createHmac('sha256', secret).update(purpose).digest('hex').slice(0, 16);
}
