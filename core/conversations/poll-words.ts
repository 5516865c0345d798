import { labelOf, pollLimits } from '../polls/poll.ts';
import { openPollsFor, showPoll } from '../polls/show.ts';
import { optionsOf } from '../store/polls.ts';
import type { Db } from '../store/schema.ts';
import { line } from './dialogs/parts.ts';
import { bare } from './offered.ts';
import type { Talk } from './talk.ts';

/**
 * A vote written instead of pressed, whether out of the blue or (with `pollId`) in reply to a card: only a press is one, or
 * an anonymous vote would stand with its name among the replies. So the poll is shown again. False: no option says this.
 */
export async function takeVoteInWords(
  talk: Talk,
  memberId: string,
  text: string,
  pollId?: string,
): Promise<boolean> {
  const { unit, account } = talk;
  const asked = pollId ?? (await waitingWith(talk, memberId, text));
  if (asked === null || !(await hasOption(unit.db, asked, text))) return false;
  await talk.say([line('chat:polls.byButton')]);
  await talk.orRefused(() => showPoll(unit, asked, memberId, account.id));
  return true;
}

async function waitingWith(
  { unit: { db, now } }: Talk,
  memberId: string,
  text: string,
): Promise<string | null> {
  if (text.length > pollLimits.option) return null;
  for (const { id, voted } of await openPollsFor(db, memberId, now)) {
    if (!voted && (await hasOption(db, id, text))) return id;
  }
  return null;
}

async function hasOption(db: Db, pollId: string, text: string): Promise<boolean> {
  const words = bare(text);
  const labels = (await optionsOf(db, pollId)).map(labelOf).flatMap(({ pl = '', en = '' }) => [pl, en]);
  return words !== '' && labels.some((label) => bare(label) === words);
}
