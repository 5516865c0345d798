import { say } from '../../text.ts';
import type { Call, Dialog } from '../dialog.ts';
import { input, line } from './parts.ts';

/** `args`: kind, id. Staff answers a member's reply or a barrier from the notification in their chat. */
interface AnswerState {
  readonly kind: 'reply' | 'barrier';
  readonly id: string;
}

export const answerDialog: Dialog<AnswerState> = {
  name: 'answer',
  version: 1,
  title: say('chat:answer.name'),

  begin: ({ kind, id }) => ({ state: { kind: kind === 'barrier' ? 'barrier' : 'reply', id: id ?? '' } }),

  ask: ({ kind }) => [line(`chat:answer.ask.${kind}`), input('chat:answer.hint')],

  awaits: () => 'text',

  take(state, input) {
    if (input.type === 'text') return { state, call: answerCall(state, input.text) };
    if (input.type !== 'outcome') return { state };
    const { outcome } = input;
    return {
      state: null,
      say: [[outcome.kind === 'refused' ? { type: 'text', text: outcome.text } : line('chat:answer.done')]],
    };
  },
};

export function answerCall({ kind, id }: AnswerState, text: string): Call {
  return kind === 'reply'
    ? { kind: 'answerReply', replyId: id, text }
    : { kind: 'answerBarrier', barrierId: id, text };
}
