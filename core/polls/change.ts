import { DomainError } from '../domain-error.ts';
import { refresh } from '../outbox.ts';
import type { Delivery } from '../store/deliveries.ts';
import { setAnswered } from '../store/delivery-status.ts';
import type { Unit } from '../unit.ts';
import { takingVotes } from './vote.ts';

/**
 * The pressed card offers its options again, the present answer still standing until another is given.
 * Errors: those of a poll that takes no votes, and finalAnswer for an anonymous one.
 */
export async function reopenAnswer(unit: Unit, delivery: Delivery): Promise<void> {
  const poll = await takingVotes(unit, delivery.subject_id);
  if (poll.anonymous) throw new DomainError('polls:errors.alreadyVoted');
  await setAnswered(unit.db, delivery.id, null);
  await refresh(unit, [delivery.id], 'person');
}
