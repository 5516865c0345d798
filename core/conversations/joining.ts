import type { Draft } from '../deliveries/content.ts';
import { DomainError } from '../domain-error.ts';
import { findUsableInvitation, openLinkCode } from '../invitations/invitation.ts';
import { createLinkCode, joiningCode, linkAccount } from '../invitations/link-account.ts';
import { isLanguage } from '../language.ts';
import { setAccountLanguage } from '../members/accounts.ts';
import { resumeMember } from '../members/stop.ts';
import { findCompany } from '../store/companies.ts';
import { findMember } from '../store/members.ts';
import { literal, say } from '../text.ts';
import type { Code } from './codes.ts';
import { askName, buttons, comeBackButton, languageButton, line, note, title } from './dialogs/parts.ts';
import { waitingLines, who } from './home.ts';
import { menuButtons } from './menu.ts';
import type { Talk } from './talk.ts';
import { waitingFor } from './waiting.ts';

/** Counted no further in the menu. */
const most = 50;

/** Somebody opens an invitation, or types a code. */
export async function useCode(talk: Talk, { kind, code }: Code): Promise<void> {
  if (kind === 'link') return link(talk, code);
  if (talk.member) return alreadyJoined(talk);
  await askToJoin(talk, code);
}

async function askToJoin(talk: Talk, code: string): Promise<void> {
  await talk.orRefused(async () => {
    const { db } = talk.unit;
    const invitation = await findUsableInvitation(talk.unit, code);
    const invited = invitation.member_id === null ? undefined : await findMember(db, invitation.member_id);
    const companyId = invitation.company_id ?? invited?.company_id ?? null;
    const company = companyId === null ? undefined : await findCompany(db, companyId);
    const name = invitation.kind === 'link' ? invited?.name : invitation.name;
    if (isLanguage(invitation.language)) {
      await setAccountLanguage(talk.unit, talk.account.id, invitation.language);
      await talk.reload();
    }
    const args = {
      code,
      ...(invitation.kind === 'network' || invitation.kind === 'group' ? { pickCompany: '1' } : {}),
      ...((invitation.kind === 'personal' || invitation.kind === 'link') && name ? { name } : {}),
      ...(company ? { company: company.name } : {}),
    };
    await talk.advance({ type: 'begin', dialog: 'join', args });
  });
}

/** Without an invitation: the open network takes everybody, the other says how to get one. */
export async function comeIn(talk: Talk): Promise<void> {
  if (talk.network.joining === 'open') {
    return useCode(talk, { kind: 'invitation', code: await openLinkCode(talk.unit.db) });
  }
  const { name: network, contact, languages } = talk.network;
  // Not every messenger says which language its person reads.
  const others = languages.filter((language) => language !== talk.account.language);
  await talk.say([
    title('chat:stranger.welcome', { network }),
    line('chat:stranger.invitedOnly'),
    ...(contact ? [line('chat:stranger.contact', { contact })] : []),
    note('chat:stranger.link'),
    ...(others.length > 0 ? [buttons(...others.map(languageButton))] : []),
  ]);
}

/**
 * The second messenger becomes one more address of the person who made the code; whoever has not joined yet (staff on the
 * list, with a code of the console's) is asked for their consent first.
 */
export async function link(talk: Talk, code: string): Promise<void> {
  const joining = talk.member ? null : await joiningCode(talk.unit.db, code);
  if (joining !== null) return askToJoin(talk, joining);
  const before = talk.member?.id;
  const linked = await talk.orRefused(async () => {
    const member = await linkAccount(talk.unit, { accountId: talk.account.id, code });
    if (member.id === before) throw new DomainError('chat:errors.linkedAlready');
  });
  if (!linked) return;
  await talk.reload();
  const { person } = talk.context;
  await talk.say([
    title('chat:link.done', { name: person.name }),
    line('chat:link.next'),
    menuButtons(talk.staff),
  ]);
}

/** A code to type in the second messenger. */
export async function showLinkCode(talk: Talk, memberId: string): Promise<void> {
  const { code } = await createLinkCode(talk.unit, memberId);
  await talk.say([
    line('chat:link.how'),
    { type: 'text', style: 'title', text: literal(`${code.slice(0, 4)}-${code.slice(4)}`) },
    note('chat:link.holds'),
    ...waysWith(talk, code),
  ]);
}

/** Buttons that lead to the other messengers with the code; nothing where there is no other. */
function waysWith({ unit, account }: Talk, code: string): Draft {
  const ways = unit.channels.flatMap((channel) => {
    const url = channel === account.channel ? null : unit.wayIn(channel, code);
    const label = say('chat:link.open', { messenger: say(`chat:me.channels.${channel}`) });
    return url === null ? [] : [{ kind: 'link', label, url } as const];
  });
  return ways.length > 0 ? [note('chat:link.byButton'), { type: 'actions', actions: ways }] : [];
}

async function alreadyJoined(talk: Talk): Promise<void> {
  const { person, network } = talk.context;
  const who = person.company
    ? line('chat:joined.alreadyCompany', {
        network: network.name,
        name: person.name,
        company: person.company,
      })
    : line('chat:joined.already', { network: network.name, name: person.name });
  if (talk.member?.status === 'stopped') return comeBack(talk, talk.member.id);
  await talk.say([who, menuButtons(talk.staff)]);
}

/** Messages go out to the person again. */
export async function comeBack(talk: Talk, memberId: string): Promise<void> {
  await resumeMember(talk.unit, memberId);
  await talk.reload();
  await talk.say([line('chat:stop.back'), menuButtons(talk.staff)]);
}

/** What a person who said /stop sees: one tap brings them back. */
export async function stoppedNotice(talk: Talk): Promise<void> {
  await talk.say([line('chat:stop.still'), comeBackButton()]);
}

export async function showMenu(talk: Talk): Promise<void> {
  const { unit, member, network, staff } = talk;
  await talk.say([
    line('chat:menu.title', { network: network.name }),
    ...(member ? [await who(unit.db, member)] : []),
    ...(member ? waitingLines(await waitingFor(unit.db, member.id, unit.now, most)) : []),
    ...askName(talk.context.person),
    menuButtons(staff),
  ]);
  if (talk.member?.status === 'stopped') await stoppedNotice(talk);
}
