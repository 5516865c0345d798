import type { DialogArgs } from './dialog.ts';

/** A dialog somebody is in. */
export interface OpenDialog {
  readonly dialog: string;
  readonly version: number;
  readonly args: DialogArgs;
  /** JSON; its shape is the dialog's own. */
  readonly state: unknown;
  /** Left with /cancel or for another dialog: waits to be resumed, takes no texts. */
  readonly left: boolean;
  /** The dialog that was open when this one began. */
  readonly below: OpenDialog | null;
}

/** One person's conversation. `revision` only ever grows: buttons carry the one they were shown at. */
export interface Conversation {
  readonly revision: number;
  readonly open: OpenDialog | null;
}

export const noConversation: Conversation = { revision: 0, open: null };
