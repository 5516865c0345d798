import type { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebchatAdapter } from '../../../bots/webchat/adapter.ts';
import { chatRoutes } from '../../../console/chat/routes.tsx';
import type { InboundEvent } from '../../../core/channels/inbound-event.ts';
import type { Block } from '../../../core/channels/outbound-message.ts';
import { insertAttachment } from '../../../core/store/attachments.ts';
import { createCore } from '../../../runtime/core.ts';
import { type Database, openDatabase } from '../../../runtime/database.ts';
import { loadTexts } from '../../../runtime/i18n.ts';
import { systemClock, systemIds } from '../../../runtime/ids.ts';
import { WebchatHub } from '../../../runtime/webchat-hub.ts';

const url = 'http://wici.example';
const ids = systemIds(systemClock, 'a secret of the tests');

/** A browser without a page: keeps cookies, names its origin. */
class Browser {
  readonly #app: Hono;
  readonly cookies = new Map<string, string>();

  constructor(app: Hono) {
    this.#app = app;
  }

  async get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
    return this.#ask(path, { method, headers });
  }

  postJson(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.#ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  postForm(
    path: string,
    fields: [string, string][],
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.#ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: url, ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  }

  async #ask(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { 'accept-language': 'pl-PL,pl;q=0.9', ...init.headers, ...(cookie ? { cookie } : {}) };
    const response = await this.#app.request(url + path, { ...init, headers });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/max-age=0/i.test(set)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }
}

