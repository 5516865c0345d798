import type { Draft } from '../deliveries/content.ts';
import { languages } from '../language.ts';
import { momentText } from '../moment-text.ts';
import type { PollTable } from '../store/tables/polls.ts';
import { type Authored, authored, inLanguage, say, type Text } from '../text.ts';
import { type PollResults, percent } from './results.ts';

/** Everything a poll's card depends on. */
export interface CardState {
  /** main, reminder.N, shown, result. */
  readonly purpose: string;
  readonly question: Authored;
  readonly options: readonly Authored[];
  readonly multiple: boolean;
  readonly anonymous: boolean;
  readonly showResults: PollTable['show_results'];
  readonly phase: 'open' | 'paused' | 'stopped' | 'closed';
  /** Epoch ms; once it is closed, when that was. */
  readonly closesAt: number;
  readonly timeZone: string;
  readonly smallestGroup: number;
  readonly voted: boolean;
  /** Positions this person chose; null when not voted or anonymous. */
  readonly answer: readonly number[] | null;
  /** This card offers the options again. */
  readonly changing: boolean;
  readonly results: PollResults | null;
  /** Attachment with the bars in the reader's language. */
  readonly picture: string | null;
}

type Blocks = Draft[number][];

/** A poll as one person sees it now. Pure. */
export function cardBlocks(state: CardState): Draft {
  if (state.purpose === 'result') return resultBlocks(state);
  const head: Blocks = [title(state.question)];
  if (state.phase === 'paused') return [...head, ...answerBlocks(state), note(say('polls:card.paused'))];
  if (state.phase === 'stopped') return [...head, ...answerBlocks(state), note(say('polls:card.stopped'))];
  if (state.phase === 'closed') return [...head, ...closedBlocks(state)];
  return [...reminderBlocks(state), ...head, ...openBlocks(state)];
}

function openBlocks(state: CardState): Blocks {
  if (!state.voted) return [...promiseBlocks(state), choice(state)];
  if (state.changing) return [...answerBlocks(state), closing(state), choice(state)];
  return [
    ...answerBlocks(state),
    ...tallyBlocks(state),
    closing(state),
    ...(state.anonymous ? [] : [changeButton()]),
  ];
}

function closedBlocks(state: CardState): Blocks {
  const when = momentText(state.closesAt, state.timeZone);
  return [note(say('polls:card.closed', { when })), ...answerBlocks(state), ...tallyBlocks(state)];
}

function resultBlocks(state: CardState): Blocks {
  const { picture } = state;
  const image: Blocks = picture
    ? [{ type: 'image', media: { attachmentId: picture }, alt: say('polls:results.pictureAlt') }]
    : [];
  const head: Blocks = [title(say('polls:results.title')), body(authored(state.question))];
  return [...head, ...image, ...answerBlocks({ ...state, anonymous: false }), ...tallyBlocks(state)];
}

/** Said before the answer: who will see it, what comes back, until when. */
function promiseBlocks(state: CardState): Blocks {
  const { anonymous, showResults, smallestGroup } = state;
  const promise = anonymous ? 'polls:card.anonymous' : 'polls:card.named';
  return [
    note(say(promise, { count: smallestGroup })),
    note(say(`polls:card.results.${showResults}`)),
    closing(state),
  ];
}

function reminderBlocks({ purpose, voted }: CardState): Blocks {
  return purpose.startsWith('reminder.') && !voted ? [note(say('polls:card.reminder'))] : [];
}

function answerBlocks({ voted, anonymous, answer, options }: CardState): Blocks {
  if (!voted) return [];
  if (answer === null) return anonymous ? [body(say('polls:card.haveAnswer'))] : [];
  const labels = languages.map((l) => [l, answer.map((p) => inLanguage(options[p] ?? {}, l)).join(', ')]);
  return [body(say('polls:card.yourAnswer', { answer: authored(Object.fromEntries(labels)) }))];
}

function tallyBlocks({ results, smallestGroup, phase, anonymous }: CardState): Blocks {
  if (!results) return [];
  const { hidden, options, voted } = results;
  if (hidden) {
    const key = phase === 'closed' ? 'polls:results.tooFew' : 'polls:results.notYet';
    return [note(say(key, { count: smallestGroup }))];
  }
  const items = options.map(({ label, votes }) => ({
    label: authored(label),
    value: say('polls:results.votes', { count: votes ?? 0, percent: percent(votes ?? 0, voted) }),
  }));
  const passing = anonymous && phase === 'open' ? { passing: true as const } : {};
  const total = say('polls:results.answers', { count: voted });
  return [
    { type: 'fields', items, ...passing },
    { type: 'text', style: 'note', text: total, ...passing },
  ];
}

function choice({ multiple, options }: CardState): Draft[number] {
  return {
    type: 'choice',
    id: 'vote',
    multiple,
    options: options.map((label, position) => ({ value: String(position), label: authored(label) })),
    submitLabel: say('polls:card.submit'),
  };
}

function changeButton(): Draft[number] {
  return {
    type: 'actions',
    actions: [{ kind: 'press', id: 'change', label: say('polls:card.change') }],
  };
}

const closing = ({ closesAt, timeZone }: CardState) =>
  note(say('polls:card.closes', { when: momentText(closesAt, timeZone) }));
const title = (text: Text | Authored): Draft[number] => ({
  type: 'text',
  style: 'title',
  text: isText(text) ? text : authored(text),
});
const body = (text: Text): Draft[number] => ({ type: 'text', style: 'body', text });
const note = (text: Text): Draft[number] => ({ type: 'text', style: 'note', text });

function isText(text: Text | Authored): text is Text {
  return 'key' in text || 'authored' in text || 'literal' in text;
}
