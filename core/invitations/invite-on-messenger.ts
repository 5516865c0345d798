import type { ChannelName } from '../channels/channel-name.ts';
import type { Draft } from '../deliveries/content.ts';
import { DomainError } from '../domain-error.ts';
import { takeAccount } from '../members/accounts.ts';
import { networkSettings } from '../network/settings.ts';
import { enqueue } from '../outbox.ts';
import { findAccountByAddress } from '../store/accounts.ts';
import { wasInvitedOn } from '../store/deliveries.ts';
import { findMember } from '../store/members.ts';
import type { Db } from '../store/schema.ts';
import { say } from '../text.ts';
import type { Unit } from '../unit.ts';
import { createInvitation, markSent } from './invitation.ts';

/** The purpose of an invitation's delivery. */
export const invitationPurpose = 'invitation';

export interface Invited {
  readonly memberId: string;
  readonly channel: ChannelName;
  /** The person's address there, as the messenger's directory names it. */
  readonly externalId: string;
  readonly displayName?: string;
  /** The member of the staff who chose them. */
  readonly createdBy: string;
}

/**
 * Writes once, in private and outside quiet hours, to somebody on the list whom staff chose. False: they are not written
 * to, because they have joined, stopped, were erased, were invited there before (whatever they answered), or the address is
 * another person's or closed to us. Throws as createInvitation does.
 */
export async function inviteOnMessenger(unit: Unit, invited: Invited): Promise<boolean> {
  const { memberId, channel, externalId, displayName, createdBy } = invited;
  if (!unit.channels.includes(channel)) throw new DomainError('messengers:errors.off');
  if (!(await mayBeInvited(unit.db, invited))) return false;
  const { account } = await takeAccount(unit, { channel, externalId, displayName });
  const invitation = await createInvitation(unit, { kind: 'personal', memberId, createdBy });
  const { name } = await networkSettings(unit.db);
  const made = await enqueue(unit, [
    {
      to: { accountId: account.id },
      subject: { kind: 'dialog', id: account.id },
      purpose: invitationPurpose,
      dedupeKey: `invitation:${channel}:${memberId}`,
      content: { blocks: words(name), refs: [invitation.id] },
      lane: 'person',
      quiet: true,
    },
  ]);
  await markSent(unit, invitation.id);
  return made.length > 0;
}

/** Whether this person may be written to there at all. */
export async function mayBeInvited(
  db: Db,
  { memberId, channel, externalId }: Pick<Invited, 'memberId' | 'channel' | 'externalId'>,
): Promise<boolean> {
  const member = await findMember(db, memberId);
  if (member?.status !== 'listed' || (await wasInvitedOn(db, channel, memberId))) return false;
  const account = await findAccountByAddress(db, channel, externalId);
  return account === undefined || (account.member_id === null && account.status === 'open');
}

function words(network: string): Draft {
  return [
    { type: 'text', style: 'title', text: say('chat:invited.title', { network }) },
    { type: 'text', text: say('chat:invited.why', { network }) },
    {
      type: 'actions',
      actions: [
        { kind: 'press', id: 'invited.join', label: say('chat:home.join'), style: 'primary' },
        { kind: 'press', id: 'invited.refuse', label: say('chat:invited.refuse') },
      ],
    },
  ];
}
