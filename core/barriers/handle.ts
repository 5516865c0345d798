import { DomainError } from '../domain-error.ts';
import { type Barrier, changeBarrier, insertBarrierMessage, lockBarrier } from '../store/barriers.ts';
import { say } from '../text.ts';
import type { Unit } from '../unit.ts';
import { type BarrierStatus, barrierLimits, barrierStatuses } from './barrier.ts';
import { checkedText } from './checked-text.ts';
import { tellReporter, tellStaff } from './tell.ts';

/**
 * Sets where a report stands, with a note for its reporter if given. With `revision`, common:errors.conflict when somebody
 * else changed it meanwhile. Nothing changes and nobody is told when it stands there already and there is no note.
 */
export async function setBarrierStatus(
  unit: Unit,
  id: string,
  { status, note }: { status: BarrierStatus; note?: string },
  staffId: string | null,
  revision?: number,
): Promise<void> {
  const barrier = await locked(unit, id);
  if (revision !== undefined && barrier.revision !== revision)
    throw new DomainError('common:errors.conflict');
  if (!barrierStatuses.includes(status)) {
    throw new DomainError('barriers:errors.unknownStatus', {}, 'status');
  }
  const text = note?.trim() ? checkedText(note, barrierLimits.message, 'note') : '';
  const moved = status !== barrier.status;
  if (!moved && text === '') return;
  await append(unit, barrier, { from: 'staff', authorId: staffId, text, status: moved ? status : null });
  const news = moved
    ? say('barriers:reporter.status', { number: barrier.number, status: say(`barriers:status.${status}`) })
    : say('barriers:reporter.answer', { number: barrier.number });
  await tellReporter(unit, barrier, news, text);
}

/** Staff answer a report; its reporter gets the words in the messenger. Returns the message's id. */
export async function answerBarrier(
  unit: Unit,
  id: string,
  text: string,
  staffId: string | null,
): Promise<string> {
  const barrier = await locked(unit, id);
  const words = checkedText(text, barrierLimits.message);
  const message = { from: 'staff', authorId: staffId, text: words, status: null } as const;
  const messageId = await append(unit, barrier, message);
  await tellReporter(unit, barrier, say('barriers:reporter.answer', { number: barrier.number }), words);
  return messageId;
}

/** The reporter adds words to their report; staff are told. Nobody else may: common:errors.notFound. */
export async function addReporterMessage(
  unit: Unit,
  id: string,
  memberId: string,
  text: string,
): Promise<string> {
  const barrier = await locked(unit, id);
  if (barrier.reporter_id !== memberId) throw new DomainError('common:errors.notFound');
  const words = checkedText(text, barrierLimits.message);
  const message = { from: 'reporter', authorId: null, text: words, status: null } as const;
  const messageId = await append(unit, barrier, message);
  await tellStaff(unit, barrier, { key: 'barriers:staff.more', text: words, purpose: `more.${messageId}` });
  return messageId;
}

async function locked(unit: Unit, id: string): Promise<Barrier> {
  const barrier = await lockBarrier(unit.db, id);
  if (!barrier) throw new DomainError('common:errors.notFound');
  return barrier;
}

interface Words {
  readonly from: 'staff' | 'reporter';
  readonly authorId: string | null;
  readonly text: string;
  readonly status: BarrierStatus | null;
}

async function append(unit: Unit, barrier: Barrier, words: Words): Promise<string> {
  const id = unit.ids.next();
  await insertBarrierMessage(unit.db, {
    id,
    barrier_id: barrier.id,
    from: words.from,
    author_id: words.authorId,
    text: words.text,
    status: words.status,
    at: unit.now,
  });
  await changeBarrier(unit.db, barrier.id, {
    updated_at: unit.now,
    revision: barrier.revision + 1,
    ...(words.status ? { status: words.status } : {}),
  });
  unit.ring({ kind: 'changed', topic: 'inbox' });
  return id;
}
