import { type BarrierKind, barrierKinds } from '../../barriers/barrier.ts';
import type { Draft } from '../../deliveries/content.ts';
import { say } from '../../text.ts';
import { clip, isWordless, textLimit } from '../clean-text.ts';
import type { Dialog, DialogContext, DialogInput, Step } from '../dialog.ts';
import { buttons, comeBackButton, input, line, note, quote, title } from './parts.ts';

/** `args`: text when something was written already; sure '1' when it was surely meant as a report. */
interface ReportState {
  readonly step: 'text' | 'offer' | 'kind' | 'visibility';
  readonly text: string;
  /** Written when the report could hold no more: perhaps it is to stand in its place. */
  readonly instead?: string | undefined;
  readonly kind: BarrierKind | null;
  readonly anonymous: boolean;
}

export const reportDialog: Dialog<ReportState> = {
  name: 'report',
  version: 1,
  title: say('chat:report.name'),

  begin({ text, sure }) {
    const state: ReportState = { step: 'text', text: '', kind: null, anonymous: false };
    if (!text) return { state };
    return sure === '1' ? write(state, text) : { state: { ...state, step: 'offer', text } };
  },

  ask(state, context) {
    if (state.instead !== undefined) return askInstead(state.instead);
    switch (state.step) {
      case 'text':
        return [line('chat:report.what'), note('chat:report.anonymousHint'), input('chat:report.hint')];
      case 'offer':
        return askOffer(state);
      case 'kind':
        return [
          line('chat:report.kind'),
          buttons(
            ...barrierKinds.map((kind) => ({ id: `kind.${kind}`, label: say(`barriers:kind.${kind}`) })),
          ),
        ];
      case 'visibility':
        return askVisibility(state, context);
    }
  },

  // While the questions stand open, more words are added to the report.
  awaits: ({ step }) => (step === 'text' ? 'text' : 'more'),

  take(state, input, context) {
    switch (input.type) {
      case 'text':
        return write(state, input.text);
      case 'press':
        return press(state, input.id);
      case 'outcome':
        return afterReport(state, input, context);
    }
  },
};

function excerpt(text: string): Draft[number] {
  const { kept, cutFrom } = clip(text, 300);
  return quote(cutFrom === null ? text : `${kept}…`);
}

function askOffer({ text }: ReportState): Draft {
  return [
    excerpt(text),
    line('chat:report.offer'),
    note('chat:report.anonymousHint'),
    buttons(
      { id: 'yes', label: say('chat:report.yes'), style: 'primary' },
      { id: 'no', label: say('chat:report.no') },
    ),
  ];
}

function askInstead(text: string): Draft {
  return [
    excerpt(text),
    line('chat:report.full', { limit: textLimit }),
    buttons(
      { id: 'replace', label: say('chat:report.replace') },
      { id: 'keep', label: say('chat:report.keep') },
    ),
  ];
}

function askVisibility({ anonymous }: ReportState, { person }: DialogContext): Draft {
  const who = person.company
    ? say('chat:report.whoCompany', { name: person.name, company: person.company })
    : say('chat:report.who', { name: person.name });
  return [
    line('chat:report.visibility'),
    anonymous
      ? note(person.stopped ? 'chat:report.nowAnonymousStopped' : 'chat:report.nowAnonymous')
      : { type: 'text', style: 'note', text: who },
    buttons(
      { id: 'private', label: say('chat:report.private') },
      { id: 'shared', label: say('chat:report.shared') },
      anonymous
        ? { id: 'named', label: say('chat:report.named') }
        : { id: 'anonymous', label: say('chat:report.anonymous') },
    ),
  ];
}

function write(state: ReportState, text: string): Step<ReportState> {
  if (state.step === 'text') {
    if (isWordless(text)) return { state, say: [[line('chat:report.words')]] };
    return { state: { ...state, text, step: 'kind' } };
  }
  const { kept, cutFrom } = clip(`${state.text}\n${text}`);
  if (cutFrom !== null) return { state: { ...state, instead: text } };
  return { state: { ...state, text: kept, instead: undefined }, say: [[line('chat:report.added')]] };
}

function press(state: ReportState, id: string): Step<ReportState> {
  const kind = barrierKinds.find((k) => id === `kind.${k}`);
  if (kind) return { state: { ...state, kind, step: 'visibility' } };
  switch (id) {
    case 'yes':
      return { state: { ...state, step: 'kind' } };
    case 'no':
      return { state: null, say: [[line('chat:report.dropped')]] };
    case 'replace':
      return { state: { ...state, text: state.instead ?? state.text, instead: undefined } };
    case 'keep':
      return { state: { ...state, instead: undefined } };
    case 'anonymous':
    case 'named':
      return { state: { ...state, anonymous: id === 'anonymous' } };
    default: {
      const { text, anonymous } = state;
      const visibility = id === 'shared' ? 'shared' : 'private';
      const barrier = state.kind ?? 'other';
      return { state, call: { kind: 'reportBarrier', text, barrier, visibility, anonymous } };
    }
  }
}

function afterReport(
  { anonymous }: ReportState,
  { outcome }: Extract<DialogInput, { type: 'outcome' }>,
  { person }: DialogContext,
): Step<ReportState> {
  if (outcome.kind === 'refused') return { state: null, say: [[{ type: 'text', text: outcome.text }]] };
  if (outcome.kind !== 'reported') return { state: null };
  const { id, number } = outcome;
  const done: Draft = [
    title('chat:report.done', { number: String(number) }),
    line(person.stopped ? 'chat:report.seenStopped' : 'chat:report.seen'),
    ...(anonymous ? [line('chat:report.doneAnonymous')] : []),
    note('chat:report.more'),
    ...(person.stopped ? [comeBackButton()] : []),
  ];
  return { state: null, say: [done], about: { kind: 'barrier', id } };
}
