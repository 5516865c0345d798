import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Block } from '../../../core/channels/outbound-message.ts';
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

const join = { kind: 'press', id: 'join', label: 'Dołącz' } as const;
const commands = [command('menu', 'menu')];
const button: Block<string> = { type: 'actions', actions: [{ kind: 'press', id: 'ok', label: 'OK' }] };

describe('receiving on Discord', () => {
  it('takes a direct message that does not say what it is', async () => {
    const emulator = await openEmulator();
    emulator.channelType = false;
    const { events } = await connected(emulator);
    emulator.person().say('Halo');
    await until(() => expect(textsOf(events)).toEqual(['Halo']));
  });

  it('ignores its own messages and those of other bots', async () => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator);
    const person = emulator.person();
    const other = emulator.person();
    other.account.user.bot = true;
    await adapter.send(person.id, message('my'));
    other.say('bot');
    person.say('człowiek');
    await until(() => expect(textsOf(events)).toEqual(['człowiek']));
  });

  it('is not moved by what it does not know', async () => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator);
    for (const [type, data] of [
      ['SOMETHING_NEW', { id: 1 }],
      ['MESSAGE_CREATE', { id: 7 }],
      ['MESSAGE_CREATE', null],
      ['INTERACTION_CREATE', { type: 99 }],
      ['INTERACTION_CREATE', { id: '1', type: 3, data: {} }],
    ] as const) {
      emulator.gateway.dispatch(type, data);
    }
    emulator.person().say('dalej');
    await until(() => expect(textsOf(events)).toEqual(['dalej']));
    expect(adapter.health().state).toBe('connected');
  });

  it('answers a press only once it is taken', async () => {
    const emulator = await openEmulator();
    let release = () => {};
    const stored = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { adapter, events } = await connected(emulator, {}, () => stored);
    const person = emulator.person();
    await adapter.send(person.id, message([{ type: 'text', text: 'x' }, button]));
    const asked = person.press('OK');
    await delay(100);
    expect(asked.answer).toBeNull();
    release();
    await until(() => expect(asked.answer).toEqual({ type: 6 }));
    expect(events).toMatchObject([{ type: 'action', id: 'ok', languageHint: 'pl' }]);
    expect(emulator.calls('answerInteraction')[0]?.authorization).toBeUndefined();
  });

  it('answers in time although the store is slow, and takes the press all the same', async () => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator, {}, () => delay(3300));
    const person = emulator.person();
    await adapter.send(person.id, message([{ type: 'text', text: 'x' }, button]));
    const asked = person.press('OK');
    await until(() => expect(asked.answer).toEqual({ type: 6 }));
    expect(Date.now() - asked.at).toBeLessThan(3000);
    await until(() => expect(events).toHaveLength(1));
  });

  it('leaves no trace of the answer a command has to have in direct messages', async () => {
    const emulator = await openEmulator();
    const { events } = await connected(emulator, { texts, commands });
    await offered(emulator, 2);
    const asked = emulator.person().slash('menu');
    await until(() => expect(emulator.calls('deleteAnswer')).toHaveLength(1));
    await until(() => expect(asked).toMatchObject({ answer: { type: 5, data: { flags: 64 } }, shown: null }));
    expect(events).toMatchObject([{ type: 'command', name: 'menu', args: '' }]);
  });

  it.each([
    ['pl', 'pl: see your messages'],
    ['en-US', 'en: see your messages'],
  ])('begins in a server and goes on in direct messages (%s)', async (locale, words) => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator, { texts, commands });
    await offered(emulator, 2);
    const person = emulator.person();
    person.account.locale = locale;
    const asked = person.slash('menu', '', true);
    await until(() => expect(asked.shown).toEqual({ content: words, ephemeral: true, labels: [] }));
    expect(events).toMatchObject([
      { type: 'command', name: 'menu', externalId: person.id, languageHint: locale },
    ]);
    await adapter.send(person.id, message('Menu'));
    expect(person.text()).toBe('Menu');
  });

  it('says in the server that direct messages are closed', async () => {
    const emulator = await openEmulator();
    const { adapter } = await connected(emulator, { texts, commands });
    await offered(emulator, 2);
    const person = emulator.person();
    person.account.state = 'closed';
    const asked = person.slash('menu', '', true);
    await until(() => expect(asked.shown).not.toBeNull());
    await expect(adapter.send(person.id, message('Menu'))).rejects.toMatchObject({ code: 'RecipientGone' });
    await until(() => expect(asked.shown?.content).toBe('pl: allow messages'));
  });

  it('tells whoever asks for a Join button what became of it, late too, and nobody else', async () => {
    const emulator = await openEmulator();
    let slow = false;
    const { adapter } = openAdapter(emulator, { texts });
    await adapter.connect(async () => {
      if (slow) await new Promise((resolve) => setTimeout(resolve, 2100));
      return { text: 'Gotowe_tutaj', ...(slow ? { invitation: 'Kod1' } : {}) };
    });
    await offered(emulator, 1);
    const [room, person] = [emulator.room('wieści'), emulator.person()];
    const asked = room.setUp(person);
    await until(() => expect(asked.shown).toMatchObject({ content: 'Gotowe\\_tutaj', ephemeral: true }));
    slow = true;
    const later = room.setUp(person);
    await until(() => expect(later.answer?.type).toBe(5));
    await until(() => expect(later.shown?.content).toMatch(/^Gotowe\\_tutaj\nhttps:.*#Kod1$/));
    expect(room.shown()).toEqual([]);
  });

  it('says in the channel that direct messages are closed to whoever pressed there', async () => {
    const emulator = await openEmulator();
    const { adapter } = openAdapter(emulator, { texts });
    await adapter.connect(async () => ({ text: 'Piszę prywatnie' }));
    const [room, person] = [emulator.room('wieści'), emulator.person()];
    person.account.state = 'closed';
    await adapter.send(`#${room.id}`, message([{ type: 'actions', actions: [join] }]));
    const asked = room.press(person, 'Dołącz');
    await until(() => expect(asked.shown?.content).toBe('Piszę prywatnie'));
    await expect(adapter.send(person.id, message('Witaj'))).rejects.toMatchObject({ code: 'RecipientGone' });
    await until(() => expect(asked.shown?.content).toBe('pl: allow messages'));
  });

  it('knows the channels it may write in, and forgets those it may not', async () => {
    const emulator = await openEmulator();
    const early = emulator.room('dawny');
    const { adapter } = await connected(emulator);
    const room = emulator.room('nowy');
    const titles = async () => (await adapter.groups())?.map((g) => g.title);
    const known = async (expected: string[]) =>
      vi.waitFor(async () => expect(await titles()).toEqual(expected), { interval: 3 });
    await known(['#dawny', '#nowy']);
    room.allow('readOnly');
    await known(['#dawny']);
    early.allow('deleted');
    await known([]);
    await expect(adapter.send(`#${room.id}`, message('x'))).rejects.toMatchObject({ code: 'RecipientGone' });
    room.allow('hidden');
    await expect(adapter.send(`#${room.id}`, message('x'))).rejects.toMatchObject({ code: 'RecipientGone' });
  });

  it('says of no channel that it is gone while its server is away', async () => {
    const emulator = await openEmulator();
    emulator.room('stały');
    const { adapter } = await connected(emulator);
    const known = (expected: object | null) =>
      vi.waitFor(async () => expect(await adapter.groups()).toEqual(expected), {
        timeout: 5000,
        interval: 3,
      });
    const channels = [expect.objectContaining({ title: '#stały' })] as unknown as object;
    await known(channels);
    emulator.gateway.dispatch('GUILD_DELETE', { id: emulator.platform.guild.id, unavailable: true });
    await known(null);
    emulator.gateway.dispatch('GUILD_CREATE', emulator.platform.guildJson());
    await known(channels);
  });

  it('takes one event once, though it comes live and is read back too', async () => {
    const emulator = await openEmulator();
    const { events } = await connected(emulator);
    const person = emulator.person();
    const said = person.say('raz');
    emulator.gateway.dispatch('MESSAGE_CREATE', said, true);
    person.say('dwa');
    await until(() => expect(textsOf(events)).toEqual(['raz', 'dwa']));
  });
});
