import { statfsSync, statSync } from 'node:fs';
import { backupState } from '../../core/backups/state.ts';
import { megabytes, moment } from '../commands/output.ts';
import { type Config, loadEnvironmentFile, readConfig } from '../config.ts';
import { folderFault } from '../copies/back-up.ts';
import { makeDataFolder } from '../data-folder.ts';
import { runningOn } from '../data-lock.ts';
import { openCore } from '../open-core.ts';
import { OperatorError } from '../operator-error.ts';
import { findRedisProgram } from '../queue/private-redis.ts';
import { checkGivenRedis } from '../queue/redis-connection.ts';
import { bad, type Finding, note, ok } from './finding.ts';
import { messengers } from './messengers.ts';

/** Looks at everything Wici needs, beside a running server too; changes nothing but an outdated schema. */
export async function examine(): Promise<Finding[]> {
  let config: Config;
  try {
    loadEnvironmentFile();
    config = readConfig();
    makeDataFolder(config);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return error.message.split('\n').map((line) => bad('configuration', line));
  }
  const running = runningOn(config.dataFolder);
  return [
    ok('configuration', `${config.url}, data in ${config.dataFolder}`),
    ...environmentFile(),
    ...address(config),
    running
      ? ok('server', `runs at ${running.url ?? 'an address not known yet'} (process ${running.pid})`)
      : note('server', 'does not run: npm start'),
    await database(config),
    await queue(config),
    ...(await messengers(config, running)),
    await backup(config),
    disk(config),
    await clock(config),
  ];
}

/** Tokens stand in it, and whoever has one can speak as the bot. */
function environmentFile(): Finding[] {
  const file = statSync('.env', { throwIfNoEntry: false });
  const open = file && process.platform !== 'win32' && (file.mode & 0o044) !== 0;
  return open ? [note('.env', 'other users of this machine can read it: chmod 600 .env')] : [];
}

function address({ url, host }: Config): Finding[] {
  const local = ['localhost', '127.0.0.1'].includes(new URL(url).hostname);
  if (local)
    return [
      note('address', 'people on other machines cannot open it: set WICI_URL to a public https:// address'),
    ];
  if (!url.startsWith('https:'))
    return [note('address', `${url} is not encrypted: put a reverse proxy with https before it`)];
  return [ok('address', `${url}, listening on ${host}`)];
}

async function database(config: Config): Promise<Finding> {
  try {
    const opened = await openCore(config);
    await opened.database.close();
    return ok('database', `${opened.database.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'}, up to date`);
  } catch (error) {
    if (error instanceof OperatorError) return bad('database', error.message);
    throw error;
  }
}

async function queue({ redisUrl }: Config): Promise<Finding> {
  if (redisUrl) {
    try {
      const { version } = await checkGivenRedis(redisUrl);
      return ok('queue', `Redis ${version} (REDIS_URL)`);
    } catch (error) {
      if (error instanceof OperatorError) return bad('queue', error.message);
      throw error;
    }
  }
  const program = findRedisProgram();
  if (program) return ok('queue', `a private ${program}`);
  return note('queue', 'inside Wici: enough for small networks; install redis-server for more');
}

async function backup(config: Config): Promise<Finding> {
  const { at, folder } = config.backup;
  try {
    const { core, database } = await openCore(config);
    const { made, failed, old } = await backupState(core.db, Date.now()).finally(() => database.close());
    const last = made ? `last ${moment(made.at)}, ${made.file} (${megabytes(made.size)})` : 'none yet';
    if (at === null) return note('backup', `off (BACKUP_AT); ${last}: make them with "npx wici backup"`);
    const fault = folderFault(folder);
    if (fault) return bad('backup', fault);
    if (failed) return bad('backup', `failed ${moment(failed.at)}: ${failed.why}`);
    if (old)
      return bad('backup', `${last}: older than two days; is Wici running at ${at}, and what says its log?`);
    return made ? ok('backup', last) : note('backup', `${last}: made daily at ${at} into ${folder}`);
  } catch (error) {
    if (error instanceof OperatorError) return note('backup', 'not known: the database cannot be asked');
    throw error;
  }
}

function disk({ dataFolder }: Config): Finding {
  const { bavail, bsize, blocks } = statfsSync(dataFolder);
  const free = bavail * bsize;
  const line = `${Math.round(free / 1e6)} MB free (${Math.round((bavail / blocks) * 100)} %) at ${dataFolder}`;
  if (free < 100e6) return bad('disk', `${line}: make room, or move the data folder (WICI_DATA)`);
  return free < 1e9 ? note('disk', `${line}: getting little`) : ok('disk', line);
}

/** Moments are told to members, so the clock must be right: compared with Telegram's, or the database server's, when there is one. */
async function clock({ telegram }: Config): Promise<Finding> {
  const now = new Date();
  const here = `${now.toISOString()} (zone ${Intl.DateTimeFormat().resolvedOptions().timeZone})`;
  if (now.getUTCFullYear() < 2026) return bad('clock', `${here} cannot be right: set the machine's clock`);
  const offset = telegram ? await offsetFrom(telegram.apiUrl) : null;
  if (offset === null) return ok('clock', here);
  if (Math.abs(offset) < 60_000) return ok('clock', `${here}, right within a minute`);
  return bad(
    'clock',
    `${here} is ${Math.round(offset / 60_000)} minutes off: turn on time synchronisation (timedatectl set-ntp true)`,
  );
}

/** Milliseconds this clock is ahead of the server's, or null when the server does not say. */
async function offsetFrom(url: string): Promise<number | null> {
  try {
    const response = await fetch(url, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(5000),
    });
    const date = Date.parse(response.headers.get('date') ?? '');
    return Number.isNaN(date) ? null : Date.now() - date;
  } catch {
    return null;
  }
}
