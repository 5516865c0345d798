import type { Aside } from '../channels/channel-adapter.ts';
import type { InboundEvent } from '../channels/inbound-event.ts';
import { DomainError } from '../domain-error.ts';
import { emptyInvitation, invitationState } from '../invitations/invitation.ts';
import { isStaff } from '../members/check.ts';
import { networkSettings } from '../network/settings.ts';
import { enqueue } from '../outbox.ts';
import { changeGroup, findGroup, type GroupChat } from '../store/groups.ts';
import { findInvitation, type Invitation, insertInvitation } from '../store/invitations.ts';
import type { Db } from '../store/schema.ts';
import { literal, say, spoken } from '../text.ts';
import type { Unit } from '../unit.ts';
import { inEveryLanguage, labelInEveryLanguage } from './every-language.ts';
import { admitGroup, groupNamed } from './group.ts';
import { asideFor, presserOf } from './presser.ts';

/**
 * Posts the message with the Join button in a group. Posted by staff it invites: whoever presses it may join, also where
 * only the invited do. Throws DomainErrors 'common:errors.notFound', 'groups:errors.closed'.
 */
export async function postJoinButton(unit: Unit, groupId: string, staffId: string | null): Promise<void> {
  const group = await findGroup(unit.db, groupId);
  if (!group) throw new DomainError('common:errors.notFound');
  if (group.status !== 'open') throw new DomainError('groups:errors.closed');
  if (staffId !== null) await inviteGroup(unit, group, staffId);
  const { name, languages } = await networkSettings(unit.db);
  const network = literal(name);
  const said = inEveryLanguage(languages, (language) => [
    { type: 'text', style: 'title', text: spoken(language, say('groups:join.title', { network })) },
    { type: 'text', text: spoken(language, say('groups:join.text')) },
  ]);
  const label = labelInEveryLanguage(languages, say('groups:join.button'));
  await enqueue(unit, [
    {
      to: { groupId },
      subject: { kind: 'group', id: groupId },
      purpose: 'group',
      content: {
        blocks: [
          ...said,
          { type: 'actions', actions: [{ kind: 'press', id: 'join', label, style: 'primary' }] },
        ],
      },
      lane: 'broadcast',
    },
  ]);
  unit.ring({ kind: 'changed', topic: 'messengers' });
}

/** The invitation of a group, while it holds. */
export async function invitationOf(db: Db, group: GroupChat, now: number): Promise<Invitation | null> {
  const invitation = group.invitation_id === null ? null : await findInvitation(db, group.invitation_id);
  if (!invitation) return null;
  const state = invitationState(invitation, now);
  return state === 'revoked' || state === 'expired' ? null : invitation;
}

async function inviteGroup(unit: Unit, group: GroupChat, staffId: string): Promise<void> {
  if (await invitationOf(unit.db, group, unit.now)) return;
  const invitation = {
    ...emptyInvitation(unit, 'group', unit.ids.token()),
    ...{ name: group.title, created_by: staffId, sent_at: unit.now },
  };
  await insertInvitation(unit.db, invitation);
  await changeGroup(unit.db, group.id, { invitation_id: invitation.id });
  unit.ring({ kind: 'changed', topic: 'members' });
}

type SetUp = Extract<InboundEvent, { type: 'setUp' }>;

/** The command that posts a Join button: for staff, and for whoever the messenger says manages the group. */
export async function setUp(unit: Unit, event: SetUp): Promise<Aside> {
  const presser = await presserOf(unit, event);
  const { member } = presser;
  const staff = member !== null && isStaff(member);
  if (!staff && !event.manages) return asideFor(unit, presser, 'groups:setUp.staffOnly');
  const group = await meant(unit, event);
  if (!group) return asideFor(unit, presser, `groups:setUp.where.${event.channel}`);
  const invites = staff || (await letsIn(unit, group));
  await postJoinButton(unit, group.id, staff ? member.id : null);
  const key = invites ? 'groups:setUp.done' : 'groups:setUp.doneInvitedOnly';
  return asideFor(unit, presser, key, { group: literal(group.title) });
}

/** Whether somebody who has no invitation of their own may join by the group's button. */
async function letsIn(unit: Unit, group: GroupChat): Promise<boolean> {
  const { joining } = await networkSettings(unit.db);
  return joining === 'open' || (await invitationOf(unit.db, group, unit.now)) !== null;
}

async function meant(unit: Unit, { channel, group }: SetUp): Promise<GroupChat | null> {
  if (group === null) return null;
  return 'named' in group ? groupNamed(unit.db, channel, group.named) : admitGroup(unit, channel, group);
}
