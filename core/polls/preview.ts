import { type ParityProblem, parityProblems } from '../announcements/parity.ts';
import { type AudienceReach, audienceReach } from '../audiences/reach.ts';
import type { ChannelName } from '../channels/channel-name.ts';
import type { Draft } from '../deliveries/content.ts';
import type { Reminders } from '../reminders.ts';
import { findNetwork } from '../store/network.ts';
import type { Db } from '../store/schema.ts';
import { cardBlocks } from './card-blocks.ts';
import { partsOf } from './create.ts';
import { type PollDraft, remindersBeforeClosing } from './poll.ts';
import { checkPoll } from './validate.ts';

export interface PollPreview {
  /** The card as members first see it. */
  readonly blocks: Draft;
  readonly reach: AudienceReach;
  readonly parity: readonly ParityProblem[];
  /** Those that come before it closes. */
  readonly reminders: Reminders;
  /** An anonymous poll of so few people that its results could never be shown. */
  readonly tooFew: boolean;
}

/** What would be sent, to how many, and how the languages differ. Throws what is wrong with the draft. */
export async function previewPoll(
  db: Db,
  draft: PollDraft,
  now: number,
  channels: readonly ChannelName[],
): Promise<PollPreview> {
  const checked = checkPoll(draft, now);
  const network = await findNetwork(db);
  const reach = await audienceReach(db, draft.audience ?? {}, channels);
  const blocks = cardBlocks({
    purpose: 'main',
    question: checked.question,
    options: checked.options,
    multiple: draft.multiple,
    anonymous: draft.anonymous,
    showResults: draft.showResults,
    phase: 'open',
    closesAt: checked.closesAt,
    timeZone: network.time_zone,
    smallestGroup: network.smallest_group,
    voted: false,
    answer: null,
    changing: false,
    results: null,
    picture: null,
  });
  const bilingual = (JSON.parse(network.languages) as string[]).length > 1;
  return {
    blocks,
    reach,
    reminders: remindersBeforeClosing(checked),
    parity: bilingual ? parityProblems(partsOf(checked)) : [],
    tooFew: draft.anonymous && reach.people < network.smallest_group,
  };
}
