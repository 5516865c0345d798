import { describe, expect, it } from 'vitest';
import { announcementReport, createAnnouncement } from '../../core/announcements/index.ts';
import { takeEvent } from '../../core/inbox.ts';
import { createInvitation } from '../../core/invitations/invitation.ts';
import { listReplies } from '../../core/replies/list.ts';
import { TerminalAdapter } from '../support/fifth/adapter.ts';
import { seenOf, TerminalPerson } from '../support/fifth/person.ts';
import { TerminalService } from '../support/fifth/terminal-service.ts';
import { openTestCore } from '../support/test-core.ts';
import { type ContractSubject, describeChannelContract } from './channel-adapter.ts';

// What docs/adding-a-messenger.md promises: five small files, and nothing in the core changes. A real fifth messenger adds
// its name to core/channels/channel-name.ts; this one borrows a name, so that the list stays that of what is shipped.
const borrowed = 'webchat';

async function open(): Promise<ContractSubject> {
  const service = new TerminalService();
  let terminals = 0;
  const personOf = (externalId: string) => new TerminalPerson(service, externalId);
  return {
    adapter: new TerminalAdapter(service, borrowed),
    newPerson: async () => {
      terminals += 1;
      return personOf(`terminal-${terminals}`);
    },
    groups: {
      open: async (title) => {
        const number = `B${service.boards.size + 1}`;
        const board = { name: title, lent: true };
        service.boards.set(number, board);
        return {
          externalId: number,
          title,
          seen: async () => service.sheets(number).map(([n, sheet]) => seenOf(n, sheet)),
          write: async (person, text) => service.type(person.externalId, { board: number, text }),
          press: async (person, label) => {
            await personOf(person.externalId).pressOn(number, label);
            const whisper = service.whispers.at(-1);
            return whisper?.terminal === person.externalId ? whisper.words : '';
          },
          rename: async (named) => {
            board.name = named;
          },
          close: async () => {
            board.lent = false;
          },
        };
      },
    },
    faults: {
      unavailable: () => service.failNext('busy'),
      throttled: () => service.failNext('slow_down'),
      silence: () => service.failNext('line_dropped'),
      refused: () => service.failNext('bad_badge'),
    },
    blocking: {
      block: ({ externalId }) => service.type(externalId, { plug: 'pulled' }),
      unblock: ({ externalId }) => service.type(externalId, { plug: 'back' }),
    },
    close: async () => undefined,
  };
}

describeChannelContract('A fifth messenger', open);

describe('A fifth messenger takes part', () => {
  it('in joining, an announcement read back, a reply and a language, with nothing in the core changed', async () => {
    const service = new TerminalService();
    const adapter = new TerminalAdapter(service, borrowed);
    const t = await openTestCore('2026-11-23T10:00:00Z', () => adapter);
    await adapter.connect(async (event) => {
      expect((await takeEvent(t.core, event)).fault).toBeUndefined();
    });
    const anna = new TerminalPerson(service, 'terminal-7');
    const screen = async () =>
      (await anna.seen())
        .map((s) => s.text)
        .join('\n')
        .replaceAll('\u00a0', ' ');
    const write = async (text: string, replyTo?: string) => {
      await anna.write(text, replyTo);
      await t.settle();
    };
    const press = async (label: string) => {
      await anna.press(label);
      await t.settle();
    };

    const { code } = await t.core.transaction((unit) =>
      createInvitation(unit, { kind: 'personal', name: 'Anna Przykładowa' }),
    );
    await write(`/start ${code}`);
    expect(await screen()).toContain('Zaproszenie dla: Anna Przykładowa');
    await press('Polski');
    await press('Zgadzam się, dołączam');
    expect(await screen()).toContain('Gotowe, jesteś w sieci');

    const title = { pl: 'Próba syren', en: 'Siren test' };
    const text = { pl: 'W środę w południe.', en: 'On Wednesday at noon.' };
    const { id } = await t.core.transaction((unit) =>
      createAnnouncement(unit, { title, text, confirm: true, urgent: true }, null),
    );
    await t.settle();
    expect(await screen()).toContain('W środę w południe.');
    const card = (await anna.seen()).findLast((s) => s.text.includes('Próba syren'));
    await press('Przeczytane ✓');
    expect((await announcementReport(t.core.db, id)).counts).toMatchObject({ accepted: 1, confirmed: 1 });

    await write('A co z alarmem w budynku B?', card?.externalMessageId);
    await write('/language');
    await press('English');
    expect(await screen()).toContain('From now on we use English');
    const { items } = await listReplies(t.core.db, { open: true });
    expect(items.map((reply) => reply.text)).toEqual(['A co z alarmem w budynku B?']);
    await adapter.close();
    await t.close();
  });
});
