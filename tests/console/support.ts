import type { Hono } from 'hono';
import { createPanel } from '../../console/server.tsx';
import type { Role } from '../../core/audiences/audience.ts';
import type { ChannelName } from '../../core/channels/channel-name.ts';
import { openLinkCode } from '../../core/invitations/invitation.ts';
import { join } from '../../core/invitations/join.ts';
import type { Language } from '../../core/language.ts';
import { takeAccount } from '../../core/members/accounts.ts';
import { saveMember } from '../../core/members/member.ts';
import { consumeSignInLink, createSignInLink } from '../../core/sign-in/sign-in.ts';
import type { Core, Unit } from '../../core/unit.ts';
import { LiveHub } from '../../runtime/live-hub.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';

export interface TestConsole {
  readonly tc: TestCore;
  readonly app: Hono;
  readonly live: LiveHub;
  /** What the console logged as its own fault. */
  readonly faults: object[];
  /** A browser with its own cookies. */
  browser(cookie?: string): Browser;
  /** A browser signed in as a new person of this role. */
  signedIn(role?: Role, language?: Language): Promise<Browser & { memberId: string }>;
  /** Somebody who joined on a messenger. */
  joined(name: string, channel?: ChannelName, language?: Language): Promise<string>;
  /** Changes something as the running program would: live pages are told. */
  change<T>(work: (unit: Unit) => Promise<T>): Promise<T>;
  /** Does what is due, and tells live pages what changed since. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const origin = 'http://localhost:8080';

export async function openConsole(): Promise<TestConsole> {
  const tc = await openTestCore();
  const live = new LiveHub();
  const faults: object[] = [];
  let rung = 0;
  const ring = () => {
    for (const signal of tc.signals.slice(rung)) if (signal.kind === 'changed') live.publish(signal.topic);
    rung = tc.signals.length;
  };
  const core: Core = {
    ...tc.core,
    transaction: async (work) => {
      const result = await tc.core.transaction(work);
      ring();
      return result;
    },
  };
  const deps = {
    core,
    config: { url: origin, backup: { at: '03:30', folder: '/backups' } },
    adapters: new Map(Object.values(tc.channels).map((channel) => [channel.name, channel])),
    live,
    log: { error: (details: object) => faults.push(details) },
  };
  const app = createPanel(deps);
  let people = 0;
  const signedIn = async (role: Role = 'administrator', language: Language = 'pl') => {
    people += 1;
    const member = await tc.core.transaction((unit) =>
      saveMember(unit, { name: `Osoba testowa ${people}`, role, language }),
    );
    const secret = await tc.core.transaction((unit) => createSignInLink(unit, member.id));
    const session = await tc.core.transaction((unit) => consumeSignInLink(unit, secret));
    return Object.assign(new Browser(app, `wici_session=${session}`), { memberId: member.id });
  };
  const joined = async (name: string, channel: ChannelName = 'webchat', language: Language = 'pl') => {
    const code = await openLinkCode(tc.core.db);
    return tc.core.transaction(async (unit) => {
      const { account } = await takeAccount(unit, { channel, externalId: `${channel}-${name}` });
      const member = await join(unit, { accountId: account.id, code, language, name });
      return member.id;
    });
  };
  return {
    ...{ tc, app, live, faults, signedIn, joined },
    browser: (cookie) => new Browser(app, cookie),
    change: (work) => core.transaction(work),
    settle: async () => {
      await tc.settle();
      ring();
    },
    close: () => tc.close(),
  };
}

export async function plain(response: Response): Promise<string> {
  return (await response.text()).replaceAll('\u00a0', ' ');
}

/** What a page's forms carry along unseen. */
export const hidden = (page: string) =>
  Object.fromEntries(
    [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name ?? '',
      (value ?? '').replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
    ]),
  );

/** What a browser does for these tests: keeps cookies, sends forms with its origin. */
export class Browser {
  readonly #app: Hono;
  readonly #cookies = new Map<string, string>();

  constructor(app: Hono, cookie?: string) {
    this.#app = app;
    if (cookie) this.#keep(cookie);
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#take(
      await this.#app.request(`${origin}${path}`, { headers: { ...this.#sent(), ...headers } }),
    );
  }

  /** The page as people read it: no-break spaces are spaces. */
  async text(path: string): Promise<string> {
    return plain(await this.get(path));
  }

  /** Sends a form; a list of values is sent as several fields of that name. */
  async post(
    path: string,
    fields: Record<string, string | readonly string[] | File> = {},
    headers: Record<string, string> = { origin },
  ): Promise<Response> {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) {
      for (const one of Array.isArray(value) ? value : [value]) body.append(name, one as string | File);
    }
    const request = { method: 'POST', body, headers: { ...this.#sent(), ...headers } };
    return this.#take(await this.#app.request(`${origin}${path}`, request));
  }

  /** Sends a form and follows to the page it leads to. */
  async submit(
    path: string,
    fields: Record<string, string | readonly string[] | File> = {},
  ): Promise<string> {
    const answer = await this.post(path, fields);
    const to = answer.headers.get('location');
    return to ? this.text(new URL(to, origin).pathname + new URL(to, origin).search) : plain(answer);
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  #sent(): Record<string, string> {
    return { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  #take(response: Response): Response {
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    return response;
  }

  #keep(cookie: string): void {
    const [pair = ''] = cookie.split(';');
    const at = pair.indexOf('=');
    if (/max-age=0/i.test(cookie)) this.#cookies.delete(pair.slice(0, at));
    else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}
