import { dedupeKey, enqueue, type NewDelivery } from '../outbox.ts';
import type { Member as MemberRow } from '../store/members.ts';
import type { Db } from '../store/schema.ts';
import type { Core, Unit } from '../unit.ts';
import { reachOf } from './reach.ts';

/** Small enough that what a person pressed waits for a few milliseconds only. */
const batchSize = 100;

type Member = Pick<MemberRow, 'id' | 'status' | 'ways'>;

export interface FanOut {
  readonly subject: NewDelivery['subject'];
  /** main; reminder.1, reminder.2 …; result. */
  readonly purpose: string;
  /** Waits out quiet hours. */
  readonly quiet: boolean;
  /** Whether those who cannot be reached get a row saying so (honest figures) or are passed over (reminders, results). */
  readonly recordUnreachable: boolean;
  /** The next recipients by id, after the one given. */
  recipients(db: Db, after: string, limit: number): Promise<readonly Member[]>;
  /** Asked in each batch's transaction; false ends it: paused, stopped or closed meanwhile. */
  proceed(unit: Unit): Promise<boolean>;
}

/**
 * One delivery a recipient, in batches of one transaction each. Run again after a crash it makes only what is missing.
 * True when it came to the end, false when it was told not to proceed.
 */
export async function fanOut(core: Core, plan: FanOut): Promise<boolean> {
  let after: string | null = '';
  while (after !== null) {
    const from: string = after;
    const step = await core.transaction((unit) => fanOutBatch(unit, plan, from), 'broadcast');
    if (step === 'halted') return false;
    after = step.next;
  }
  return true;
}

async function fanOutBatch(
  unit: Unit,
  plan: FanOut,
  after: string,
): Promise<'halted' | { next: string | null }> {
  if (!(await plan.proceed(unit))) return 'halted';
  const members = await plan.recipients(unit.db, after, batchSize);
  const deliveries = members.flatMap((m) => toDelivery(unit, plan, m));
  if (deliveries.length > 0) await enqueue(unit, deliveries);
  unit.ring({ kind: 'changed', topic: `${plan.subject.kind}:${plan.subject.id}` });
  return { next: members.length < batchSize ? null : (members.at(-1)?.id ?? null) };
}

function toDelivery(unit: Unit, plan: FanOut, member: Member): NewDelivery[] {
  const { subject, purpose, quiet } = plan;
  const reach = reachOf(member, unit.channels);
  if ('reason' in reach && !plan.recordUnreachable) return [];
  return [
    {
      to: { memberId: member.id },
      subject,
      purpose,
      dedupeKey: dedupeKey(subject, purpose, member.id),
      lane: 'broadcast',
      quiet,
      ...('reason' in reach ? { unreachable: reach.reason } : {}),
    },
  ];
}
