import type { Draft } from '../deliveries/content.ts';
import { type MemberFile, memberFile } from '../members/member-file.ts';
import { momentText } from '../moment-text.ts';
import { authored, literal, say, type Text } from '../text.ts';
import { buttons, languageNames, line, note, quote, title } from './dialogs/parts.ts';
import type { Talk } from './talk.ts';

/** All that is known of the person, in words, with what they can do about it. */
export async function aboutMe(talk: Talk, memberId: string): Promise<void> {
  const file = await memberFile(talk.unit.db, memberId);
  if (!file) return;
  const { contact, timeZone } = talk.network;
  await talk.say([
    title('chat:me.title'),
    { type: 'fields', items: facts(file, timeZone) },
    ...written(file, timeZone),
    ...voted(file),
    note('chat:me.who'),
    ...(contact ? [note('chat:me.contact', { contact })] : []),
    buttons(
      { id: 'me.name', label: say(talk.context.person.unnamed ? 'chat:name.give' : 'chat:me.rename') },
      { id: 'menu.language', label: say('chat:menu.language') },
      { id: 'me.link', label: say('chat:me.link') },
      { id: 'me.stop', label: say('chat:me.stop') },
      { id: 'me.erase', label: say('chat:me.erase'), style: 'danger' },
    ),
  ]);
}

function facts(file: MemberFile, timeZone: string): { label: Text; value: Text }[] {
  const { member, accounts, announcements } = file;
  const main = announcements.filter((a) => a.purpose === 'main');
  const row = (key: string, value: Text | null) => (value ? [{ label: say(`chat:me.${key}`), value }] : []);
  const channels = [...new Set(accounts.map((a) => a.channel))];
  return [
    ...row('name', literal(member.name)),
    ...row('company', member.company && literal(member.company.name)),
    ...row('email', member.email ? literal(member.email) : null),
    ...row('role', say(`chat:me.roles.${member.role}`)),
    ...row('language', languageNames[member.language]),
    ...row('messengers', joined(channels.map((c) => say(`chat:me.channels.${c}`)))),
    ...row('tags', member.tags.length > 0 ? literal(member.tags.join(', ')) : null),
    ...row('consent', member.consentAt === null ? null : momentText(member.consentAt, timeZone)),
    ...row('stopped', member.stoppedAt === null ? null : momentText(member.stoppedAt, timeZone)),
    ...row(
      'announcements',
      say('chat:me.announcementCounts', {
        received: main.length,
        confirmed: main.filter((a) => a.confirmedAt !== null).length,
      }),
    ),
    ...row('votes', literal(String(file.votes.length))),
    ...row('replies', literal(String(file.replies.filter((r) => r.from === 'member').length))),
    ...row('barriers', literal(String(file.barriers.length))),
    ...row('webchat', file.webchat.length > 0 ? literal(String(file.webchat.length)) : null),
  ];
}

function written({ replies, barriers }: MemberFile, timeZone: string): Draft {
  const own = replies.filter((r) => r.from === 'member');
  return [
    ...(barriers.length > 0 ? [line('chat:me.yourBarriers')] : []),
    ...barriers.flatMap(
      (b): Draft => [
        note(b.anonymous ? 'chat:me.barrierAnonymous' : 'chat:me.barrier', {
          number: String(b.number),
          status: say(`barriers:status.${b.status}`),
          when: momentText(b.createdAt, timeZone),
        }),
        quote(b.text),
      ],
    ),
    ...(own.length > 0 ? [line('chat:me.yourReplies')] : []),
    ...own.map((r) => quote(r.text)),
  ];
}

function voted({ votes }: MemberFile): Draft {
  if (votes.length === 0) return [];
  const items = votes.map((v) => ({
    label: authored(v.question),
    value: v.options ? joined(v.options.map(authored)) : say('chat:me.voteAnonymous'),
  }));
  return [line('chat:me.yourVotes'), { type: 'fields', items }];
}

function joined(texts: readonly Text[]): Text {
  const [first = literal('–'), ...rest] = texts;
  return rest.reduce<Text>((all, next) => say('chat:dialog.list', { first: all, next }), first);
}
