import { confirmAnnouncement } from '../announcements/confirm.ts';
import type { Aside } from '../channels/channel-adapter.ts';
import type { InboundEvent, InGroup } from '../channels/inbound-event.ts';
import { runCommand } from '../conversations/take-command.ts';
import { Talk } from '../conversations/talk.ts';
import { noteArrival } from '../deliveries/arrival.ts';
import { DomainError } from '../domain-error.ts';
import { openLinkCode } from '../invitations/invitation.ts';
import { takeAccount } from '../members/accounts.ts';
import { networkSettings } from '../network/settings.ts';
import { type Delivery, findDeliveryByToken } from '../store/deliveries.ts';
import { findGroup, type GroupChat } from '../store/groups.ts';
import { literal } from '../text.ts';
import type { Unit } from '../unit.ts';
import { invitationOf } from './join-button.ts';
import { asideFor, type Presser, presserOf } from './presser.ts';

type Press = Extract<InboundEvent, { type: 'action' }>;

/** A button pressed in a group: it counts for whoever pressed, and only they are told what came of it. */
export async function pressInGroup(unit: Unit, event: Press, inGroup: InGroup): Promise<Aside> {
  const presser = await presserOf(unit, event);
  const delivery = await findDeliveryByToken(unit.db, event.token);
  const group = delivery?.group_id ? await findGroup(unit.db, delivery.group_id) : undefined;
  // The button's data may be forged, or of a message forwarded from elsewhere.
  if (!delivery || group?.channel !== event.channel || group.external_id !== inGroup.externalId) {
    return asideFor(unit, presser, 'groups:press.old');
  }
  await noteArrival(unit, delivery, event);
  if (event.id === 'join') return join(unit, event, presser, group, inGroup.reachable);
  if (event.id !== 'confirm' || delivery.subject_kind !== 'announcement') {
    return asideFor(unit, presser, 'groups:press.old');
  }
  return presser.member
    ? confirm(unit, delivery, presser, presser.member.id)
    : wayIn(unit, presser, group, 'groups:press.stranger');
}

async function confirm(
  unit: Unit,
  { subject_id: announcementId }: Delivery,
  presser: Presser,
  memberId: string,
): Promise<Aside> {
  try {
    const { result } = await confirmAnnouncement(unit, { announcementId, memberId });
    return asideFor(unit, presser, `groups:press.${result}`);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.key !== 'common:errors.notFound') return asideFor(unit, presser, error.key, error.params);
    return asideFor(unit, presser, 'groups:press.notForYou');
  }
}

/** Joining goes on in private: written to there where the messenger lets us, else shown the way. */
async function join(
  unit: Unit,
  event: Press,
  presser: Presser,
  group: GroupChat,
  reachable: boolean,
): Promise<Aside> {
  if (!reachable && presser.account?.status !== 'open') {
    return { ...(await wayIn(unit, presser, group, 'groups:press.join')), enter: true };
  }
  const { account, member } = await takeAccount(unit, event);
  const talk = await Talk.open(unit, account, member);
  const code = (await invitationOf(unit.db, group, unit.now))?.code ?? '';
  await talk.orRefused(() => runCommand(talk, 'start', code));
  await talk.save();
  return asideFor(unit, presser, 'groups:press.inPrivate');
}

/** How somebody who has not joined gets in, by the network's rules. */
async function wayIn(unit: Unit, presser: Presser, group: GroupChat, key: string): Promise<Aside> {
  const { name, joining } = await networkSettings(unit.db);
  const network = literal(name);
  const held = await invitationOf(unit.db, group, unit.now);
  const invitation = held?.code ?? (joining === 'open' ? await openLinkCode(unit.db) : null);
  if (invitation === null) return asideFor(unit, presser, 'groups:press.invitedOnly', { network });
  const { text } = asideFor(unit, presser, key, { network });
  const way = asideFor(unit, presser, `groups:press.way.${group.channel}`).text;
  return { text: `${text} ${way}`, invitation };
}
