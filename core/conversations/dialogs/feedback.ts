import { say } from '../../text.ts';
import type { Dialog } from '../dialog.ts';
import { input, line } from './parts.ts';

/** `args`: subjectKind, subjectId. Opened by the "reply" button of an announcement. */
interface FeedbackState {
  readonly subjectKind: 'announcement' | 'poll';
  readonly subjectId: string;
}

export const feedbackDialog: Dialog<FeedbackState> = {
  name: 'feedback',
  version: 1,
  title: say('chat:feedback.name'),

  begin: ({ subjectKind, subjectId }) => ({
    state: { subjectKind: subjectKind === 'poll' ? 'poll' : 'announcement', subjectId: subjectId ?? '' },
  }),

  ask: ({ subjectKind }) => [line(`chat:feedback.ask.${subjectKind}`), input('chat:feedback.hint')],

  awaits: () => 'text',

  take(state, input) {
    if (input.type === 'text') return { state, call: { kind: 'addReply', ...state, text: input.text } };
    if (input.type !== 'outcome') return { state };
    const { outcome } = input;
    const done = state.subjectKind === 'poll' ? 'chat:feedback.donePoll' : 'chat:feedback.done';
    return {
      state: null,
      say: [[outcome.kind === 'refused' ? { type: 'text', text: outcome.text } : line(done)]],
    };
  },
};
