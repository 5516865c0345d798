import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InboundEvent } from '../../core/channels/inbound-event.ts';
import { listGroups } from '../../core/groups/group.ts';
import { postJoinButton } from '../../core/groups/join-button.ts';
import { takeEvent } from '../../core/inbox.ts';
import { revokeInvitation } from '../../core/invitations/invitation.ts';
import { findInvitationView } from '../../core/invitations/list.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addPerson, buttonsOf, wordsOf } from './announcements-support.ts';
import { addGroup, hall, pressIn, shownIn } from './groups-support.ts';

let t: TestCore;
let group: string;

beforeEach(async () => {
  t = await openTestCore('2026-11-23T10:00:00Z');
  group = await addGroup(t);
  await addPerson(t, { id: 'staff', role: 'staff', accounts: ['telegram'] });
});
afterEach(() => t.close());

const post = async (staffId: string | null = 'staff') => {
  await t.core.transaction((unit) => postJoinButton(unit, group, staffId));
  await t.settle();
};
const press = async (who: string, reachable = true) => {
  const aside = await pressIn(t, { who, button: 'join', message: shownIn(t).at(-1), reachable });
  await t.settle();
  return aside;
};
const invitationId = async () => (await listGroups(t.core.db))[0]?.invitationId ?? null;
const said = (who: string) => t.channels.telegram.to(who).flatMap(wordsOf).join('\n');

describe('the Join button', () => {
  it('stands in the group in both languages', async () => {
    await post();
    expect(wordsOf(shownIn(t)[0])).toEqual([
      'Dołącz do sieci: Wici',
      expect.stringContaining('Naciśnij przycisk'),
      'Join Wici',
      expect.stringContaining('Press the button'),
    ]);
    const labels = shownIn(t)[0]?.blocks.flatMap((b) => (b.type === 'actions' ? b.actions : []));
    expect(labels?.map((a) => a.label)).toEqual(['Dołącz / Join']);
    expect(buttonsOf(shownIn(t)[0])).toEqual(['join']);
  });

  it('invites whoever presses it, where only the invited join: the conversation begins in private', async () => {
    await post();
    expect((await press('newcomer'))?.text).toContain('w\u00a0prywatnej rozmowie');
    expect(said('newcomer')).not.toContain('zaproszeni');
    expect(t.channels.telegram.to('newcomer').length).toBeGreaterThan(0);
    expect(new Set(t.channels.telegram.sent.map((s) => s.externalId))).toEqual(new Set([hall, 'newcomer']));
  });

  it('shows the way where the messenger lets nobody be written to first', async () => {
    await post();
    const invitation = await findInvitationView(t.core.db, (await invitationId()) ?? '', t.clock.now());
    expect(await press('newcomer', false)).toMatchObject({ enter: true, invitation: invitation?.code });
    expect(t.channels.telegram.to('newcomer')).toEqual([]);
    expect(invitation).toMatchObject({ kind: 'group', name: '#ogłoszenia', state: 'sent', role: 'member' });
  });

  it('invites nobody any more once its invitation is revoked; posted again it does', async () => {
    await post();
    const first = (await invitationId()) ?? '';
    await t.core.transaction((unit) => revokeInvitation(unit, first));
    expect(await invitationId()).toBeNull();
    expect((await press('newcomer', false))?.invitation).toBeUndefined();
    await press('other');
    expect(said('other')).toContain('zaproszeni');
    await post();
    expect(await invitationId()).not.toBe(first);
    expect((await press('newcomer', false))?.invitation).toBeDefined();
  });

  it('posted by no one of the staff it lets in only where everybody may join', async () => {
    await post(null);
    expect((await press('newcomer', false))?.invitation).toBeUndefined();
    await t.core.db.updateTable('network').set({ joining: 'open' }).execute();
    expect((await press('newcomer', false))?.invitation).toBeDefined();
  });

  it('tells who has joined already so in private', async () => {
    await post();
    await press('staff', false);
    expect(said('staff')).toContain('Osoba staff');
  });

  it('cannot be posted where Wici may not write', async () => {
    await t.core.db.updateTable('group_chat').set({ status: 'closed' }).execute();
    await expect(post()).rejects.toMatchObject({ key: 'groups:errors.closed' });
  });
});

describe('the command that posts it', () => {
  let n = 0;
  const ask = async (who: string, change: Partial<Extract<InboundEvent, { type: 'setUp' }>>) => {
    n += 1;
    const { aside } = await takeEvent(t.core, {
      ...{ channel: 'telegram', externalEventId: `s${n}`, externalId: who, languageHint: 'en' },
      ...{ type: 'setUp', group: { externalId: hall, title: '#ogłoszenia' }, manages: false, ...change },
    });
    await t.settle();
    return aside?.text;
  };

  it('is for staff, and for whoever manages the group', async () => {
    await addPerson(t, { id: 'member', language: 'en', accounts: ['telegram'] });
    expect(await ask('member', {})).toContain('for the network’s staff');
    expect(await ask('stranger', {})).toContain('for the network’s staff');
    expect(shownIn(t)).toEqual([]);
    expect(await ask('stranger', { manages: true })).toContain('#ogłoszenia');
    expect(await invitationId()).toBeNull();
    expect(await ask('staff', {})).toContain('#ogłoszenia');
    expect(await invitationId()).not.toBeNull();
    expect(shownIn(t)).toHaveLength(2);
  });

  it('tells who is none of the staff when the button invites nobody, and how it would', async () => {
    const told = () => ask('stranger', { manages: true });
    expect(await told()).toMatch(/ask for an invitation’s code.*posted by the staff/);
    await ask('staff', {});
    expect(await told()).not.toContain('code');
    const invitation = (await invitationId()) ?? '';
    await t.core.transaction((unit) => revokeInvitation(unit, invitation));
    expect(await told()).toContain('code');
    await t.core.db.updateTable('network').set({ joining: 'open' }).execute();
    expect(await told()).not.toContain('code');
  });

  it('takes a group by its name, and one it did not know', async () => {
    expect(await ask('staff', { group: { named: '#Ogloszenia' } })).toContain('#ogłoszenia');
    expect(await ask('staff', { group: { named: 'inna' } })).toContain('Dodaj Wici');
    expect(await ask('staff', { group: null })).toContain('Dodaj Wici');
    expect(await ask('staff', { group: { externalId: 'G8', title: 'Nowa' } })).toContain('Nowa');
    expect(shownIn(t, 'G8')).toHaveLength(1);
  });
});
