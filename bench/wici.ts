import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import type { ChannelName } from '../core/channels/channel-name.ts';
import { newMember } from '../core/members/member.ts';
import { insertAccounts } from '../core/store/accounts.ts';
import { insertMembers } from '../core/store/members.ts';
import { readConfig } from '../runtime/config.ts';
import { openCore } from '../runtime/open-core.ts';
import { Child } from './child.ts';
import { until } from './until.ts';

const apiToken = 'bench-api-token';

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

  /** Members who have joined, each on one messenger; addresses are the numbers 1…n as text. */
  async settle(many: Partial<Record<ChannelName, number>>): Promise<void> {
    const { core, database } = await openCore(readConfig({ WICI_DATA: this.folder }));
    const addresses = Object.entries(many).flatMap(([channel, n]) =>
      Array.from({ length: n }, (_, i) => ({ channel: channel as ChannelName, external_id: String(i + 1) })),
    );
    await core.transaction(async (unit) => {
      const members = addresses.map((_, i) => {
        const name = `Osoba Testowa ${i + 1}`;
        const fields = { name, name_folded: name.toLowerCase(), role: 'member', language: 'pl' } as const;
        return newMember(unit, unit.ids.next(), { ...fields, status: 'active', consent_at: unit.now });
      });
      await insertMembers(unit.db, members);
      await insertAccounts(
        unit.db,
        addresses.map((address, i) => ({
          ...{ ...address, id: unit.ids.next(), member_id: members[i]?.id ?? null, status: 'open' as const },
          ...{ gone_reason: null, display_name: null, language: 'pl' as const },
          ...{ last_used_at: unit.now, created_at: unit.now },
        })),
      );
    });
    await database.close();
  }

  async start({ variables, telegram, nodeFlags = [] }: WiciOptions): Promise<void> {
    const argument = {
      variables: {
        WICI_DATA: this.folder,
        WICI_API_TOKEN: apiToken,
        LOG_LEVEL: 'error',
        PORT: '0',
        ...variables,
      },
      telegram,
    };
    this.#child = await Child.start('contenders/wici.mjs', { argument, nodeFlags });
    const { own } = await this.#started.ask<{ own: string }>('url');
    this.#url = own;
    this.#reading = new SQLite(join(this.folder, 'wici.db'), { readonly: true });
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
      anonymous,
      urgent: true,
      closesAt: new Date(Date.now() + 86_400_000).toISOString(),
    });
    return id;
  }

  /** Deliveries of this subject by status, read beside the program so that asking costs it nothing. */
  statuses(subject: string): Record<string, number> {
    const rows = this.#reading
      ?.prepare('select status, count(*) n from delivery where subject_id = ? group by status')
      .all(subject) as { status: string; n: number }[];
    return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
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

  async end(): Promise<void> {
    this.#reading?.close();
    if (this.#child) {
      await this.#child.ask('stop');
      await this.#child.end();
    }
    rmSync(this.folder, { recursive: true, force: true });
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
