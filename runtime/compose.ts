import { buildAdapters } from '../bots/registry.ts';
import { createApp } from '../console/server.tsx';
import { Dispatcher, type DispatchReport } from '../core/deliveries/dispatcher.ts';
import { sendingLeaseMs, settleInterrupted } from '../core/deliveries/sweep.ts';
import { takeEvent } from '../core/inbox.ts';
import { holdRestored } from '../core/restorations/hold.ts';
import { openBackend } from '../jobs/backend.ts';
import { Queues } from '../jobs/queues.ts';
import { Workers } from '../jobs/worker.ts';
import { BackupKeeper } from './backup-keeper.ts';
import { Bells } from './bells.ts';
import { Closers } from './closers.ts';
import type { Config } from './config.ts';
import { folderFault } from './copies/back-up.ts';
import { databaseLocation, makeDataFolder } from './data-folder.ts';
import { lockDataFolder, shareDataFolder } from './data-lock.ts';
import { DiscordMemory } from './discord-memory.ts';
import { discordSettings } from './discord-settings.ts';
import { watchGroups } from './group-watch.ts';
import { watchHealth } from './health-watch.ts';
import { openHttpServer } from './http-server.ts';
import { LiveHub } from './live-hub.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { openCore } from './open-core.ts';
import { findQueue } from './queue/find-queue.ts';
import type { QueueServer } from './queue/queue-server.ts';
import { Receiving } from './receiving.ts';
import type { Runtime } from './runtime.ts';
import { keptSecret } from './secret.ts';
import { mayShare, namespaceOf, openSharing } from './sharing.ts';
import { Sweeper } from './sweeper.ts';
import { telegramMenu, telegramSettings } from './telegram-settings.ts';
import { WebchatHub } from './webchat-hub.ts';

export interface RunningWici {
  readonly runtime: Runtime;
  readonly queue: QueueServer;
  /** Resolves when other processes took this one for dead and its work over: it must end. */
  readonly lost: Promise<void>;
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
  const lock = (mayShare(given) ? shareDataFolder : lockDataFolder)(given.dataFolder);
  closers.add('lock', () => lock.release());
  const http = await openHttpServer(given.host, given.port);
  closers.add('connections', () => http.close());
  const secret = given.secret ?? keptSecret(given.dataFolder);
  const url = given.port === 0 ? given.url.replace(/:0$/, `:${http.port}`) : given.url;
  const config = { ...given, port: http.port, url, secret };
  const log = createLogger(config.logLevel, secretsOf(config));

  let bells: Bells | null = null;
  let channels: Runtime['adapters'] = new Map();
  const { core, database } = await openCore(config, {
    channels: () => [...channels.keys()],
    wayIn: (channel, code) => channels.get(channel)?.invitationLink(code) ?? null,
    hear: (signals) => bells?.hear(signals),
  });
  closers.add('database', () => database.close());
  const queue = await findQueue(config, note);
  closers.add('queue server', () => queue.close());
  const backend = await openBackend(queue.connection, namespaceOf(config));
  const queues = new Queues(backend, (error) => log.debug({ err: error }, 'the queue is in trouble'));
  closers.add('queues', () => queues.close());

