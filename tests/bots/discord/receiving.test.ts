import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Block } from '../../../core/channels/outbound-message.ts';
import { connected, message, openEmulator, texts, textsOf, until } from './support.ts';

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
    const { events } = await connected(emulator, { texts });
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
    const { adapter, events } = await connected(emulator, { texts });
    const person = emulator.person();
    person.account.locale = locale;
    const asked = person.slash('menu', [], true);
    await until(() => expect(asked.shown).toEqual({ content: words, ephemeral: true, labels: [] }));
    expect(events).toMatchObject([
      { type: 'command', name: 'menu', externalId: person.id, languageHint: locale },
    ]);
    await adapter.send(person.id, message('Menu'));
    expect(person.text()).toBe('Menu');
  });

  it('says in the server that direct messages are closed', async () => {
    const emulator = await openEmulator();
    const { adapter } = await connected(emulator, { texts });
    const person = emulator.person();
    person.account.state = 'closed';
    const asked = person.slash('menu', [], true);
    await until(() => expect(asked.shown).not.toBeNull());
    await expect(adapter.send(person.id, message('Menu'))).rejects.toMatchObject({ code: 'RecipientGone' });
    await until(() => expect(asked.shown?.content).toBe('pl: allow messages'));
  });

  it('posts a Join button where it is asked for, and takes whoever presses it', async () => {
    const emulator = await openEmulator();
    const { events } = await connected(emulator, { texts });
    const asked = emulator.person().slash('wici', [{ type: 1, name: 'setup' }], true);
    await until(() =>
      expect(asked.shown).toEqual({ content: 'pl: come in', ephemeral: false, labels: ['pl: Join'] }),
    );
    const person = emulator.person();
    const joining = person.pressData('join', {} as never, true);
    await until(() => expect(joining.shown?.content).toBe('pl: see your messages'));
    expect(events).toMatchObject([{ type: 'command', name: 'start', args: '', externalId: person.id }]);
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
