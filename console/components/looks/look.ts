import type { Block } from '../../../core/channels/outbound-message.ts';
import type { View } from '../../context.ts';

export type Shown = Block<string, { id: string; fileName: string }>;
export type Choice = Extract<Shown, { type: 'choice' }>;

/** What a messenger's look draws. A picture of the message: nothing in it can be pressed. */
export interface LookProps {
  readonly view: View;
  readonly blocks: readonly Shown[];
  readonly lang: string;
}
