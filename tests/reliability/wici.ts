import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ChannelName } from '../../core/channels/channel-name.ts';
import { newMember } from '../../core/members/member.ts';
import { insertAccounts } from '../../core/store/accounts.ts';
import { insertMembers } from '../../core/store/members.ts';
import { readConfig } from '../../runtime/config.ts';
import { openCore } from '../../runtime/open-core.ts';
import { projectRoot } from '../../runtime/paths.ts';
import type { TelegramEmulator } from '../emulators/telegram/server.ts';
import { until } from '../support/until.ts';

export const apiToken = 'a-token-for-tests-only';

export interface Environment {
  readonly dataFolder: string;
  readonly variables: Record<string, string>;
}

/** The built program, really running. */
export class WiciProcess {
  readonly #child: ChildProcess;
  #said = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data: Buffer) => {
        this.#said += data;
      });
    }
  }

  /** Starts it as `npm start` does and waits until it says that it runs. */
  static async start(environment: Environment): Promise<WiciProcess> {
    const wici = WiciProcess.launch(environment);
    await until(() => wici.said.includes('Ctrl-C stops it.') || wici.ended, 60_000, 'a started Wici');
    if (wici.ended) throw new Error(`Wici did not start: ${wici.said}`);
    return wici;
  }

  static launch({ dataFolder, variables }: Environment): WiciProcess {
    const { PATH = '' } = process.env;
    const env = {
      PATH,
      WICI_DATA: dataFolder,
      WICI_API_TOKEN: apiToken,
      PORT: '0',
      LOG_LEVEL: 'warn',
      ...variables,
    };
    const program = join(projectRoot, 'dist', 'runtime', 'wici.js');
    return new WiciProcess(
      spawn(process.execPath, [program, 'start'], {
        env,
        cwd: dataFolder,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  get said(): string {
    return this.#said;
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  get url(): string {
    return /Wici runs at (\S+)/.exec(this.#said)?.[1] ?? '';
  }

  /** Sends the signal and waits for the end; returns the exit code (null when killed). */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.ended) return this.#child.exitCode;
    const gone = once(this.#child, 'exit');
    this.#child.kill(signal);
    await gone;
    return this.#child.exitCode;
  }

  async exit(): Promise<number | null> {
    if (!this.ended) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  async api<T>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
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
      urgent: true,
    });
    return id;
  }

  async counts(id: string): Promise<Counts> {
    return (await this.api<{ counts: Counts }>('GET', `/announcements/${id}`)).counts;
  }
}

export interface Counts {
  readonly recipients: number;
  readonly pending: number;
  readonly accepted: number;
  readonly unknown: number;
  readonly unreachable: number;
  readonly failed: number;
  readonly confirmed: number;
}

export interface People {
  /** The emulator's people, each a member reached on Telegram. */
  readonly telegram: ReturnType<TelegramEmulator['person']>[];
  readonly webchat: string[];
}

/** Puts members who have joined straight into the database of a data folder nobody runs on. */
export async function settlePeople(
  { dataFolder, variables }: Environment,
  emulator: TelegramEmulator,
  many: { telegram: number; webchat: number },
): Promise<People> {
  const telegramIds = Array.from({ length: many.telegram }, (_, i) => 7_000_001 + i);
  const telegram = telegramIds.map((id) => {
    const person = emulator.person({ id });
    const chat = emulator.platform.chats.get(id);
    if (chat) chat.state = 'open';
    return person;
  });
  const webchat = Array.from({ length: many.webchat }, (_, i) => `browser${i}`);
  const addresses = [
    ...telegramIds.map((id) => ({ channel: 'telegram' as const, externalId: String(id) })),
    ...webchat.map((externalId) => ({ channel: 'webchat' as const, externalId })),
  ];
  await settleAddresses({ dataFolder, variables }, addresses);
  return { telegram, webchat };
}

/** What the member of the nth address is called, counted from 0. */
export const settledName = (n: number) => `Osoba Testowa ${n + 1}`;

export interface SettledAddress {
  readonly channel: ChannelName;
  readonly externalId: string;
  /** The conversation's id, where the messenger's adapter keeps one. */
  readonly threadId?: string;
}

/** A member who has joined for each address, in the database of a data folder nobody runs on. */
export async function settleAddresses(
  { dataFolder, variables }: Environment,
  addresses: readonly SettledAddress[],
): Promise<void> {
  const config = readConfig({ WICI_DATA: dataFolder, DATABASE_URL: variables.DATABASE_URL });
  const { core, database } = await openCore(config);
  await core.transaction(async (unit) => {
    const members = addresses.map((_, i) => {
      const name = settledName(i);
      const fields = { name, name_folded: name.toLowerCase(), role: 'member', language: 'pl' } as const;
      return newMember(unit, unit.ids.next(), { ...fields, status: 'active', consent_at: unit.now });
    });
    await insertMembers(unit.db, members);
    const accounts = addresses.map(({ channel, externalId, threadId }, i) => ({
      ...{
        channel,
        external_id: externalId,
        thread_id: threadId ?? null,
        thread_read_to: threadId ? '0' : null,
      },
      ...{ id: unit.ids.next(), member_id: members[i]?.id ?? null, status: 'open' as const },
      ...{ gone_reason: null, display_name: null, language: 'pl' as const },
      ...{ last_used_at: unit.now, created_at: unit.now },
    }));
    await insertAccounts(unit.db, accounts);
  });
  await database.close();
}

/** How many announcements each of these people was shown. */
export function shownCounts(people: People['telegram']): number[] {
  return people.map((person) => person.shown().length);
}
