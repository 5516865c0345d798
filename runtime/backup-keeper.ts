import { nextDaily } from '../core/network/daily.ts';
import { type Backup, endBackup, forgetBackups, insertBackup, lastBackups } from '../core/store/backups.ts';
import { findNetwork } from '../core/store/network.ts';
import type { Core } from '../core/unit.ts';
import type { BackupConfig } from './config.ts';
import { backUp } from './copies/back-up.ts';
import type { Logger } from './logger.ts';
import { OperatorError } from './operator-error.ts';

const everyMs = 60_000;
/** A failed one is tried again after this. */
const againMs = 3_600_000;
/** One begun so long ago was left by a process that died over it. */
const lostMs = 3 * 3_600_000;
/** How long attempts are remembered. */
const rememberedMs = 90 * 86_400_000;

export interface KeeperDeps {
  readonly core: Core;
  readonly config: BackupConfig;
  /** What openDatabase takes. */
  readonly location: string;
  readonly secret: string;
  readonly log: Logger;
  readonly publish: (topic: string) => void;
}

/** Makes the daily backup, in whichever of several processes comes first; one missed while nothing ran follows at once. */
export class BackupKeeper {
  readonly #deps: KeeperDeps;
  readonly #startedAt: number;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #look: Promise<void> = Promise.resolve();

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
    this.#startedAt = deps.core.clock.now();
  }

  start(): void {
    const { at } = this.#deps.config;
    if (at === null || this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#look = this.lookOnce().finally(() => this.start());
    }, everyMs);
    this.#timer.unref();
  }

  /** What is being written is given up: the next start makes it anew. */
  async stop(): Promise<void> {
    this.#stop.abort();
    if (this.#timer) clearTimeout(this.#timer);
    await this.#look;
  }

  /** Makes one when it is due; never throws. */
  async lookOnce(): Promise<void> {
    const { core, config, log } = this.#deps;
    if (config.at === null) return;
    try {
      const { time_zone: zone, named_at } = await findNetwork(core.db);
      const { tried } = await lastBackups(core.db);
      const due = dueAt({ time: config.at, zone }, tried, named_at ?? this.#startedAt);
      if (due <= core.clock.now()) await this.#make(`due:${due}`);
    } catch (error) {
      log.warn({ err: error }, 'the backup could not be looked after; it is tried again');
    }
  }

  async #make(id: string): Promise<void> {
    const { core, config, location, secret, log, publish } = this.#deps;
    const now = core.clock.now();
    const begun = { id, at: now, ended_at: null, file: null, size: null, fault: null };
    if (!(await insertBackup(core.db, begun))) return;
    const to = { folder: config.folder, keep: config.keep };
    let end: Pick<Backup, 'file' | 'size' | 'fault'>;
    try {
      const { file, size } = await backUp({ location, secret, takenAt: now, to }, this.#stop.signal);
      end = { file, size, fault: null };
      log.info({ file, size }, 'backed up');
    } catch (error) {
      const fault = error instanceof OperatorError ? error.message : 'A fault of Wici’s own: see the log.';
      end = { file: null, size: null, fault };
      log.error({ err: error }, 'no backup could be made; it is tried again in an hour');
    }
    await endBackup(core.db, id, { ...end, ended_at: core.clock.now() });
    await forgetBackups(core.db, now - rememberedMs);
    publish('backups');
  }
}

/** When the next one is due, after the last attempt, or after `since` when there was none. */
export function dueAt(
  daily: { readonly time: string; readonly zone: string },
  tried: Pick<Backup, 'at' | 'ended_at' | 'file'> | null,
  since: number,
): number {
  if (tried && tried.file === null) return tried.at + (tried.ended_at === null ? lostMs : againMs);
  return nextDaily(tried?.at ?? since, daily.time, daily.zone);
}
