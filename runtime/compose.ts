import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { buildAdapters } from '../bots/registry.ts';
import { createApp } from '../console/server.tsx';
import { Dispatcher } from '../core/deliveries/dispatcher.ts';
import { Pace } from '../core/deliveries/pace.ts';
import { settleInterrupted } from '../core/deliveries/sweep.ts';
import { takeEvent } from '../core/inbox.ts';
import { holdRestored } from '../core/restorations/hold.ts';
import { openBackend } from '../jobs/backend.ts';
import { Queues } from '../jobs/queues.ts';
import { Workers } from '../jobs/worker.ts';
import { BackupKeeper } from './backup-keeper.ts';
import { Bells } from './bells.ts';
import { Closers } from './closers.ts';
import type { Config } from './config.ts';
import { databaseLocation, makeDataFolder } from './data-folder.ts';
import { lockDataFolder } from './data-lock.ts';
import { DiscordMemory } from './discord-memory.ts';
import { discordSettings } from './discord-settings.ts';
import { watchHealth } from './health-watch.ts';
import { openHttpServer } from './http-server.ts';
import { steadyClock } from './ids.ts';
import { LiveHub } from './live-hub.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { openCore } from './open-core.ts';
import { findQueue } from './queue/find-queue.ts';
import type { QueueServer } from './queue/queue-server.ts';
import type { Runtime } from './runtime.ts';
import { keptSecret } from './secret.ts';
import { Sweeper } from './sweeper.ts';
import { telegramMenu, telegramSettings } from './telegram-settings.ts';
import { WebchatHub } from './webchat-hub.ts';

export interface RunningWici {
  readonly runtime: Runtime;
  readonly queue: QueueServer;
  /** Finishes what is in hand and closes everything that was opened. */
  stop(): Promise<void>;
}

/** Starts Wici; what was opened before a failure is closed again. `note` hears a line the operator should know. */
export async function compose(given: Config, note: (line: string) => void): Promise<RunningWici> {
  const closers = new Closers();
  try {
    return await open(given, note, closers);
  } catch (error) {
    await closers.close(createLogger('silent'));
    throw error;
  }
}

async function open(given: Config, note: (line: string) => void, closers: Closers): Promise<RunningWici> {
  makeDataFolder(given);
  const lock = lockDataFolder(given.dataFolder);
  closers.add('lock', () => lock.release());
  const http = await openHttpServer(given.host, given.port);
  closers.add('connections', () => http.close());
  const secret = given.secret ?? keptSecret(given.dataFolder);
  const url = given.port === 0 ? given.url.replace(/:0$/, `:${http.port}`) : given.url;
  const config = { ...given, port: http.port, url, secret };
  const log = createLogger(config.logLevel, secretsOf(config));

  let bells: Bells | null = null;
  let channels: Runtime['adapters'] = new Map();
  const { core, database } = await openCore(
    config,
    () => [...channels.keys()],
    (signals) => bells?.hear(signals),
  );
  closers.add('database', () => database.close());
  const queue = await findQueue(config, note);
  closers.add('queue server', () => queue.close());
  const backend = await openBackend(queue.connection, namespaceOf(config));
  const queues = new Queues(backend, (error) => log.debug({ err: error }, 'the queue is in trouble'));
  closers.add('queues', () => queues.close());

  const live = new LiveHub();
  const webchat = new WebchatHub(core);
  const memory = new DiscordMemory(core);
  closers.add('how far conversations were read', () => memory.drain());
  const adapters = buildAdapters({
    webchat: { platform: webchat, url: config.url },
    ...(config.telegram
      ? { telegram: { ...telegramSettings(config.telegram, secret), commands: telegramMenu(core.texts) } }
      : {}),
    ...(config.slack ? { slack: config.slack } : {}),
    ...(config.discord ? { discord: { ...discordSettings(config.discord, core.texts), memory } } : {}),
    log: (level, message) => log[level]({}, message),
  });
  channels = adapters;
  const metrics = createMetrics(core, adapters);
  const timer = { wait: (ms: number) => wait(ms) };
  const dispatcher = new Dispatcher(core, adapters, new Pace(steadyClock, timer), {
    trouble: (channel, error) => {
      metrics.channelError(channel, error.code);
      log.warn({ channel, err: error }, 'a messenger refused or did not answer');
    },
  });
  const rung = new Bells({ core, dispatcher, queues, publish: (topic) => live.publish(topic), log });
  bells = rung;
  closers.add('answers to the last events', () => rung.drain());
  for (const adapter of adapters.values()) closers.add(adapter.name, () => adapter.close());
  closers.add('answers in hand', () => rung.drain());

  // Nobody else works on this data folder: what stands as being sent was left by a process that died.
  await settleInterrupted(core, adapters, 0);
  if (await holdRestored(core))
    note('Restored from a backup: what waited then is kept back, see the console.');
  await queues.empty();
  const workers = new Workers(backend, { core, dispatcher }, log);
  closers.add('workers', () => workers.close());
  closers.add('new broadcasts', () => dispatcher.close());
  const sweeper = new Sweeper({ core, adapters, bells: rung, log });
  closers.add('sweep', () => sweeper.stop());

  const runtime: Runtime = {
    core,
    config,
    adapters,
    live,
    webchat,
    log,
    metrics,
    queueKind: queue.kind,
    queueAnswers: () => queues.ping(),
  };
  const app = createApp(runtime);
  http.serve((request, env) => app.fetch(request, env as object));
  closers.add('listening', () => http.stopListening());
  closers.add('open chats', async () => webchat.close());
  workers.run();
  await Promise.all(
    [...adapters.values()].map((adapter) =>
      adapter.connect(async (event) => {
        const { fault, aside } = await takeEvent(core, event);
        if (fault) log.error({ err: fault, channel: event.channel }, 'an event could not be handled');
        metrics.eventTaken(event.channel);
        return aside;
      }),
    ),
  );
  sweeper.start();
  const keeper = new BackupKeeper({
    ...{ core, secret, log, config: config.backup, location: databaseLocation(config) },
    publish: (topic) => live.publish(topic),
  });
  closers.add('backup', () => keeper.stop());
  keeper.start();
  const unwatch = watchHealth(adapters, (topic) => live.publish(topic));
  closers.add('watch over messengers', async () => unwatch());
  lock.announce(config.url, localAddress(config));
  return { runtime, queue, stop: () => closers.close(log) };
}

/** Where this machine reaches the server, whatever stands before it. */
function localAddress({ host, port }: Config): string {
  const all = host === '0.0.0.0' || host === '::';
  return `http://${all ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Keeps two installations on one Redis apart. */
function namespaceOf(config: Config): string {
  const identity = [hostname(), config.dataFolder, config.databaseUrl ?? ''].join('\n');
  return `wici-${createHash('sha256').update(identity).digest('hex').slice(0, 12)}`;
}

function secretsOf(config: Runtime['config']): string[] {
  const { secret, apiToken, telegram, slack, discord } = config;
  const receiving = slack ? Object.values(slack.receiving) : [];
  return [secret, apiToken, telegram?.token, slack?.token, ...receiving, discord?.token].filter(
    (s) => s !== undefined,
  );
}
