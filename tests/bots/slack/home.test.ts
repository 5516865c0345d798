import type { HomeView } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { renderHome } from '../../../bots/slack/render.ts';
import type { Block } from '../../../core/channels/outbound-message.ts';
import { homeView } from '../../emulators/slack/blocks.ts';
import { connected, field, message, openEmulator, token, until } from './support.ts';

const press = (id: string, label: string): Block<string> => ({
  type: 'actions',
  actions: [{ kind: 'press', id, label }],
});
const options = ['0', '1', '2'].map((value) => ({ value, label: `Opcja ${value}` }));
const several: Block<string> = { type: 'choice', id: 'vote', multiple: true, options, submitLabel: 'Wyślij' };
const card = (name: string, blocks: readonly Block<string>[]) =>
  message(blocks, { token: name.padEnd(16, '0') });

describe("Slack's App Home", () => {
  it('is put up when it is opened, and again in place of what stood there', async () => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator);
    const person = emulator.person();
    await person.openHome();
    await person.openHome('messages');
    expect(events).toMatchObject([{ type: 'home', externalId: person.id, languageHint: 'pl-PL' }]);
    const home = message([{ type: 'text', text: 'Witaj' }], { home: [] });
    const sent = await adapter.send(person.id, home);
    expect(person.home()).toEqual({ words: 'Witaj', labels: [] });
    await adapter.edit(person.id, sent, { ...home, home: [card('A', [press('confirm', 'Przeczytane')])] });
    expect(person.home()).toEqual({ words: 'Witaj', labels: ['Przeczytane'] });
    expect(person.shown()).toEqual([]);
  });

  it('has buttons, marks and windows of every card, each its own', async () => {
    const emulator = await openEmulator();
    const { adapter, events } = await connected(emulator);
    const person = emulator.person();
    const report = { kind: 'press', id: 'menu.report', label: 'Zgłoś', field } as const;
    const cards = [card('A', [press('confirm', 'Przeczytane')]), card('B', [several]), card('C', [several])];
    const top = message([{ type: 'actions', actions: [report] }], { home: cards });
    await adapter.send(person.id, top);
    await person.pressHome('Przeczytane');
    await person.pressHome('Opcja 2');
    await person.pressHome('Wyślij');
    expect(events).toMatchObject([
      { type: 'action', token: 'A'.padEnd(16, '0'), id: 'confirm', externalMessageId: 'home' },
      { type: 'action', token: 'B'.padEnd(16, '0'), id: 'vote', values: ['2'], externalMessageId: 'home' },
    ]);
    await person.pressHome('Zgłoś');
    await until(() => expect(person.user.view).not.toBeNull());
    await person.submit('Brama się zacina');
    expect(events[2]).toMatchObject({
      type: 'text',
      text: 'Brama się zacina',
      field: { token, id: 'menu.report' },
    });
  });

  it('that was put up by another process meanwhile is composed anew, not overwritten', async () => {
    const emulator = await openEmulator();
    const { adapter } = await connected(emulator);
    const person = emulator.person();
    const home = (text: string) => message([{ type: 'text', text }], { home: [] });
    await adapter.send(person.id, home('pierwszy'));
    emulator.platform.workspace.publish(person.id, { type: 'home', blocks: [] }, undefined);
    await expect(adapter.send(person.id, home('dawny'))).rejects.toMatchObject({
      code: 'Unavailable',
      retryable: true,
    });
    expect(person.home().words).toBe('');
    await adapter.send(person.id, home('nowy'));
    expect(person.home().words).toBe('nowy');
  });

  it('without an answer may be put up again: nothing is in doubt', async () => {
    const emulator = await openEmulator();
    const { adapter } = await connected(emulator, { sendTimeoutMs: 200 });
    const person = emulator.person();
    emulator.fail('views.publish', { kind: 'silence', accepted: true });
    const error = await adapter.send(person.id, message('Witaj', { home: [] })).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'Unavailable', maybeSent: false });
  });

  it('holds a hundred blocks: cards beyond are left out whole', () => {
    const long = (n: number) =>
      card(
        `${n}`,
        Array.from({ length: 30 }, () => press('confirm', 'Przeczytane')),
      );
    const view: HomeView = renderHome(message('Witaj', { home: [1, 2, 3, 4].map(long) }));
    expect(homeView.safeParse(view).error).toBeUndefined();
    expect(view.blocks).toHaveLength(1 + 3 * 31);
  });
});
