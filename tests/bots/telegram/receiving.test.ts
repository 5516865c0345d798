import { describe, expect, it } from 'vitest';
import type { InboundEvent } from '../../../core/channels/inbound-event.ts';
import { connected, message, openAdapter, openEmulator, openPerson, token, until } from './support.ts';

const textOf = (event: InboundEvent) => (event.type === 'text' ? event.text : event.type);
const pendingIds = (emulator: { platform: { updates: { pending: readonly { update_id: number }[] } } }) =>
  emulator.platform.updates.pending.map((update) => update.update_id);

describe('Telegram, polled', () => {
  it('confirms an update only once it is stored', async () => {
    const emulator = await openEmulator();
    let store = () => {};
    const stored = new Promise<void>((resolve) => {
      store = resolve;
    });
    const { events } = await connected(emulator, {}, () => stored);
    const person = openPerson(emulator);
    person.say('ważne');
    await until(() => expect(emulator.calls('getUpdates').length).toBeGreaterThan(2));
    expect(pendingIds(emulator)).toHaveLength(1);
    expect(events).toEqual([]);
    store();
    await until(() => expect(pendingIds(emulator)).toEqual([]));
    expect(events.map(textOf)).toEqual(['ważne']);
  });

  it('loses nothing when it stops in the middle: what was not stored comes to the next one', async () => {
    const emulator = await openEmulator();
    const broken = await connected(emulator, {}, async (event) => {
      if (textOf(event) !== 'pierwsze') throw new Error('the store is away');
    });
    const [one, other] = [openPerson(emulator), openPerson(emulator)];
    one.say('pierwsze');
    other.say('drugie');
    one.say('trzecie');
    await until(() => expect(broken.events.map(textOf)).toEqual(['pierwsze']));
    await broken.adapter.close();
    expect(pendingIds(emulator)).toHaveLength(2);
    const next = await connected(emulator);
    await until(() => expect(next.events.map(textOf)).toEqual(['drugie', 'trzecie']));
    await until(() => expect(pendingIds(emulator)).toEqual([]));
  });

  it('tells the platform what it took before it ends', async () => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator);
    openPerson(emulator).say('raz');
    await until(() => expect(events).toHaveLength(1));
    await adapter.close();
    expect(pendingIds(emulator)).toEqual([]);
  });

  it('lets a bad update harm no other', async () => {
    const emulator = await openEmulator();
    const { events } = await connected(emulator);
    const person = openPerson(emulator);
    emulator.platform.updates.pushRaw({ message: { text: 5, chat: 'nowhere' } });
    emulator.platform.updates.pushRaw({ message: null });
    emulator.platform.updates.pushRaw({ never_heard_of: {} });
    emulator.platform.updates.pushRaw({ callback_query: { id: 'x' } });
    person.say('dalej');
    await until(() => expect(events.map(textOf)).toEqual(['dalej']));
    await until(() => expect(pendingIds(emulator)).toEqual([]));
  });

  it('keeps the order of each of many chats, whatever takes how long', async () => {
    const emulator = await openEmulator();
    const people = Array.from({ length: 8 }, () => openPerson(emulator));
    for (let n = 0; n < 20; n++) for (const person of people) person.say(`${n}`);
    let turn = 0;
    const { events } = await connected(emulator, {}, async () => {
      turn += 1;
      await new Promise((resolve) => setTimeout(resolve, (turn * 7) % 5));
    });
    await until(() => expect(events).toHaveLength(160));
    for (const person of people) {
      const own = events.filter((event) => event.externalId === person.id).map(textOf);
      expect(own).toEqual(Array.from({ length: 20 }, (_, n) => `${n}`));
    }
    await until(() => expect(pendingIds(emulator)).toEqual([]));
  });

  it('hands a replayed update over under the id it had', async () => {
    const emulator = await openEmulator();
    const { events } = await connected(emulator);
    openPerson(emulator).say('raz');
    const replayed = [...emulator.platform.updates.pending];
    await until(() => expect(pendingIds(emulator)).toEqual([]));
    emulator.platform.updates.replay(replayed);
    await until(() => expect(events).toHaveLength(2));
    expect(events[0]?.externalEventId).toBe(events[1]?.externalEventId);
  });

  it('goes on for everybody else while one update is refused again and again', async () => {
    const emulator = await openEmulator();
    const { events, log } = await connected(emulator, { backoffMs: () => 1 }, async (event) => {
      if (textOf(event) === 'trucizna') throw new Error('never taken');
    });
    openPerson(emulator).say('trucizna');
    const person = openPerson(emulator);
    for (let n = 0; n < 99; n++) person.say(`${n}`);
    await until(() => expect(events).toHaveLength(99));
    expect(pendingIds(emulator)).toHaveLength(100);
    // One more does not fit into what the platform shows: only now is it given up, and said so.
    person.say('setna');
    await until(() => expect(events).toHaveLength(100));
    expect(log.join()).toMatch(/update \d+ was refused/);
  });

  it('gives nothing up while nothing at all can be stored', async () => {
    const emulator = await openEmulator();
    let away = true;
    const { events } = await connected(emulator, { backoffMs: () => 1 }, async () => {
      if (away) throw new Error('the store is away');
    });
    const person = openPerson(emulator);
    for (let n = 0; n < 110; n++) person.say(`${n}`);
    await until(() => expect(emulator.calls('getUpdates').length).toBeGreaterThan(4));
    expect(pendingIds(emulator)).toHaveLength(110);
    away = false;
    await until(() => expect(events.map(textOf)).toEqual(Array.from({ length: 110 }, (_, n) => `${n}`)));
  });

  it('asks only for what it can use', async () => {
    const emulator = await openEmulator();
    await connected(emulator);
    await until(() => expect(emulator.calls('getUpdates').length).toBeGreaterThan(0));
    expect(emulator.calls('getUpdates')[0]).toMatchObject({
      allowed_updates: ['message', 'callback_query', 'my_chat_member'],
    });
  });

  it('shows a platform that is away and comes back by itself', async () => {
    const emulator = await openEmulator();
    emulator.fail('getMe', { kind: 'page', status: 502 }, 2);
    emulator.fail('getUpdates', { kind: 'truncated' }, 1);
    emulator.fail('getUpdates', { kind: 'reset', accepted: false }, 2);
    const { adapter, events } = await connected(emulator);
    openPerson(emulator).say('halo');
    await until(() => expect(events).toHaveLength(1));
    expect(adapter.health()).toEqual({ state: 'connected', handle: 'wici_standin_bot' });
  });

  it('is failing, with the cause, while nobody answers at all', async () => {
    const emulator = await openEmulator();
    await emulator.close();
    const { adapter } = await connected(emulator);
    expect(adapter.health()).toEqual({
      state: 'failing',
      detail: 'no answer from Telegram (ECONNREFUSED)',
    });
    expect(adapter.invitationLink('abc')).toBeNull();
  });

  it('says so when its token is refused or another program reads the same bot', async () => {
    const emulator = await openEmulator();
    const stranger = openAdapter(emulator, { token: '1:wrong' });
    await stranger.adapter.connect(async () => undefined);
    expect(stranger.adapter.health()).toMatchObject({ state: 'failing', detail: /token was refused/ });
    const conflict = {
      kind: 'error',
      code: 409,
      description: 'Conflict: terminated by other getUpdates',
    } as const;
    emulator.fail('getUpdates', conflict, 10_000);
    const { adapter } = await connected(emulator);
    await until(() => expect(adapter.health().detail).toMatch(/another program/));
  });

  it('takes over from a webhook set before', async () => {
    const emulator = await openEmulator();
    emulator.platform.updates.setWebhook({ url: 'http://127.0.0.1:9/', secret: 'x' }, undefined, false);
    const { events } = await connected(emulator);
    openPerson(emulator).say('halo');
    await until(() => expect(events).toHaveLength(1));
  });

  it('writes the menu in each language, and goes on when that is refused', async () => {
    const emulator = await openEmulator();
    const commands = {
      pl: [
        { command: 'menu', description: 'Menu' },
        { command: 'zgłoś', description: 'nie do wpisania' },
      ],
      en: [{ command: 'menu', description: 'The menu' }],
    };
    emulator.fail('setMyCommands', { kind: 'error', code: 400, description: 'Bad Request: no' });
    const { adapter, log } = await connected(emulator, { commands });
    expect(adapter.health().state).toBe('connected');
    expect(log).toEqual(['telegram: menu: 400 Bad Request: no']);
    expect(Object.fromEntries(emulator.platform.commands)).toEqual({
      pl: [{ command: 'menu', description: 'Menu' }],
      en: commands.en,
    });
  });

  it('answers every press at once, before its work is done', async () => {
    const emulator = await openEmulator();
    let finish = () => {};
    const work = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { adapter, events } = await connected(emulator, {}, () => work);
    const person = openPerson(emulator);
    const button = { type: 'actions', actions: [{ kind: 'press', id: 'ok', label: 'OK' }] } as const;
    await adapter.send(person.id, message([button]));
    const queries = [person.press('OK'), person.press('OK'), person.pressData('forged')];
    await until(() => {
      for (const id of queries) expect(emulator.platform.queries.get(id)?.answered).toBe(true);
    });
    expect(events).toEqual([]);
    finish();
    await until(() => expect(events).toHaveLength(2));
  });

  it('takes a press whose answer comes too late', async () => {
    const emulator = await openEmulator({ now: () => now });
    let now = 1_800_000_000_000;
    const { adapter, events } = await connected(emulator);
    const person = openPerson(emulator);
    const button = { type: 'actions', actions: [{ kind: 'press', id: 'ok', label: 'OK' }] } as const;
    await adapter.send(person.id, message([button]));
    person.press('OK');
    now += 60_000;
    await until(() => expect(events).toHaveLength(1));
  });
});

