import type { Draft } from '../deliveries/content.ts';
import { field } from '../deliveries/field.ts';
import { enqueue, sayToMember } from '../outbox.ts';
import { type Barrier, staffMembers } from '../store/barriers.ts';
import { findCompany } from '../store/companies.ts';
import { findMember } from '../store/members.ts';
import { literal, say, type Text } from '../text.ts';
import type { Unit } from '../unit.ts';

const quoted = 120;
const answerField = field('chat:answer.hint', 'barriers:staff.answer');

/** Tells the reporter what happened to their report, in their language, with its number and first words. */
export async function tellReporter(unit: Unit, barrier: Barrier, news: Text, text: string): Promise<void> {
  if (barrier.reporter_id === null) return;
  const blocks: Draft = [
    { type: 'text', style: 'title', text: news },
    { type: 'text', style: 'quote', text: literal(firstWords(barrier.text)) },
    ...(text === '' ? [] : [{ type: 'text', style: 'body', text: literal(text) } as const]),
    { type: 'text', style: 'note', text: say('barriers:reporter.howToAnswer') },
  ];
  await sayToMember(unit, barrier.reporter_id, blocks, { kind: 'barrier', id: barrier.id });
}

/**
 * Lets staff who have joined know of a report's new words, waiting out quiet hours. Staff are not told of their own reports;
 * of anonymous ones they are, so that nobody's silence says whose it is.
 */
export async function tellStaff(
  unit: Unit,
  barrier: Barrier,
  { key, text, purpose }: { key: string; text: string; purpose: string },
): Promise<void> {
  const blocks: Draft = [
    { type: 'text', style: 'title', text: say(key, { number: barrier.number }) },
    { type: 'text', style: 'quote', text: literal(text) },
    { type: 'text', style: 'note', text: await origin(unit, barrier) },
    { type: 'text', style: 'note', text: say('barriers:staff.howToAnswer') },
    {
      type: 'actions',
      actions: [{ kind: 'press', id: 'answer', label: say('barriers:staff.answer'), field: answerField }],
    },
  ];
  const staff = (await staffMembers(unit.db)).filter(
    (m) => barrier.anonymous || m.id !== barrier.reporter_id,
  );
  await enqueue(
    unit,
    staff.map((member) => ({
      to: { memberId: member.id },
      subject: { kind: 'barrier', id: barrier.id } as const,
      purpose,
      content: { blocks },
      lane: 'broadcast' as const,
      quiet: true,
    })),
  );
}

/** "Finance · Anna Przykładowa, Firma Testowa"; of an anonymous report only that it is one. */
async function origin({ db }: Unit, barrier: Barrier): Promise<Text> {
  const kind = say(`barriers:kind.${barrier.kind}`);
  if (barrier.anonymous) return say('barriers:staff.fromAnonymous', { kind });
  const member = barrier.reporter_id ? await findMember(db, barrier.reporter_id) : undefined;
  const company = barrier.company_id ? await findCompany(db, barrier.company_id) : undefined;
  const who = [member?.name, company?.name].filter(Boolean).join(', ');
  return say('barriers:staff.from', { kind, who });
}

/** The beginning of a text on one line, cut between words. */
export function firstWords(text: string): string {
  const chars = [...text.replace(/\s+/gu, ' ').trim()];
  if (chars.length <= quoted) return chars.join('');
  const cut = chars.slice(0, quoted - 1).join('');
  const space = cut.lastIndexOf(' ');
  return `${(space > quoted / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
