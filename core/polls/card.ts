import type { Draft } from '../deliveries/content.ts';
import { groupBy } from '../group-by.ts';
import { type Language, languages } from '../language.ts';
import { attachmentInfos } from '../store/attachments.ts';
import type { Delivery } from '../store/deliveries.ts';
import { membersByIds } from '../store/members.ts';
import { findNetwork, type Network } from '../store/network.ts';
import { type Ballot, ballotsBy, findPoll, optionsOf, type Poll } from '../store/polls.ts';
import type { Db } from '../store/schema.ts';
import type { Authored } from '../text.ts';
import { type CardState, cardBlocks } from './card-blocks.ts';
import { resultPictureId } from './draw-results.ts';
import { isOver, labelOf, questionOf } from './poll.ts';
import { type PollResults, resultsFor } from './results.ts';

/** What a poll's delivery says now; null when nothing is left to say. */
export async function pollCard(db: Db, delivery: Delivery, now: number): Promise<Draft | null> {
  const [card = null] = await pollCards(db, [delivery], now);
  return card;
}

/**
 * What deliveries of polls say now, in their order: the question to answer, the answer given, or that it is over. Null when
 * nothing is left to say: a reminder of what was answered, a card that did not leave before the closing, a result not out.
 * Poll and counts are read once, however many there are; equal cards are the same object.
 */
export async function pollCards(
  db: Db,
  deliveries: readonly Delivery[],
  now: number,
): Promise<(Draft | null)[]> {
  const cards = new Map<string, Draft | null>();
  for (const [pollId, own] of groupBy(deliveries, (d) => d.subject_id)) {
    const made = await cardsOf(db, pollId, own, now);
    for (const [n, { id }] of own.entries()) cards.set(id, made[n] ?? null);
  }
  return deliveries.map((d) => cards.get(d.id) ?? null);
}

/** What all cards of a poll share. */
interface Shared {
  readonly poll: Poll;
  readonly options: readonly Authored[];
  readonly network: Network;
  /** As members may see them, once they may see any. */
  readonly results: PollResults;
  readonly now: number;
}

/** What is the person's own. */
interface Own {
  readonly delivery: Delivery;
  readonly ballot: Ballot | undefined;
  readonly picture: string | null;
}

async function cardsOf(
  db: Db,
  pollId: string,
  deliveries: readonly Delivery[],
  now: number,
): Promise<(Draft | null)[]> {
  const poll = await findPoll(db, pollId);
  if (!poll) return deliveries.map(() => null);
  const people = deliveries.flatMap((d) => d.member_id ?? []);
  const ballots = new Map((await ballotsBy(db, pollId, people)).map((b) => [b.member_id, b]));
  const shared: Shared = {
    poll,
    options: (await optionsOf(db, pollId)).map(labelOf),
    network: await findNetwork(db),
    results: await resultsFor(db, poll, 'member'),
    now,
  };
  const pictures = await picturesFor(db, pollId, deliveries);
  const drawn = new Map<string, Draft>();
  return deliveries.map((delivery) => {
    const ballot = ballots.get(delivery.member_id ?? '');
    const own = { delivery, ballot, picture: pictures.get(delivery.id) ?? null };
    if (delivery.member_id === null || isPointless(shared, own)) return null;
    const state = cardState(shared, own);
    const { purpose, voted, answer, changing, results, picture } = state;
    const key = JSON.stringify([purpose, voted, answer, changing, results !== null, picture]);
    const card = drawn.get(key) ?? cardBlocks(state);
    drawn.set(key, card);
    return card;
  });
}

/** Nothing to send any more (what is shown already is still edited). */
function isPointless({ poll, now }: Shared, { delivery, ballot }: Own): boolean {
  const { purpose, external_message_id: shown } = delivery;
  if (shown !== null) return false;
  if (purpose === 'result') return poll.status !== 'closed' || poll.show_results === 'never';
  if (isOver(poll, now)) return purpose !== 'shown';
  return purpose.startsWith('reminder.') && ballot !== undefined;
}

function cardState(shared: Shared, { delivery, ballot, picture }: Own): CardState {
  const { poll, network, now } = shared;
  const results = seesResults(shared, ballot) ? shared.results : null;
  return {
    purpose: delivery.purpose,
    question: questionOf(poll),
    options: shared.options,
    multiple: poll.multiple === 1,
    anonymous: poll.anonymous === 1,
    showResults: poll.show_results,
    phase: phaseOf(poll, now),
    closesAt: poll.closed_at ?? poll.closes_at,
    timeZone: network.time_zone,
    smallestGroup: network.smallest_group,
    voted: ballot !== undefined,
    answer: ballot?.options ? (JSON.parse(ballot.options) as number[]) : null,
    changing: ballot !== undefined && poll.anonymous === 0 && delivery.confirmed_at === null,
    results,
    picture: results ? picture : null,
  };
}

function phaseOf(poll: Poll, now: number): CardState['phase'] {
  if (poll.status === 'stopped' || (poll.status === 'paused' && !isOver(poll, now))) return poll.status;
  return isOver(poll, now) ? 'closed' : 'open';
}

/** Whether this member may see anything of the answers now. */
function seesResults({ poll, now }: Shared, ballot: Ballot | undefined): boolean {
  if (poll.show_results === 'never' || poll.status === 'stopped') return false;
  const whileOpen = poll.show_results === 'afterVote' && ballot !== undefined && !isOver(poll, now);
  return whileOpen || poll.status === 'closed';
}

/** The picture in their reader's language for those of `deliveries` that bring the result, where one was drawn. */
async function picturesFor(
  db: Db,
  pollId: string,
  deliveries: readonly Delivery[],
): Promise<Map<string, string>> {
  const results = deliveries.filter((d) => d.purpose === 'result');
  if (results.length === 0) return new Map();
  const drawn = await attachmentInfos(
    db,
    languages.map((language) => resultPictureId(pollId, language)),
  );
  const known = new Set(drawn.map((a) => a.id));
  const people = await membersByIds(
    db,
    results.flatMap((d) => d.member_id ?? []),
  );
  const spoken = new Map<string | null, Language>(people.map((m) => [m.id, m.language]));
  return new Map(
    results.flatMap(({ id, member_id }) => {
      const picture = resultPictureId(pollId, spoken.get(member_id) ?? languages[0]);
      return known.has(picture) ? [[id, picture] as const] : [];
    }),
  );
}