describe('the web chat’s routes', () => {
  let database: Database;
  let hub: WebchatHub;
  let adapter: WebchatAdapter;
  let app: Hono;
  let browser: Browser;
  let events: InboundEvent[];
  let onEvent: (event: InboundEvent) => Promise<void>;

  beforeEach(async () => {
    database = openDatabase(':memory:');
    await database.migrate();
    const texts = await loadTexts();
    hub = new WebchatHub(
      createCore({
        database,
        clock: systemClock,
        ids,
        texts,
        channels: () => ['webchat'],
        wayIn: () => null,
        hear: () => undefined,
        url,
      }),
    );
    app = chatRoutes({
      hub,
      texts,
      clock: systemClock,
      ids,
      secret: 'a secret of the tests',
      secureCookies: true,
      publicUrl: url,
      network: async () => ({ name: 'Sieć Przykład', timeZone: 'Europe/Warsaw', language: 'pl' }),
      heartbeatMs: 20,
    });
    browser = new Browser(app);
    events = [];
    onEvent = async () => undefined;
    adapter = new WebchatAdapter(hub, url);
    await adapter.connect(async (event) => {
      events.push(event);
      await onEvent(event);
    });
  });
  afterEach(async () => {
    hub.close();
    await adapter.close();
    await database.close();
  });

  const begin = async (who = browser) => {
    await who.get('/chat');
    await who.postJson('/chat/open', { id: ids.token() });
    return events.at(-1)?.externalId ?? '';
  };
  const say = (externalId: string, blocks: Block<string>[], extra: object = {}) =>
    adapter.send(externalId, {
      token: ids.token(),
      language: 'pl',
      deliveryId: ids.next(),
      blocks,
      ...extra,
    });

  describe('opening a link', () => {
    it('takes the code out of the address and uses nothing up, however often it is fetched', async () => {
      for (const method of ['HEAD', 'GET', 'GET']) {
        const response = await browser.get('/chat?i=ABCD1234efgh5678', {}, method);
        expect(response.status).toBe(303);
        expect(response.headers.get('location')).toBe('/chat');
      }
      expect((await browser.get('/chat')).status).toBe(200);
      expect(events).toEqual([]);
      expect(await database.db.selectFrom('account').selectAll().execute()).toEqual([]);
    });

    it('begins the conversation with the code, once', async () => {
      await browser.get('/chat?i=ABCD1234efgh5678');
      await browser.get('/chat');
      expect((await browser.postJson('/chat/open', { id: 'open-00000001' })).status).toBe(204);
      expect(events).toMatchObject([
        {
          channel: 'webchat',
          type: 'command',
          name: 'start',
          args: 'ABCD1234efgh5678',
          languageHint: 'pl-PL',
        },
      ]);
      await browser.postJson('/chat/open', { id: 'open-00000002' });
      expect(events[1]).toMatchObject({ name: 'start', args: '' });
      expect(await hub.page(events[0]?.externalId ?? '', 9)).toEqual([]);
    });

    it('keeps one address a browser, signed and out of scripts’ reach', async () => {
      const response = await browser.get('/chat');
      const cookie = response.headers.getSetCookie().find((c) => c.startsWith('wici_chat='));
      expect(cookie).toMatch(/HttpOnly/i);
      expect(cookie).toMatch(/Secure/i);
      expect(cookie).toMatch(/SameSite=Lax/i);
      const first = await begin();
      await browser.get('/chat?i=ABCD1234');
      expect(await begin()).toBe(first);
      expect(await begin(new Browser(app))).not.toBe(first);
    });

    it('believes no forged cookie', async () => {
      const victim = await begin();
      const thief = new Browser(app);
      thief.cookies.set('wici_chat', `${victim}.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=`);
      expect((await thief.get('/chat/events')).status).toBe(401);
      expect((await thief.postJson('/chat/messages', { id: 'post-00000001', text: 'x' })).status).toBe(401);
    });
  });

  describe('posting', () => {
    it('hands a text on and answers once it is taken', async () => {
      await begin();
      const post = { id: 'post-00000001', text: 'Dzień dobry', replyTo: '01JMESSAGE' };
      const response = await browser.postJson('/chat/messages', post);
      expect(response.status).toBe(204);
      expect(events[1]).toMatchObject({ type: 'text', text: 'Dzień dobry', replyTo: '01JMESSAGE' });
    });

    it('gives the same event id when the page posts again', async () => {
      await begin();
      for (const _ of [1, 2]) await browser.postJson('/chat/messages', { id: 'post-00000001', text: 'raz' });
      expect(events[1]?.externalEventId).toBe(events[2]?.externalEventId);
    });

    it('takes 10,000 characters of any script and hands them on whole', async () => {
      await begin();
      for (const text of ['ż'.repeat(10_000), '漢'.repeat(10_000), '🙂'.repeat(5_000)]) {
        expect((await browser.postJson('/chat/messages', { id: ids.token(), text })).status).toBe(204);
        expect(events.at(-1)).toMatchObject({ text });
      }
    });

    it('refuses more than 64 kB kindly', async () => {
      await begin();
      const response = await browser.postJson('/chat/messages', {
        id: ids.token(),
        text: 'a'.repeat(66_000),
      });
      expect(response.status).toBe(413);
      expect(await response.json()).toEqual({
        message: 'Ta wiadomość jest za długa. Podziel ją na krótsze.',
      });
    });

    it.each([
      ['no JSON', '/chat/messages', '{'],
      ['no text', '/chat/messages', { id: 'post-00000001' }],
      ['blank text', '/chat/messages', { id: 'post-00000001', text: ' \n ' }],
      ['no id', '/chat/messages', { text: 'x' }],
      ['a list', '/chat/messages', []],
      ['null', '/chat/actions', 'null'],
      [
        'a token of another shape',
        '/chat/actions',
        { id: 'post-00000001', token: 'x', action: 'vote', values: [] },
      ],
      [
        'values that are no options',
        '/chat/actions',
        { id: 'post-00000001', token: 'T000000000000001', action: 'vote', values: ["'; drop"] },
      ],
      [
        'a forged press of a form',
        '/chat/actions',
        { id: 'post-00000001', press: 'T000000000000001:vote:<b>', values: [] },
      ],
    ])('refuses %s', async (_, path, body) => {
      await begin();
      const response = await browser.postJson(path, body);
      expect(response.status).toBe(400);
      expect(events).toHaveLength(1);
    });

    it('says kindly when it is too fast, and when nobody takes it', async () => {
      await begin();
      const posts = Array.from({ length: 45 }, () =>
        browser.postJson('/chat/messages', { id: ids.token(), text: 'raz' }),
      );
      const refused = (await Promise.all(posts)).filter((r) => r.status === 429);
      expect(refused.length).toBeGreaterThan(0);
      expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused[0]?.json()).toEqual({
        message: 'Dużo wiadomości naraz. Odczekaj chwilę i\u00a0spróbuj ponownie.',
      });
      const other = new Browser(app);
      await begin(other);
      await adapter.close();
      expect((await other.postJson('/chat/messages', { id: ids.token(), text: 'raz' })).status).toBe(503);
    });

    it('takes forms of its own pages only', async () => {
      await begin();
      const fields: [string, string][] = [
        ['id', 'post-00000001'],
        ['text', 'x'],
      ];
      expect(
        (await browser.postForm('/chat/messages', fields, { origin: 'http://evil.example' })).status,
      ).toBe(403);
      expect((await browser.postForm('/chat/messages', fields)).status).toBe(303);
      expect(events.filter((e) => e.type === 'text')).toHaveLength(1);
    });

    it('works by forms alone: a message, a press, ticked options', async () => {
      const externalId = await begin();
      onEvent = async (event) => {
        if (event.type !== 'text') await say(externalId, [{ type: 'text', text: 'Zapisane.' }]);
        else await say(externalId, [{ type: 'text', text: `Mamy: ${event.text}` }]);
      };
      const written = await browser.postForm('/chat/messages', [
        ['id', 'post-00000001'],
        ['replyTo', ''],
        ['text', 'brama\r\nnie działa'],
      ]);
      expect(written.status).toBe(303);
      expect(await (await browser.get('/chat')).text()).toContain('Mamy: brama');
      expect(events[1]).toMatchObject({ type: 'text', text: 'brama\nnie działa' });
      expect(events[1]).not.toHaveProperty('replyTo');
      const token = 'T000000000000001';
      await browser.postForm('/chat/actions', [
        ['id', 'post-00000002'],
        ['press', `${token}:vote:1`],
      ]);
      await browser.postForm('/chat/actions', [
        ['id', 'post-00000003'],
        ['values', '0'],
        ['values', '2'],
        ['press', `${token}:vote`],
      ]);
      expect(events.slice(2)).toMatchObject([
        { type: 'action', token, id: 'vote', values: ['1'] },
        { type: 'action', token, id: 'vote', values: ['0', '2'] },
      ]);
    });
  });

  describe('the page', () => {
    it('shows hostile texts as they were typed', async () => {
      const externalId = await begin();
      const hostile = `<script>alert(1)</script><img src=x onerror=alert(1)> "quotes" & *stars* [a](javascript:alert(1))`;
      await say(externalId, [
        { type: 'text', style: 'title', text: hostile },
        { type: 'text', text: `${hostile} https://park.example/a?b=1&c="><script>` },
        { type: 'fields', items: [{ label: hostile, value: hostile }] },
        { type: 'actions', actions: [{ kind: 'link', label: hostile, url: 'javascript:alert(1)' }] },
        {
          type: 'choice',
          id: 'vote',
          multiple: false,
          submitLabel: '',
          options: [{ value: '0', label: hostile }],
        },
      ]);
      await browser.postJson('/chat/messages', { id: ids.token(), text: hostile });
      const html = await (await browser.get('/chat')).text();
      expect(html).not.toMatch(/<script>alert|<img src=x|href="javascript/i);
      expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(html).toContain('href="https://park.example/a?b=1&amp;c="');
    });

    it('shows one way to reply to a message, not two', async () => {
      const externalId = await begin();
      const field = { label: 'Twoja odpowiedź', title: 'Odpowiedz', submit: 'Wyślij', cancel: 'Anuluj' };
      const reply = { kind: 'press', id: 'reply', label: 'Odpowiedz', field } as const;
      await say(externalId, [
        { type: 'text', text: 'Brama' },
        { type: 'actions', actions: [reply] },
      ]);
      const page = async () => (await browser.get('/chat')).text();
      expect(await page()).not.toContain('data-reply');
      await say(externalId, [{ type: 'text', text: 'Parking' }]);
      expect((await page()).match(/data-reply/g)).toHaveLength(1);
    });

    it('forbids scripts and styles but its own', async () => {
      const response = await browser.get('/chat');
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toContain('unsafe');
      const html = await response.text();
      expect(html).not.toMatch(/<script(?![^>]*(?:src=|application\/json))/);
      expect(html).not.toMatch(/\s(?:on\w+|style)=/);
    });

    it('speaks the browser’s language until Wici spoke, then Wici’s', async () => {
      expect(await (await browser.get('/chat', { 'accept-language': 'en-GB' })).text()).toContain(
        'lang="en"',
      );
      const externalId = await begin();
      await say(externalId, [{ type: 'text', text: 'Hello' }], { language: 'en' });
      expect(await (await browser.get('/chat')).text()).toContain('<html lang="en">');
    });

    it('shows the last messages, the earlier ones when asked', async () => {
      const externalId = await begin();
      for (let n = 1; n <= 35; n++) await say(externalId, [{ type: 'text', text: `Wiadomość nr ${n}.` }]);
      const html = await (await browser.get('/chat')).text();
      expect(html).toContain('Wiadomość nr 35.');
      expect(html).not.toContain('Wiadomość nr 5.');
      const before = /before=(\d+)/.exec(html)?.[1];
      const older = await browser.get(`/chat/older?before=${before}`);
      expect(older.headers.get('x-older')).toBe('0');
      expect(await older.text()).toContain('Wiadomość nr 5.');
      expect(await (await browser.get(`/chat?before=${before}`)).text()).toContain('Wiadomość nr 1.');
    });
  });

  describe('the stream', () => {
    async function read(response: Response, until: RegExp): Promise<string> {
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      while (reader && !until.test(text)) {
        const { value, done } = await reader.read();
        if (done) break;
        text += value;
      }
      await reader?.cancel();
      return text;
    }

    it('tells what is new, each with the position to come back with', async () => {
      const externalId = await begin();
      const response = await browser.get('/chat/events');
      expect(response.headers.get('content-type')).toContain('text/event-stream');
      const text = read(response, /drugie/);
      await say(externalId, [{ type: 'text', text: 'pierwsze' }]);
      await say(externalId, [{ type: 'text', text: 'drugie\r\nw dwóch wierszach' }]);
      expect((await text).match(/^id: \d+$/gm)).toHaveLength(2);
    });

    it('catches up with what was missed, edits included', async () => {
      const externalId = await begin();
      const sent = await say(externalId, [{ type: 'text', text: 'stare' }]);
      const seen = await hub.position(externalId);
      await say(externalId, [{ type: 'text', text: 'ominięte' }]);
      await adapter.edit(externalId, sent, {
        token: ids.token(),
        language: 'pl',
        deliveryId: sent.externalMessageId,
        blocks: [{ type: 'text', text: 'zmienione' }],
      });
      const response = await browser.get('/chat/events?after=1', { 'last-event-id': String(seen) });
      const text = await read(response, /zmienione/);
      expect(text).toContain('ominięte');
      expect(text.indexOf('ominięte')).toBeLessThan(text.indexOf('zmienione'));
    });

    it('shows signs of life, and ends when the program does', async () => {
      await begin();
      expect(await read(await browser.get('/chat/events'), /event: beat/)).toContain('event: hello');
      const response = await browser.get('/chat/events');
      setTimeout(() => hub.close(), 30);
      await read(response, /never/);
    });

    it('is open twenty times at most', async () => {
      await begin();
      const open = await Promise.all(Array.from({ length: 20 }, () => browser.get('/chat/events')));
      expect(open.map((response) => response.status)).toEqual(Array(20).fill(200));
      expect((await browser.get('/chat/events')).status).toBe(429);
      await open[0]?.body?.cancel();
      const again = await browser.get('/chat/events');
      expect(again.status).toBe(200);
      for (const response of [...open.slice(1), again]) await response.body?.cancel();
    });

    it('tells nobody else', async () => {
      const externalId = await begin();
      const stranger = new Browser(app);
      await begin(stranger);
      await say(externalId, [{ type: 'text', text: 'tylko dla jednej osoby' }]);
      const text = await read(await stranger.get('/chat/events?after=0'), /event: beat/);
      expect(text).not.toContain('tylko dla jednej osoby');
    });
  });

  it('gives files to those they were sent to, never as a page', async () => {
    const externalId = await begin();
    const data = new TextEncoder().encode('<script>alert(1)</script>');
    await insertAttachment(database.db, {
      id: '01JFILE',
      kind: 'file',
      file_name: 'żółw.html',
      content_type: 'text/html',
      size: data.byteLength,
      data,
      created_at: 0,
    });
    expect((await browser.get('/chat/media/01JFILE')).status).toBe(404);
    const media = { id: '01JFILE', fileName: 'żółw.html', contentType: 'text/html', data };
    await say(externalId, [{ type: 'file', media, label: 'Regulamin' }]);
    const response = await browser.get('/chat/media/01JFILE');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename*=UTF-8''${encodeURIComponent('żółw.html')}`,
    );
    const stranger = new Browser(app);
    await begin(stranger);
    expect((await stranger.get('/chat/media/01JFILE')).status).toBe(404);
  });
});
