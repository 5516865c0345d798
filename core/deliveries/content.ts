import type { Block } from '../channels/outbound-message.ts';
import type { SignInRef } from '../sign-in/sent-link.ts';
import type { Text } from '../text.ts';

/** A picture or file inside language-free content: the attachment's row, loaded when the message leaves. */
export interface AttachmentRef {
  readonly attachmentId: string;
}

/** A message before its reader is known: texts by key or authored, media by reference. */
export type Draft = readonly Block<Text, AttachmentRef>[];

/** A message as it is stored: what must not be readable there is a reference still, resolved when the message leaves. */
export type StoredDraft = readonly Block<Text, AttachmentRef, string | SignInRef>[];

/** What a delivery carries itself (dialog messages, answers). Announcements and polls are composed from their rows instead. */
export interface StoredContent {
  readonly blocks: StoredDraft;
  /** The conversation's revision these buttons belong to: pressed later they are old. */
  readonly revision?: number;
  /** Set once a button was pressed: the message is edited to show it and loses its buttons. */
  readonly chosen?: Text;
  /** Rows the numbered values of a choice stand for (ids are longer than a button's value may be). */
  readonly refs?: readonly string[];
}
