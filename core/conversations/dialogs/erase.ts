import { say } from '../../text.ts';
import type { Dialog } from '../dialog.ts';
import { buttons, line, note } from './parts.ts';

type EraseState = { readonly asked: true };

export const eraseDialog: Dialog<EraseState> = {
  name: 'erase',
  version: 1,
  title: say('chat:erase.name'),

  begin: () => ({ state: { asked: true } }),

  ask: (_state, { network }) => [
    line('chat:erase.ask', { network: network.name }),
    note('chat:erase.kept'),
    buttons(
      { id: 'erase', label: say('chat:erase.yes'), style: 'danger' },
      { id: 'keep', label: say('chat:erase.no') },
    ),
  ],

  awaits: () => 'button',

  take(state, input) {
    if (input.type === 'outcome') {
      const { outcome } = input;
      const done =
        outcome.kind === 'refused'
          ? ({ type: 'text', text: outcome.text } as const)
          : line('chat:erase.done');
      return { state: null, say: [[done]] };
    }
    if (input.type === 'press' && input.id === 'erase') return { state, call: { kind: 'erase' } };
    return { state: null, say: [[line('chat:erase.notDone')]] };
  },
};
