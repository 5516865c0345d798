import { setTimeout as wait } from 'node:timers/promises';
import {
  beatProcess,
  dropLease,
  insertProcess,
  leaseHolders,
  listProcesses,
  type Process,
  removeProcess,
  takeLease,
} from '../core/store/processes.ts';
import type { Db } from '../core/store/schema.ts';
import type { OperatorError } from './operator-error.ts';

const usualMs = 1000;
/** After so many looks in a row without a sign of life a process counts as dead. */
const patienceLooks = 5;

export interface ProcessesDeps {
  readonly db: Db;
  readonly self: Pick<Process, 'id' | 'machine' | 'pid' | 'roles' | 'secret_mark' | 'started_at'>;
  /** What is known here of the messengers received from, as the others shall see it. */
  readonly messengers: () => string;
  /** Whether a process of this machine has ended. */
  readonly hasEnded: (pid: number) => boolean;
  /** Tells the others to look at once: something they may wait for is free. */
  readonly tell: () => void;
  readonly log: { warn(fields: object, line: string): void };
  /** Between two signs of life. */
  readonly everyMs?: number;
}

export interface ProcessesEvents {
  /** A process died: what it had in hand is to be settled. Heard in one of the living. */
  died(process: Process): Promise<void>;
  /** The others found this process dead and took over what it did. */
  buried(): void;
}

interface Seen {
  readonly beat: number;
  readonly silentLooks: number;
}

/**
 * The processes working on one PostgreSQL database. Each goes on beating in its row; whoever's row stands still while one
 * looks five times is dead, and its leases fall. Nobody compares clocks.
 */
export class Processes {
  readonly #deps: ProcessesDeps;
  readonly #everyMs: number;
  readonly #seen = new Map<string, Seen>();
  readonly #wanted = new Map<string, () => void>();
  #events: ProcessesEvents | null = null;
  #all: readonly Process[] = [];
  #holders: ReadonlyMap<string, string> = new Map();
  #timer: NodeJS.Timeout | null = null;
  #look: Promise<void> = Promise.resolve();
  #left = false;

  constructor(deps: ProcessesDeps) {
    this.#deps = deps;
    this.#everyMs = deps.everyMs ?? usualMs;
  }

  /** Enters unless a living one `conflicts`, which costs some seconds only where one was left by a crash elsewhere. */
  async enter(conflicts: (other: Process) => OperatorError | null): Promise<void> {
    const { db, self, messengers } = this.#deps;
    await insertProcess(db, { ...self, beat: 0, messengers: messengers() });
    this.#beatUntilStarted();
    try {
      await this.#untilNone(conflicts);
    } catch (error) {
      if (this.#timer) clearTimeout(this.#timer);
      await removeProcess(db, self.id).catch(() => undefined);
      throw error;
    }
  }

  /** From now on it beats and looks every second; resolves after the first look. */
  start(events: ProcessesEvents): Promise<void> {
    this.#events = events;
    return this.#lookNow();
  }

  /** Looks at once: another one said that something changed. */
  nudge(): void {
    if (this.#events) void this.#lookNow();
  }

  /** Stops, and frees what it held for the others. */
  async leave(): Promise<void> {
    this.#left = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#look;
    await removeProcess(this.#deps.db, this.#deps.self.id);
    this.#deps.tell();
  }

  /** Resolves once this process is the one that holds the lease; it then holds it until it leaves, gives it back or dies. */
  hold(lease: string): Promise<void> {
    return new Promise((resolve) => {
      this.#wanted.set(lease, resolve);
      this.nudge();
    });
  }

  /** Resolves after the look in hand. */
  looked(): Promise<void> {
    return this.#look;
  }

  async giveBack(lease: string): Promise<void> {
    this.#wanted.delete(lease);
    await dropLease(this.#deps.db, lease, this.#deps.self.id);
    this.#deps.tell();
  }

  /** All that are entered, this one included. */
  get all(): readonly Process[] {
    return this.#all;
  }

  get id(): string {
    return this.#deps.self.id;
  }

  get others(): readonly Process[] {
    return this.#all.filter((p) => p.id !== this.#deps.self.id);
  }

  /** Between its entry and its start, which a busy machine takes long over, the others shall not find it dead. */
  #beatUntilStarted(): void {
    const { db, self, messengers } = this.#deps;
    const beat = () => void beatProcess(db, self.id, messengers()).catch(() => undefined);
    this.#timer = setInterval(beat, this.#everyMs);
  }

  #lookNow(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#look = this.#look.then(() => this.#lookOnce());
    return this.#look.finally(() => {
      if (this.#timer) clearTimeout(this.#timer);
      if (!this.#left) this.#timer = setTimeout(() => void this.#lookNow(), this.#everyMs);
    });
  }

  async #lookOnce(): Promise<void> {
    if (this.#left) return;
    const { db, self, messengers, log } = this.#deps;
    try {
      if (!(await beatProcess(db, self.id, messengers()))) {
        this.#left = true;
        return this.#events?.buried();
      }
      await this.#observe();
      await this.#take();
    } catch (error) {
      log.warn({ err: error }, 'looking for the other processes failed; it is tried again');
    }
  }

  /** Reads who is there, and buries the dead. */
  async #observe(): Promise<void> {
    const all = await listProcesses(this.#deps.db);
    const dead = all.filter((process) => this.#isDead(process));
    for (const process of dead) await this.#bury(process);
    this.#all = all.filter((process) => !dead.includes(process));
    for (const id of this.#seen.keys()) if (!all.some((p) => p.id === id)) this.#seen.delete(id);
  }

  #isDead({ id, beat, machine, pid }: Process): boolean {
    const { self, hasEnded } = this.#deps;
    if (id === self.id) return false;
    if (machine === self.machine && hasEnded(pid)) return true;
    const seen = this.#seen.get(id);
    const silentLooks = seen?.beat === beat ? seen.silentLooks + 1 : 0;
    this.#seen.set(id, { beat, silentLooks });
    return silentLooks >= patienceLooks;
  }

  async #bury(process: Process): Promise<void> {
    if (!(await removeProcess(this.#deps.db, process.id, process.beat))) return;
    const { pid, roles } = process;
    this.#deps.log.warn({ pid, roles }, 'a process died; its work is taken over');
    await this.#events?.died(process);
  }

  async #take(): Promise<void> {
    const { db, self } = this.#deps;
    this.#holders = await leaseHolders(db);
    for (const [lease, got] of this.#wanted) {
      const mine = this.#holders.get(lease) === self.id;
      if (!mine && (this.#holders.has(lease) || !(await takeLease(db, lease, self.id)))) continue;
      this.#wanted.delete(lease);
      got();
    }
  }

  async #untilNone(conflicts: (other: Process) => OperatorError | null): Promise<void> {
    await this.#observe();
    const first = new Map(this.others.map((p) => [p.id, p.beat]));
    for (;;) {
      const standing = this.others.flatMap((p) => (conflicts(p) ? [p] : []));
      if (standing.length === 0) return;
      for (const other of standing) {
        const refusal = conflicts(other);
        if (refusal && (first.get(other.id) ?? -1) !== other.beat) throw refusal;
      }
      await wait(this.#everyMs);
      await this.#observe();
    }
  }
}
