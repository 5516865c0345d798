import { say } from '../../text.ts';
import type { Dialog } from '../dialog.ts';
import { input, line } from './parts.ts';

const nameLimit = 80;

interface NameState {
  readonly name: string;
}

export const nameDialog: Dialog<NameState> = {
  name: 'name',
  version: 1,
  title: say('chat:name.name'),

  begin: () => ({ state: { name: '' } }),

  ask: () => [line('chat:name.ask'), input('chat:name.hint')],

  awaits: () => 'text',

  take(state, input) {
    if (input.type === 'text') {
      const name = input.text.replace(/\s+/gu, ' ').trim();
      if (name.length > nameLimit || !/\p{L}/u.test(name)) {
        return { state, say: [[line('chat:name.wrong', { limit: nameLimit })]] };
      }
      return { state: { name }, call: { kind: 'setName', name } };
    }
    if (input.type !== 'outcome') return { state };
    const { outcome } = input;
    return {
      state: null,
      say: [
        [
          outcome.kind === 'refused'
            ? { type: 'text', text: outcome.text }
            : line('chat:name.done', { name: state.name }),
        ],
      ],
    };
  },
};