  const sharing = await openSharing({
    config,
    core,
    onPostgres: database.kind === 'postgres',
    connection: queue.connection,
    log,
  });
  closers.add('the others', () => sharing.close());
  const { processes, relay } = sharing;
  const live = new LiveHub();
  const webchat = new WebchatHub(core, relay && ((externalId) => relay.tell('webchat', externalId)));
  const publish = (topic: string) => {
    live.publish(topic);
    relay?.tell('live', topic);
  };
  relay?.attach('live', live);
  relay?.attach('webchat', webchat.bells);
  const memory = new DiscordMemory(core);
  closers.add('how far conversations were read', () => memory.drain());
  const built = await buildAdapters({
    webchat: { platform: webchat, url: config.url },
    ...(config.telegram
      ? { telegram: { ...telegramSettings(config.telegram, secret), commands: telegramMenu(core.texts) } }
      : {}),
    ...(config.slack ? { slack: config.slack } : {}),
    ...(config.discord ? { discord: { ...discordSettings(config.discord, core.texts), memory } } : {}),
    log: (level, message) => log[level]({}, message),
  });
  const adapters = sharing.messengers(built);
  channels = adapters;
  const metrics = createMetrics(core, adapters, sharing.count);
  const trouble: DispatchReport['trouble'] = (channel, error) => {
    metrics.channelError(channel, error.code);
    log.warn({ channel, err: error }, 'a messenger refused or did not answer');
  };
  const dispatcher = new Dispatcher(core, adapters, sharing.pace, { trouble }, processes?.id ?? null);
  const rung = new Bells({ core, dispatcher, queues, publish, log });
  bells = rung;
  closers.add('answers to the last events', () => rung.drain());
  const receiving = new Receiving(adapters, config.roles, relay && processes);
  for (const adapter of adapters.values()) closers.add(adapter.name, () => receiving.end(adapter));
  closers.add('answers in hand', () => rung.drain());

  // Where nobody else can be, all that stands as being sent was left by a process that died.
  await settleInterrupted(core, adapters, processes ? sendingLeaseMs : 0);
  if (await holdRestored(core))
    note('Restored from a backup: what waited then is kept back, see the console.');
  if (!processes || processes.others.length === 0) await queues.empty();
  const workers = config.roles.includes('jobs') ? new Workers(backend, { core, dispatcher }, log) : null;
  closers.add('workers', () => workers?.close());
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
    processes: sharing.count,
  };
  const app = createApp(runtime);
  http.serve((request, env) => app.fetch(request, env as object));
  closers.add('listening', () => http.stopListening());
  closers.add('open chats', async () => webchat.close());
  const lost = new Promise<void>((buried) => {
    void processes?.start({
      buried,
      died: async () => {
        await settleInterrupted(core, adapters, sendingLeaseMs);
        await rung.sweep(true);
      },
    });
  });
  const keeper = new BackupKeeper({
    ...{ core, secret, log, config: config.backup, location: databaseLocation(config) },
    publish,
  });
  closers.add('backup', () => keeper.stop());
  const noBackup = workers && config.backup.at !== null && folderFault(config.backup.folder);
  if (noBackup) note(`No backup can be made: ${noBackup}`);
  if (workers) {
    workers.run();
    // One process of all looks for what is due, and makes the backups.
    void (relay && processes ? processes.hold('sweep') : Promise.resolve()).then(() => {
      sweeper.start();
      keeper.start();
    });
  }
  await receiving.begin(async (event) => {
    const { fault, aside } = await takeEvent(core, event);
    if (fault) log.error({ err: fault, channel: event.channel }, 'an event could not be handled');
    metrics.eventTaken(event.channel);
    return aside;
  });
  const leaveGroups = watchGroups(core, adapters, log);
  closers.add('watch over groups', async () => leaveGroups());
  const unwatch = watchHealth(adapters, (topic) => live.publish(topic));
  closers.add('watch over messengers', async () => unwatch());
  lock.announce(config.url, localAddress(config));
  return { runtime, queue, lost, stop: () => closers.close(log) };
}

/** Where this machine reaches the server, whatever stands before it. */
function localAddress({ host, port }: Config): string {
  const all = host === '0.0.0.0' || host === '::';
  return `http://${all ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`;
}

function secretsOf(config: Runtime['config']): string[] {
  const { secret, apiToken, telegram, slack, discord } = config;
  const receiving = slack ? Object.values(slack.receiving) : [];
  return [secret, apiToken, telegram?.token, slack?.token, ...receiving, discord?.token].filter(
    (s) => s !== undefined,
  );
}
