import { awaitAnswersOf, endPendingOf } from '../store/person-traces.ts';
import type { Unit } from '../unit.ts';
import { editMember, presentMember } from './member.ts';

/**
 * Nothing more is sent to the person, on any messenger: what waits becomes unreachable ('stopped') and shows as such.
 * Stopped already: nothing happens.
 */
export async function stopMember(unit: Unit, memberId: string): Promise<void> {
  const member = await presentMember(unit, memberId);
  if (member.status === 'stopped') return;
  await editMember(unit, memberId, undefined, { status: 'stopped', stopped_at: unit.now });
  await endPending(unit, memberId, 'stopped');
  unit.ring({ kind: 'changed', topic: 'members' });
}

/**
 * The person is written to again. Of what was missed meanwhile only the answers to their own words come: they were promised.
 * Not stopped: nothing happens.
 */
export async function resumeMember(unit: Unit, memberId: string): Promise<void> {
  const member = await presentMember(unit, memberId);
  if (member.status !== 'stopped') return;
  const status = member.consent_at === null ? 'listed' : 'active';
  await editMember(unit, memberId, undefined, { status, stopped_at: null });
  const ids = (await awaitAnswersOf(unit.db, memberId)).map((d) => d.id);
  if (ids.length > 0) unit.ring({ kind: 'deliver', ids, lane: 'person' });
  unit.ring({ kind: 'changed', topic: 'members' });
}

/** Ends what still waits for the person and tells the pages that show it. */
export async function endPending(unit: Unit, memberId: string, reason: 'stopped' | 'erased'): Promise<void> {
  const ended = await endPendingOf(unit.db, memberId, reason);
  const shown = ended.filter((d) => d.subject_kind === 'announcement' || d.subject_kind === 'poll');
  const topics = new Set(shown.map((d) => `${d.subject_kind}:${d.subject_id}`));
  for (const topic of topics) unit.ring({ kind: 'changed', topic });
}
