import type { StoredDraft } from '../deliveries/content.ts';
import { field } from '../deliveries/field.ts';
import { networkSettings } from '../network/settings.ts';
import { enqueue, refresh } from '../outbox.ts';
import { findAccount } from '../store/accounts.ts';
import { findCompany } from '../store/companies.ts';
import { type Delivery, findDeliveryByMessage, findHome } from '../store/deliveries.ts';
import { findMember, type Member } from '../store/members.ts';
import type { Db } from '../store/schema.ts';
import { literal, say } from '../text.ts';
import { buttons, comeBackButton, languageNames, line, note, title } from './dialogs/parts.ts';
import { menuButtons } from './menu.ts';
import type { Talk } from './talk.ts';
import { type Waiting, waitingFor } from './waiting.ts';

/** Cards of each kind on a home: those that do not fit come when these are answered. */
const atMost = 5;

/** Brings the person's home on this messenger up to date; the first time it is made. */
export async function showHome({ unit, account, member }: Talk): Promise<void> {
  const home = await findHome(unit.db, account.id);
  if (home) return refresh(unit, [home.id], 'person');
  await enqueue(unit, [
    {
      to: member ? { memberId: member.id, accountId: account.id } : { accountId: account.id },
      subject: { kind: 'home', id: account.id },
      lane: 'person',
    },
  ]);
}

/** What was pressed may be on the person's home, which then shows what came of it. */
export async function keepHome(talk: Talk, pressedOn: string | undefined): Promise<void> {
  if (pressedOn === undefined) return;
  const { pressed, account } = talk;
  const itself = pressed?.account_id === account.id && pressed.external_message_id === pressedOn;
  const delivery = itself ? pressed : await findDeliveryByMessage(talk.unit.db, account.id, pressedOn);
  if (delivery?.subject_kind === 'home') await showHome(talk);
}

/** What stands at the top of a home now: who one is, what waits and what can be done; to others how to join. */
export async function homeCard(db: Db, { account_id }: Delivery, now: number): Promise<StoredDraft | null> {
  const account = account_id === null ? undefined : await findAccount(db, account_id);
  if (!account) return null;
  const network = await networkSettings(db);
  const member = account.member_id === null ? undefined : await findMember(db, account.member_id);
  if (!member || member.status === 'listed') return strangerCard(network.name, network.joining === 'open');
  const stopped = member.status === 'stopped';
  return [
    title('chat:home.title', { network: network.name }),
    await who(db, member),
    ...(stopped ? [line('chat:stop.still'), comeBackButton()] : []),
    ...waitingLines(await waitingFor(db, member.id, now, atMost)),
    menuButtons(member.role !== 'member' && !stopped),
    note('chat:home.answers'),
  ];
}

/** The deliveries whose cards stand on this home below its top. */
export async function homeDeliveries(db: Db, home: Delivery, now: number): Promise<readonly Delivery[]> {
  if (home.member_id === null) return [];
  const { announcements, polls } = await waitingFor(db, home.member_id, now, atMost);
  return [...announcements, ...polls];
}

/** Whom we take the reader for, in a line. */
export async function who(db: Db, { name, company_id, language }: Member) {
  const company = company_id === null ? undefined : await findCompany(db, company_id);
  const known = { name: literal(name), language: languageNames[language] };
  return company
    ? note('chat:home.whoCompany', { ...known, company: literal(company.name) })
    : note('chat:home.who', known);
}

/** How much waits for an answer; nothing when nothing does. */
export function waitingLines({ announcements, polls }: Waiting) {
  return [
    ...(announcements.length > 0 ? [line('chat:home.announcements', { count: announcements.length })] : []),
    ...(polls.length > 0 ? [line('chat:home.polls', { count: polls.length })] : []),
  ];
}

function strangerCard(network: string, open: boolean): StoredDraft {
  return [
    title('chat:stranger.welcome', { network }),
    line(open ? 'chat:home.openToAll' : 'chat:home.invitedOnly'),
    buttons(
      {
        id: 'menu.start',
        label: say('chat:home.join'),
        style: 'primary',
        ...(open ? {} : { field: field('chat:home.code', 'chat:home.join') }),
      },
      { id: 'menu.language', label: say('chat:menu.language') },
      { id: 'menu.help', label: say('chat:menu.help') },
    ),
    note('chat:home.answers'),
  ];
}
