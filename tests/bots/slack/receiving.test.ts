import { describe, expect, it, vi } from 'vitest';
import type { Block } from '../../../core/channels/outbound-message.ts';
import { eventBody } from '../../emulators/slack/person.ts';
import type { SlackEmulator } from '../../emulators/slack/server.ts';
import { connected, field, later, message, openAdapter, openEmulator, token, until } from './support.ts';

const gate = () => {
  let release = () => {};
  const opened = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { opened, release: () => release() };
};

const rates = { perConversationPerSecond: 1, perMinute: 300, retryAfter: 30 };

const raw = (emulator: SlackEmulator, body: Record<string, unknown>) =>
  emulator.deliver({ type: 'events_api', body, line: 'raw' });

describe('receiving from Slack over the socket', () => {
  it('acknowledges nothing before it is stored', async () => {
    const emulator = await openEmulator();
    const { opened, release } = gate();
    const { events } = await connected(emulator, {}, () => opened);
    let outcome = '';
    const person = emulator.person();
    const said = person.say('ważne').then((result) => {
      outcome = result;
    });
    const pressed = person.command('menu');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([outcome, events]).toEqual(['', []]);
    release();
    await Promise.all([said, pressed]);
    expect(outcome).toBe('taken');
    expect(events).toHaveLength(2);
  });

  it('takes an event once that Slack sends again because it took too long', async () => {
    const emulator = await openEmulator({ ackMs: 250, retryMs: 10 });
    const { opened, release } = gate();
    let begun = 0;
    const { events } = await connected(emulator, {}, () => {
      begun += 1;
      return opened;
    });
    const said = emulator.person().say('raz');
    setTimeout(release, 350);
    expect(await said).toBe('taken');
    await until(() => expect(events).toHaveLength(1));
    expect(begun).toBe(1);
  });

  it('tries again here what Slack would never send again', async () => {
    const emulator = await openEmulator();
    let failures = 3;
    const { events, adapter } = await connected(emulator, {}, async () => {
      if (failures-- > 0) throw new Error('the store is away');
    });
    const person = emulator.person();
    await adapter.send(
      person.id,
      message([{ type: 'actions', actions: [{ kind: 'press', id: 'ok', label: 'OK' }] }]),
    );
    expect(await person.press('OK')).toBe('taken');
    expect(events).toMatchObject([{ type: 'action', id: 'ok', externalId: person.id }]);
  });

  it("begins with a person's next event once the one before is stored, and holds up nobody else's", async () => {
    const emulator = await openEmulator();
    const { opened, release } = gate();
    const begun: string[] = [];
    const { events } = await connected(emulator, {}, async (event) => {
      const said = event.type === 'text' ? event.text : '';
      begun.push(said);
      if (said === 'pierwsze') await opened;
    });
    const [slow, other] = [emulator.person(), emulator.person()];
    const first = slow.say('pierwsze');
    await until(() => expect(begun).toEqual(['pierwsze']));
    const second = slow.say('drugie');
    await other.say('inne');
    expect(begun).toEqual(['pierwsze', 'inne']);
    release();
    await Promise.all([first, second]);
    expect(events).toMatchObject([{ text: 'inne' }, { text: 'pierwsze' }, { text: 'drugie' }]);
  });

  it('ignores its own messages, their changes and files, and what is not for it, and acknowledges them', async () => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator);
    const person = emulator.person();
    const file: Block<string> = {
      type: 'file',
      label: 'Plik',
      media: { id: 'f', fileName: 'a.pdf', contentType: 'application/pdf', data: new Uint8Array([1]) },
    };
    const sent = await adapter.send(person.id, message([file, { type: 'text', text: 'nasze' }]));
    await adapter.edit(person.id, sent, message('zmienione'));
    const { workspace } = emulator.platform;
    for (const event of [{ type: 'app_home_opened', user: person.id, tab: 'home' }, { type: 'unheard_of' }]) {
      expect(await raw(emulator, eventBody(workspace, event))).toBe('taken');
    }
    await person.say('koniec');
    expect(events).toMatchObject([{ type: 'text', text: 'koniec' }]);
    expect(emulator.socket.violations).toEqual([]);
  });

  it('says so when Slack holds events back, and goes on', async () => {
    const emulator = await openEmulator();
    const { events, log } = await connected(emulator);
    const rejections: unknown[] = [];
    const note = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', note);
    later(async () => void process.off('unhandledRejection', note));
    const limited = {
      type: 'app_rate_limited',
      team_id: 'T0STANDIN',
      minute_rate_limited: 1,
      api_app_id: 'A1',
    };
    expect(await raw(emulator, limited)).toBe('taken');
    emulator.socket.raw({ type: 'events_api' });
    await emulator.person().say('dalej');
    expect(events).toHaveLength(1);
    expect(log).toEqual(['slack: events are held back, more than 30,000 in an hour']);
    expect(rejections).toEqual([]);
  });

  it('connects again after a cut, a goodbye and a refusal while connecting', async () => {
    const emulator = await openEmulator();
    const { adapter, events, log } = await connected(emulator);
    const person = emulator.person();
    const cut = () => {
      for (const socket of emulator.socket.sockets) socket.cut();
    };
    cut();
    await person.say('po zerwaniu');
    emulator.socket.raw({ type: 'disconnect', reason: 'refresh_requested' });
    await until(() => expect(emulator.calls('apps.connections.open')).toHaveLength(3));
    await person.say('po pożegnaniu');
    emulator.fail('apps.connections.open', { kind: 'page', status: 503 }, 3);
    emulator.fail('apps.connections.open', { kind: 'error', error: 'invalid_auth' });
    cut();
    await until(() => expect(adapter.health().state).toBe('failing'));
    await person.say('po odmowie');
    expect(events.map((e) => e.type === 'text' && e.text)).toEqual([
      'po zerwaniu',
      'po pożegnaniu',
      'po odmowie',
    ]);
    expect(adapter.health().state).toBe('connected');
    expect(log).toEqual([
      'slack: HTTP 503',
      'slack: a token or a setting of the app was refused (invalid_auth)',
      'slack: connected again',
    ]);
  });

  it('leaves a connection on which nothing comes any more, although nobody hung up', async () => {
    const emulator = await openEmulator();
    const { events, log } = await connected(emulator, { pongTimeoutMs: 300 });
    const printed = vi.spyOn(console, 'warn');
    later(async () => printed.mockRestore());
    for (const socket of emulator.socket.sockets) socket.stalled = true;
    await until(() => expect(emulator.calls('apps.connections.open')).toHaveLength(2));
    await emulator.person().say('po ciszy');
    expect(events).toHaveLength(1);
    // The SDK would say it in its own words, as it quotes what people write when it cannot read it.
    expect([log, printed.mock.calls]).toEqual([[], []]);
  });

  it('lives through Slack being away at the start and later', async () => {
    const emulator = await openEmulator();
    const { port } = emulator;
    await emulator.hangUp();
    const { adapter, events } = await connected(emulator);
    expect(adapter.health()).toMatchObject({
      state: 'failing',
      detail: 'no answer from Slack (ECONNREFUSED)',
    });
    await emulator.listen(port);
    await until(() => expect(adapter.health().state).toBe('connected'));
    await emulator.person().say('jestem');
    expect(events).toHaveLength(1);
    await emulator.hangUp();
    await until(() => expect(adapter.health().state).toBe('failing'));
    await emulator.listen(port);
    await until(() => expect(adapter.health().state).toBe('connected'));
  });

  it('asks anew who it is when the first answer was a refusal: nothing of that stays', async () => {
    const emulator = await openEmulator();
    emulator.fail('auth.test', { kind: 'error', error: 'token_revoked' }, 2);
    const { adapter, events, log } = await connected(emulator);
    await until(() => expect(adapter.health().state).toBe('connected'));
    await emulator.person().say('jestem');
    expect(events).toHaveLength(1);
    expect(log[0]).toBe('slack: a token or a setting of the app was refused (token_revoked)');
  });

  it.each(['token', 'appToken'] as const)(
    'says in one line that its %s is refused, without it',
    async (which) => {
      const emulator = await openEmulator();
      const options =
        which === 'token' ? { token: 'xoxb-wrong-secret' } : { receiving: { appToken: 'xapp-wrong-secret' } };
      const { adapter, log } = openAdapter(emulator, { ...options, backoffMs: () => 10_000 });
      await adapter.connect(async () => undefined);
      expect(adapter.health()).toMatchObject({
        state: 'failing',
        detail: expect.stringContaining('invalid_auth'),
      });
      expect(log).toHaveLength(1);
      expect(log.join()).not.toContain('secret');
    },
  );

  it('gives each token only to whom it belongs', async () => {
    const emulator = await openEmulator();
    await connected(emulator);
    for (const { method, authorization } of emulator.requests) {
      const right = method === 'apps.connections.open' ? emulator.appToken : emulator.token;
      expect(authorization).toBe(`Bearer ${right}`);
    }
  });

  it("tells a person's name and language, asked once; nobody waits when Slack does not say", async () => {
    const emulator = await openEmulator();
    const { events } = await connected(emulator);
    const person = emulator.person({ name: 'Osoba Testowa', locale: 'en-GB' });
    await person.say('raz');
    await person.say('dwa');
    const told = { displayName: 'Osoba Testowa', languageHint: 'en-GB' };
    expect(events).toMatchObject([told, told]);
    expect(emulator.calls('users.info')).toEqual([{ user: person.id, include_locale: 'true' }]);
    emulator.fail('users.info', { kind: 'rateLimited', retryAfter: 30 });
    await emulator.person().say('trzy');
    expect(events[2]).not.toHaveProperty('languageHint');
  });

  it('finds people of the workspace by their e-mail, and neither those who left nor faults', async () => {
    const emulator = await openEmulator({ rates });
    const { adapter } = await connected(emulator);
    const person = emulator.person({ name: 'Anna Przykładowa', email: 'anna@example.org' });
    const found = { externalId: person.id, displayName: 'Anna Przykładowa' };
    expect(await adapter.findByEmail('Anna@example.org')).toEqual(found);
    expect(await adapter.findByEmail('nikt@example.org')).toBeNull();
    person.user.deleted = true;
    expect(await adapter.findByEmail('anna@example.org')).toBeNull();
    emulator.fail('users.lookupByEmail', {
      kind: 'error',
      error: 'missing_scope',
      more: { needed: 'users:read.email' },
    });
    await expect(adapter.findByEmail('anna@example.org')).rejects.toMatchObject({
      code: 'Misconfigured',
      message: 'missing_scope: users:read.email',
    });
    for (let n = 0; n < 47; n++) await adapter.findByEmail('nikt@example.org');
    await expect(adapter.findByEmail('nikt@example.org')).rejects.toMatchObject({ code: 'Throttled' });
  });

  it('takes the press alone when the window could not be opened, so that the words are asked for in the conversation', async () => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator);
    const person = emulator.person();
    const actions = [{ kind: 'press', id: 'reply', label: 'Odpowiedz', field } as const];
    await adapter.send(person.id, message([{ type: 'actions', actions }]));
    emulator.fail('views.open', { kind: 'error', error: 'expired_trigger_id' });
    await person.press('Odpowiedz');
    await until(() => expect(events).toMatchObject([{ type: 'action', token, id: 'reply', values: [] }]));
  });

  it('opens a window for the words asked for; what is written there counts as said', async () => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator);
    const person = emulator.person();
    await adapter.send(person.id, message([{ type: 'input', id: 'words', ...field }]));
    expect(await person.press('✎ Co przeszkadza?')).toBe('taken');
    await until(() => expect(person.user.view).not.toBeNull());
    expect(events).toEqual([]);
    await person.submit('Za długie *formularze* <b>');
    expect(events).toMatchObject([
      { type: 'text', externalId: person.id, text: 'Za długie *formularze* <b>' },
    ]);
    expect(events[0]).not.toHaveProperty('replyTo');
    expect(emulator.answers).toEqual([]);
  });

  it.each([
    [8, false, ['Opcja 6'], ['6']],
    [30, false, ['Opcja 29'], ['29']],
    [8, true, ['Opcja 6', 'Opcja 2', 'Opcja 6', 'Opcja 0'], ['0', '2']],
    [30, true, ['Opcja 21', 'Opcja 3'], ['3', '21']],
  ])('takes a choice of %i options (several: %s)', async (count, multiple, labels, values) => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator);
    const person = emulator.person();
    const options = Array.from({ length: count }, (_, n) => ({ value: String(n), label: `Opcja ${n}` }));
    await adapter.send(
      person.id,
      message([{ type: 'choice', id: 'vote', multiple, options, submitLabel: 'Wyślij' }]),
    );
    for (const label of labels) await person.press(label);
    if (multiple) await person.press('Wyślij');
    expect(events).toMatchObject([{ type: 'action', token, id: 'vote', values }]);
  });

  it('takes a submit with nothing chosen for just that', async () => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator);
    const person = emulator.person();
    const options = [{ value: '0', label: 'Jedyna' }];
    await adapter.send(
      person.id,
      message([{ type: 'choice', id: 'vote', multiple: true, options, submitLabel: 'Wyślij' }]),
    );
    await person.press('Wyślij');
    expect(events).toMatchObject([{ type: 'action', id: 'vote', values: [] }]);
  });

  it('lets nothing new in while closing, and Slack keeps it', async () => {
    const emulator = await openEmulator();
    const { opened, release } = gate();
    const { adapter, events } = await connected(emulator, {}, () => opened);
    const person = emulator.person();
    const first = person.say('w ręku');
    await until(() => expect(emulator.calls('users.info')).toHaveLength(1));
    const closing = adapter.close();
    const second = emulator.person().say('za późno');
    setTimeout(release, 20);
    expect(await first).toBe('taken');
    await closing;
    expect(events).toHaveLength(1);
    const next = await connected(emulator);
    expect(await second).toBe('taken');
    expect(next.events).toMatchObject([{ text: 'za późno' }]);
  });
});
