import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { DirectMessageMark } from '../../../bots/discord/transport/direct-messages.ts';
import {
  command,
  connected,
  message,
  offered,
  openAdapter,
  openEmulator,
  texts,
  textsOf,
  until,
} from './support.ts';

describe('the connection to Discord', () => {
  it('asks for the intents it needs and no more', async () => {
    const emulator = await openEmulator();
    emulator.gateway.disallowed = ~((1 << 0) | (1 << 12)) & 0xff_ff_ff;
    const { adapter } = await connected(emulator);
    expect(adapter.health()).toEqual({ state: 'connected', handle: 'wici-standin' });
    expect(adapter.invitationLink('Kod1')).toBe(`https://discord.com/users/${emulator.platform.bot.id}#Kod1`);
  });

  it.each([
    [4014, /intent.*4014.*developer portal/, 'permission'],
    [4004, /token.*4004/, 'credential'],
  ])('stops at %i with one clear line', async (code, line, cause) => {
    const emulator = await openEmulator();
    if (code === 4014) emulator.gateway.disallowed = 1 << 12;
    const { adapter, log } = await connected(emulator);
    if (code === 4004) emulator.gateway.close(4004);
    await until(() => expect(adapter.health().state).toBe('stopped'));
    expect(adapter.health()).toMatchObject({ detail: expect.stringMatching(line), cause });
    const before = emulator.gateway.identifies;
    await delay(700);
    expect(emulator.gateway.identifies).toBe(before);
    expect(adapter.health().state).toBe('stopped');
    expect(log).toEqual([expect.stringMatching(line)]);
  });

  it('lets the messages it can still send go on when the gateway is closed to it', async () => {
    const emulator = await openEmulator();
    emulator.gateway.disallowed = 1 << 12;
    const { adapter } = await connected(emulator);
    const person = emulator.person();
    await adapter.send(person.id, message('mimo to'));
    expect(person.text()).toBe('mimo to');
  });

  it('stops when its token is refused', async () => {
    const emulator = await openEmulator();
    const { adapter, log } = openAdapter(emulator, { token: 'another.token.altogether' });
    await adapter.connect(async () => undefined);
    expect(adapter.health()).toMatchObject({
      state: 'stopped',
      detail: expect.stringMatching(/token.*401/),
      cause: 'credential',
    });
    expect(log).toHaveLength(1);
    await delay(50);
    expect(emulator.calls('gateway')).toHaveLength(1);
  });

  it('goes on trying while Discord is away, and says so once', async () => {
    const emulator = await openEmulator();
    emulator.fail('gateway', { kind: 'error', status: 503, code: 0, message: 'x' }, 3);
    const { adapter, log } = await connected(emulator);
    expect(adapter.health().state).toBe('failing');
    await until(() => expect(adapter.health().state).toBe('connected'));
    expect(log).toEqual(['discord: 503 from Discord', 'discord: connected again']);
  });

  it('gets what was said while the connection was cut', async () => {
    const emulator = await openEmulator();
    const { events } = await connected(emulator);
    const person = emulator.person();
    person.say('przed');
    await until(() => expect(events).toHaveLength(1));
    emulator.gateway.drop();
    person.say('w trakcie');
    await until(() => expect(emulator.gateway.resumes).toBe(1));
    person.say('po');
    await until(() => expect(textsOf(events)).toEqual(['przed', 'w trakcie', 'po']));
    expect(emulator.calls('readMessages')).toEqual([]);
  });

  it.each([1001, 4000, 4009])('takes its session up again after the gateway closed with %i', async (code) => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator);
    emulator.gateway.close(code);
    emulator.person().say('w trakcie');
    await until(() => expect(textsOf(events)).toEqual(['w trakcie']));
    expect(emulator.gateway).toMatchObject({ resumes: 1, identifies: 1 });
    expect(adapter.health().state).toBe('connected');
  });

  it('beats as often as it is asked to', async () => {
    const emulator = await openEmulator({ heartbeatMs: 100 });
    const { adapter } = await connected(emulator);
    await until(() => expect(emulator.gateway.heartbeats).toBeGreaterThan(5));
    expect(adapter.health().state).toBe('connected');
    expect(emulator.gateway).toMatchObject({ resumes: 0, identifies: 1 });
  });

  it('comes again when it is asked to', async () => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator);
    emulator.gateway.reconnect();
    await until(() => expect(emulator.gateway.resumes).toBe(1));
    emulator.person().say('po');
    await until(() => expect(textsOf(events)).toEqual(['po']));
    expect(adapter.health().state).toBe('connected');
  });

  it('reads back, in order, what a lost session never says again', async () => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator);
    const [known, written, stranger] = [emulator.person(), emulator.person(), emulator.person()];
    known.say('1');
    await adapter.send(written.id, message('Ogłoszenie'));
    await until(() => expect(events).toHaveLength(1));
    emulator.gateway.forget();
    for (let n = 2; n <= 150; n++) known.say(`${n}`);
    written.say('odpowiedź');
    stranger.say('nigdy nie pisał');
    await until(() => expect(emulator.gateway.identifies).toBe(2));
    known.say('151');
    const expected = Array.from({ length: 151 }, (_, n) => `${n + 1}`);
    await until(() => expect(textsOf(events.filter((e) => e.externalId === known.id))).toEqual(expected));
    await until(() =>
      expect(textsOf(events.filter((e) => e.externalId === written.id))).toEqual(['odpowiedź']),
    );
  }, 20_000);

  it('tries reading back again when that goes wrong', async () => {
    const emulator = await openEmulator();
    const { events, log } = await connected(emulator);
    const person = emulator.person();
    person.say('przed');
    await until(() => expect(events).toHaveLength(1));
    emulator.fail('readMessages', { kind: 'error', status: 500, code: 0, message: 'x' }, 2);
    emulator.gateway.invalidate();
    person.say('w trakcie');
    await until(() => expect(textsOf(events)).toEqual(['przed', 'w trakcie']));
    expect(log.join()).not.toContain('read back');
  }, 20_000);

  it('reads back after a restart what it remembers', async () => {
    const emulator = await openEmulator();
    const marks = new Map<string, DirectMessageMark>();
    const memory = {
      load: async () => [...marks.values()],
      save: async (mark: DirectMessageMark) => void marks.set(mark.externalId, mark),
    };
    const person = emulator.person();
    const first = await connected(emulator, { memory });
    person.say('przed');
    await until(() => expect(first.events).toHaveLength(1));
    await first.adapter.close();
    person.say('w trakcie');
    const second = await connected(emulator, { memory });
    await until(() => expect(textsOf(second.events)).toEqual(['w trakcie']));
    await second.adapter.send(person.id, message('x'));
    expect(emulator.calls('openDirectMessages')).toEqual([]);
  });

  it('reads only once over what it said itself: the mark goes on behind it', async () => {
    const emulator = await openEmulator();
    const marks = new Map<string, DirectMessageMark>();
    const memory = {
      load: async () => [...marks.values()],
      save: async (mark: DirectMessageMark) => void marks.set(mark.externalId, mark),
    };
    const person = emulator.person();
    const first = await connected(emulator, { memory });
    person.say('przed');
    await until(() => expect(first.events).toHaveLength(1));
    const sent = await first.adapter.send(person.id, message('od nas'));
    await first.adapter.close();
    await connected(emulator, { memory });
    await until(() => expect(marks.get(person.id)?.lastMessageId).toBe(sent.externalMessageId));
  });

  it('reads many conversations back at the platform’s own rate while nothing else is going on', async () => {
    const emulator = await openEmulator();
    const people = Array.from({ length: 60 }, () => emulator.person());
    for (const person of people) person.account.opened = true;
    const marks = people.map(({ id, account }) => ({
      externalId: id,
      channelId: account.channelId,
      lastMessageId: '0',
    }));
    const memory = { load: async () => marks, save: async () => undefined };
    const start = Date.now();
    await connected(emulator, { memory });
    await until(() => expect(emulator.calls('readMessages')).toHaveLength(60));
    expect(Date.now() - start).toBeLessThan(4000);
    const at = emulator.requests.flatMap((r) => (r.call === 'readMessages' ? r.at : []));
    expect(at.filter((moment) => moment < (at[0] ?? 0) + 1000).length).toBeLessThanOrEqual(45);
  });

  it('forgets nothing that could not be stored when it is closed', async () => {
    const emulator = await openEmulator();
    const saved: DirectMessageMark[] = [];
    const memory = { load: async () => [], save: async (mark: DirectMessageMark) => void saved.push(mark) };
    const { adapter } = await connected(emulator, { memory }, async () => {
      throw new Error('the store is away');
    });
    emulator.person().say('x');
    await delay(50);
    await adapter.close();
    expect(saved).toEqual([]);
  });

  it('writes its commands in both languages, once', async () => {
    const emulator = await openEmulator();
    const commands = [command('menu', 'menu'), command('zgłoś', 'report'), command('NIE', 'NO')];
    const { adapter, events } = await connected(emulator, { commands, texts });
    await offered(emulator, 3);
    expect(emulator.platform.commands).toMatchObject([
      { name: 'menu', contexts: [0, 1] },
      {
        name: 'report',
        name_localizations: { pl: 'zgłoś' },
        description: 'in English report',
        description_localizations: { pl: 'po polsku zgłoś' },
      },
      { name: 'wici', options: [{ type: 1, name: 'setup' }], default_member_permissions: '32' },
    ]);
    emulator.gateway.forget();
    await until(() => expect(emulator.gateway.identifies).toBe(2));
    emulator.person().say('po');
    await until(() => expect(textsOf(events)).toEqual(['po']));
    // Behind whatever the new session asked for first.
    await adapter.send(emulator.person().id, message('x'));
    expect(emulator.calls('writeCommands')).toHaveLength(1);
  }, 20_000);

  it.each([
    ['refused', { refusing: 503 }],
    ['left without a word', { silent: true }],
  ])('closes at once while it is still trying, being %s', async (_, manner) => {
    const emulator = await openEmulator();
    Object.assign(emulator.gateway, manner);
    const { adapter } = openAdapter(emulator);
    const connecting = adapter.connect(async () => undefined);
    await until(() => expect(emulator.gateway.refused + emulator.gateway.open).toBeGreaterThan(0));
    // Nothing here waits for a clock. Whoever waited for the login would wait out a start's patience, five seconds.
    const closed = adapter.close().then(() => connecting);
    expect(await Promise.race([closed.then(() => 'closed'), delay(3000)])).toBe('closed');
    expect(adapter.health()).toEqual({ state: 'stopped' });
  });
});
