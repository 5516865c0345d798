import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type SQLite from 'better-sqlite3';
import type { ChannelName } from '../core/channels/channel-name.ts';
import { sqliteDriver } from '../runtime/sqlite-driver.ts';
import { type SettledAddress, settleAddresses } from '../tests/reliability/wici.ts';
import { Child } from './child.ts';
import { until } from './until.ts';

const apiToken = 'bench-api-token';
/** Signs the web chat's cookies. */
export const benchSecret = 'a-secret-for-benches-only';

/** The addresses 1…many on one messenger. */
export function addresses(channel: ChannelName, many: number): SettledAddress[] {
  return Array.from({ length: many }, (_, i) => ({ channel, externalId: String(i + 1) }));
}

export interface WiciOptions {
  /** Environment variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** Settings of the Telegram adapter no variable sets. */
  readonly telegram?: { readonly messagesPerSecond: number };
  readonly nodeFlags?: readonly string[];
}

export interface Cost {
  readonly cpuMs: number;
  /** Of the queue's server, which works for Wici alone. */
  readonly queueCpuMs: number;
  /** Bytes. */
  readonly rss: number;
}

/** The built program with a data folder of its own. */
export class Wici {
  readonly folder: string;
  #child: Child<{ rss: number }> | null = null;
  #reading: SQLite.Database | null = null;
  #url = '';
  #queueMark = 0;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'wici-bench-'));
  }

  /** A member who has joined for each address. */
  settle(addresses: readonly SettledAddress[]): Promise<void> {
    return settleAddresses({ dataFolder: this.folder, variables: {} }, addresses);
  }

  async start({ variables, telegram, nodeFlags = [] }: WiciOptions): Promise<void> {
    const argument = {
      variables: {
        WICI_DATA: this.folder,
        WICI_API_TOKEN: apiToken,
        WICI_SECRET: benchSecret,
        LOG_LEVEL: 'error',
        PORT: '0',
        ...variables,
      },
      telegram,
    };
    this.#child = await Child.start('contenders/wici.mjs', { argument, nodeFlags });
    const { own } = await this.#started.ask<{ own: string }>('url');
    this.#url = own;
    this.#reading = new (sqliteDriver())(join(this.folder, 'wici.db'), { readonly: true });
  }

  get url(): string {
    return this.#url;
  }

  async api<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Sends an urgent announcement to everybody; returns its id. */
  async announce(): Promise<string> {
    const { id } = await this.api<{ id: string }>('POST', '/announcements', {
      title: { pl: 'Przegląd instalacji', en: 'Inspection of the installations' },
      text: { pl: 'Przegląd odbędzie się w środę.', en: 'The inspection is on Wednesday.' },
      confirm: true,
      replies: true,
      urgent: true,
    });
    return id;
  }

  /** Asks everybody for a vote; returns the poll's id. */
  async ask(anonymous: boolean): Promise<string> {
    const { id } = await this.api<{ id: string }>('POST', '/polls', {
      question: { pl: 'Kiedy spotkanie?', en: 'When shall we meet?' },
      options: [
        { pl: 'Środa', en: 'Wednesday' },
        { pl: 'Piątek', en: 'Friday' },
      ],
      multiple: false,
      showResults: 'afterClose',
      anonymous,
      urgent: true,
      closesAt: new Date(Date.now() + 86_400_000).toISOString(),
    });
    return id;
  }

  /** Deliveries of this subject by status, read beside the program so that asking costs it nothing. */
  statuses(subject: string): Record<string, number> {
    const rows = this.#read
      .prepare('select status, count(*) n from delivery where subject_id = ? group by status')
      .all(subject) as { status: string; n: number }[];
    return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
  }

  /** When the deliveries of this subject on a messenger were recorded as taken, epoch milliseconds. */
  acceptedAt(subject: string, channel: ChannelName): number[] {
    return this.#read
      .prepare(
        'select accepted_at from delivery where subject_id = ? and channel = ? and accepted_at is not null',
      )
      .pluck()
      .all(subject, channel) as number[];
  }

  /** The tokens of this subject's deliveries by their web chat's address. */
  tokens(subject: string): Map<string, string> {
    const rows = this.#read
      .prepare(
        'select a.external_id e, d.token t from delivery d join account a on a.id = d.account_id where d.subject_id = ?',
      )
      .all(subject) as { e: string; t: string }[];
    return new Map(rows.map(({ e, t }) => [e, t]));
  }

  confirmed(subject: string): number {
    return this.#read
      .prepare('select count(*) from delivery where subject_id = ? and confirmed_at is not null')
      .pluck()
      .get(subject) as number;
  }

  /** How often messengers said that it was too much. */
  async throttled(): Promise<number> {
    const response = await fetch(`${this.#url}/metrics`, {
      headers: { authorization: `Bearer ${apiToken}` },
    });
    const lines = (await response.text()).split('\n');
    const told = lines.filter((l) => l.startsWith('wici_channel_errors_total') && l.includes('Throttled'));
    return told.reduce((sum, l) => sum + Number(l.split(' ').at(-1)), 0);
  }

  /** Resolves once `count` deliveries of this subject are recorded as taken by the platform. */
  async accepted(subject: string, count: number): Promise<void> {
    await until(() => this.statuses(subject).accepted === count, 600_000, `${count} accepted deliveries`, 10);
  }

  /** From here on cost is counted. */
  async mark(): Promise<void> {
    await this.#started.ask('mark');
    this.#queueMark = this.#queueCpuMs();
  }

  async cost(): Promise<Cost> {
    const queueCpuMs = this.#queueCpuMs() - this.#queueMark;
    const { own } = await this.#started.ask<{ own: { cpuMs: number; rss: number } }>('cost');
    return { ...own, queueCpuMs };
  }

  /** Stops it; its data stay for another start. */
  async stop(): Promise<void> {
    this.#reading?.close();
    await this.#child?.ask('stop');
    await this.#child?.end();
    this.#reading = null;
    this.#child = null;
  }

  async end(): Promise<void> {
    if (this.#child) await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #read(): SQLite.Database {
    if (!this.#reading) throw new Error('Wici is not started');
    return this.#reading;
  }

  get #started(): Child<{ rss: number }> {
    if (!this.#child) throw new Error('Wici is not started');
    return this.#child;
  }

  /** Where /proc tells it; 0 elsewhere. */
  #queueCpuMs(): number {
    try {
      const pid = readFileSync(join(this.folder, 'queue', 'redis.pid'), 'utf8').trim();
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
      return 0;
    }
  }
}

/** A port nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
