import { DomainError } from '../domain-error.ts';
import { insertBarrier, nextBarrierNumber } from '../store/barriers.ts';
import { findMember } from '../store/members.ts';
import type { Unit } from '../unit.ts';
import { type BarrierKind, type BarrierVisibility, barrierKinds, barrierLimits } from './barrier.ts';
import { checkedText } from './checked-text.ts';
import { tellStaff } from './tell.ts';

export interface NewBarrier {
  readonly memberId: string;
  readonly text: string;
  readonly kind: BarrierKind;
  readonly visibility: BarrierVisibility;
  /** Staff never learn who reported it; answers still reach the person. */
  readonly anonymous: boolean;
}

/** Takes a member's report, gives it the next number and lets staff know. */
export async function reportBarrier(
  unit: Unit,
  { memberId, text, kind, visibility, anonymous }: NewBarrier,
): Promise<{ id: string; number: number }> {
  const member = await findMember(unit.db, memberId);
  if (!member) throw new DomainError('common:errors.notFound');
  const words = checkedText(text, barrierLimits.text);
  if (!barrierKinds.includes(kind)) throw new DomainError('barriers:errors.unknownKind', {}, 'kind');
  const id = unit.ids.next();
  const number = await nextBarrierNumber(unit.db);
  const barrier = {
    id,
    number,
    reporter_id: memberId,
    company_id: anonymous ? null : member.company_id,
    anonymous: anonymous ? 1 : 0,
    kind,
    visibility,
    text: words,
    language: member.language,
    status: 'new',
    demo: member.demo,
    revision: 1,
    created_at: unit.now,
    updated_at: unit.now,
  } as const;
  await insertBarrier(unit.db, barrier);
  await tellStaff(unit, barrier, { key: 'barriers:staff.new', text: words, purpose: 'main' });
  unit.ring({ kind: 'changed', topic: 'inbox' });
  return { id, number };
}