describe('a multiple choice on Telegram', () => {
  const choice = {
    type: 'choice',
    id: 'vote',
    multiple: true,
    options: ['Rano', 'Południe', 'Wieczór'].map((label, index) => ({ value: `${index}`, label })),
    submitLabel: 'Wyślij',
  } as const;

  it('is marked in the message alone; the core hears of it once, when it is submitted', async () => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator);
    const person = openPerson(emulator);
    await adapter.send(person.id, message([choice]));
    expect(person.labels()).toEqual(['☐ Rano', '☐ Południe', '☐ Wieczór', 'Wyślij']);
    person.press('☐ Rano');
    await until(() => expect(person.labels()[0]).toBe('☑ Rano'));
    person.press('☑ Rano');
    await until(() => expect(person.labels()[0]).toBe('☐ Rano'));
    expect(events).toEqual([]);
  });

  it('keeps every mark of a quick hand, submitted before the marks are seen', async () => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator);
    const person = openPerson(emulator);
    await adapter.send(person.id, message([choice]));
    person.press('☐ Rano');
    person.press('☐ Wieczór');
    person.press('Wyślij');
    await until(() => expect(events).toHaveLength(1));
    expect(events[0]).toMatchObject({ type: 'action', token, id: 'vote', values: ['0', '2'] });
    expect(person.labels()).toEqual(['☑ Rano', '☐ Południe', '☑ Wieczór', 'Wyślij']);
  });

  it('begins anew after the message was edited', async () => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator);
    const person = openPerson(emulator);
    const sent = await adapter.send(person.id, message([choice]));
    person.press('☐ Rano');
    await until(() => expect(person.labels()[0]).toBe('☑ Rano'));
    await adapter.edit(person.id, sent, message([choice]));
    person.press('☐ Południe');
    await until(() => expect(person.labels()).toEqual(['☐ Rano', '☑ Południe', '☐ Wieczór', 'Wyślij']));
    person.press('Wyślij');
    await until(() => expect(events[0]).toMatchObject({ values: ['1'] }));
  });
});
