import { titleOf } from '../announcements/announcement.ts';
import { sharedBarriers, sharedListId } from '../barriers/list.ts';
import { firstWords } from '../barriers/tell.ts';
import type { Draft, StoredContent } from '../deliveries/content.ts';
import { momentText } from '../moment-text.ts';
import { enqueue } from '../outbox.ts';
import { openPollsFor, showPoll } from '../polls/show.ts';
import { announcementsFor } from '../store/shown-announcements.ts';
import { authored, say, type Text } from '../text.ts';
import { line, note, quote, title } from './dialogs/parts.ts';
import type { Talk } from './talk.ts';

const atMost = 10;

/** The cards of the polls this member has not answered yet. */
export async function showPolls(talk: Talk, memberId: string): Promise<void> {
  const open = await openPollsFor(talk.unit.db, memberId, talk.unit.now);
  const waiting = open.filter((poll) => !poll.voted).slice(0, atMost);
  if (waiting.length === 0) {
    return talk.say([line(open.length > 0 ? 'chat:polls.allAnswered' : 'chat:polls.none')]);
  }
  await talk.say([line('chat:polls.waiting', { count: waiting.length })]);
  for (const { id } of waiting) {
    await talk.orRefused(() => showPoll(talk.unit, id, memberId, talk.account.id));
  }
}

/** The last announcements, those that wait for a confirmation first; each can be shown again. */
export async function showAnnouncements(talk: Talk, memberId: string): Promise<void> {
  const last = await announcementsFor(talk.unit.db, memberId, 50);
  const waits = (a: (typeof last)[number]) => a.confirm === 1 && a.confirmed_at === null;
  const listed = [...last.filter(waits), ...last.filter((a) => !waits(a))].slice(0, atMost);
  if (listed.length === 0) return talk.say([line('chat:announcements.none')]);
  const when = (at: number) => momentText(at, talk.network.timeZone);
  const state = (a: (typeof last)[number]): Text => {
    if (a.confirmed_at !== null) return say('chat:announcements.confirmed', { when: when(a.confirmed_at) });
    return waits(a) ? say('chat:announcements.waits') : when(a.send_at);
  };
  await talk.say(
    [
      title('chat:announcements.title'),
      { type: 'fields', items: listed.map((a) => ({ label: authored(titleOf(a)), value: state(a) })) },
      line('chat:announcements.pick'),
      {
        type: 'choice',
        id: 'show',
        multiple: false,
        options: listed.map((a, i) => ({ value: String(i), label: authored(titleOf(a)) })),
        submitLabel: say('chat:announcements.show'),
      },
    ],
    { content: { refs: listed.map((a) => a.id) } },
  );
}

/** The announcement picked from the list, as it stands now. */
export async function showAnnouncement(talk: Talk, memberId: string, value: string): Promise<void> {
  const { refs = [] } = JSON.parse(talk.pressed?.content ?? '{}') as Partial<StoredContent>;
  const id = refs[Number(value)];
  if (id === undefined) return talk.sayText(say('chat:button.old'));
  await enqueue(talk.unit, [
    {
      to: { memberId, accountId: talk.account.id },
      subject: { kind: 'announcement', id },
      purpose: 'shown',
      lane: 'person',
    },
  ]);
}

/** The newest of the reports everybody may see: what they say and where they stand, never whose they are. */
export async function showSharedReports(talk: Talk): Promise<void> {
  const { items } = await sharedBarriers(talk.unit.db, { limit: atMost });
  if (items.length === 0) return talk.say([line('chat:reports.none')]);
  const list: Draft = [
    title('chat:reports.title'),
    ...items.flatMap(
      ({ number, kind, status, text }): Draft => [
        note('chat:reports.item', {
          number: String(number),
          kind: say(`barriers:kind.${kind}`),
          status: say(`barriers:status.${status}`),
        }),
        quote(firstWords(text)),
      ],
    ),
    line('chat:reports.own'),
  ];
  await talk.say(list, {
    subject: { kind: 'barrier', id: sharedListId },
    content: { refs: items.map(({ id }) => id) },
  });
}
