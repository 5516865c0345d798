import { describe, expect, it } from 'vitest';
import type { InboundEvent } from '../../../core/channels/inbound-event.ts';
import { connected, message, openAdapter, openEmulator, until } from './support.ts';

describe('channels of a Slack workspace', () => {
  it('are listed page by page, those alone the app is in', async () => {
    const emulator = await openEmulator();
    const rooms = Array.from({ length: 201 }, (_, n) => emulator.room(`kanał-${n}`));
    const [left, archived] = rooms;
    if (left) left.member = false;
    if (archived) archived.archived = true;
    emulator.platform.workspace.addRoom('obcy', false);
    const { adapter, log } = await connected(emulator);
    const groups = await adapter.groups();
    expect(groups).toHaveLength(199);
    expect(groups?.at(-1)).toEqual({ externalId: rooms.at(-1)?.id, title: '#kanał-200' });
    emulator.fail('users.conversations', { kind: 'error', error: 'missing_scope' });
    expect(await adapter.groups()).toBeNull();
    expect(log).toEqual(['slack: the channels could not be listed: missing_scope']);
  });

  it('are closed to an app that is not in them', async () => {
    const emulator = await openEmulator();
    const { adapter } = await connected(emulator);
    const room = emulator.room('wieści');
    const sent = await adapter.send(room.id, message('Ogłoszenie'));
    room.member = false;
    const gone = { code: 'RecipientGone', message: 'not_in_channel' };
    await expect(adapter.send(room.id, message('Drugie'))).rejects.toMatchObject(gone);
    await expect(adapter.edit(room.id, sent, message('Inne'))).rejects.toMatchObject(gone);
  });

  it('are where the commands of one person are acknowledged with a word to them alone', async () => {
    const emulator = await openEmulator();
    const { adapter } = openAdapter(emulator);
    const events: InboundEvent[] = [];
    await adapter.connect(async (event) => {
      events.push(event);
      return event.inGroup && { text: 'Dalszy ciąg w rozmowie' };
    });
    const person = emulator.person();
    const outside = emulator.platform.workspace.addRoom('obok', false);
    await person.command('sondy', outside.id);
    await person.command('sondy', person.user.conversation);
    expect(events).toMatchObject([
      { type: 'command', name: 'sondy', inGroup: { externalId: outside.id, reachable: true } },
      { type: 'command', name: 'sondy' },
    ]);
    expect(events[1]).not.toHaveProperty('inGroup');
    await until(() => expect(emulator.answers).toHaveLength(1));
    expect(emulator.answers).toMatchObject([{ response_type: 'ephemeral', text: 'Dalszy ciąg w rozmowie' }]);
    expect(emulator.calls('chat.postEphemeral')).toEqual([]);
    expect(emulator.socket.violations).toEqual([]);
  });

  it('answer `/wici setup` to whoever typed it, with the acknowledgement', async () => {
    const emulator = await openEmulator();
    const { adapter } = openAdapter(emulator);
    const events: InboundEvent[] = [];
    await adapter.connect(async (event) => {
      events.push(event);
      return { text: 'Już <zamieszczam>', invitation: 'Kod1' };
    });
    const [inside, outside] = [emulator.room('w środku'), emulator.platform.workspace.addRoom('obok', false)];
    const person = emulator.person();
    await person.command('setup', inside.id);
    await person.command('setup', outside.id);
    expect(events).toMatchObject([
      { type: 'setUp', group: { externalId: inside.id, title: '#w środku' } },
      { type: 'setUp', group: { named: '#obok' } },
    ]);
    await until(() => expect(emulator.answers).toHaveLength(2));
    expect(emulator.answers[0]).toMatchObject({
      response_type: 'ephemeral',
      text: 'Już &lt;zamieszczam&gt;',
      blocks: [
        { type: 'section', text: { type: 'plain_text', text: 'Już <zamieszczam>' } },
        {
          type: 'rich_text',
          elements: [{ elements: [{ type: 'link', url: expect.stringMatching(/#Kod1$/) }] }],
        },
      ],
    });
  });
});
