import type { Language } from '../language.ts';

/** A picture or file, loaded when the message leaves. `id` is the attachment's row, so a channel may serve it by reference. */
export interface Media {
  readonly id: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly data: Uint8Array;
}

/** A field for words in a window of the platform's own, with all that stands on it. */
export interface Field<T> {
  /** What is to be written. */
  readonly label: T;
  /** At the top of the window. */
  readonly title: T;
  readonly submit: T;
  readonly cancel: T;
}

/** A button. Its press comes back as an `action` event with the message's token and this `id` (at most 20 ASCII characters of `[a-z0-9.-]`). */
export interface PressAction<T> {
  readonly kind: 'press';
  readonly id: string;
  readonly label: T;
  readonly style?: 'primary' | 'danger';
  /**
   * Words are asked for at the press: where the platform has fields this one opens, and what is written there comes as a
   * `text` with the field. Elsewhere the press comes alone and the core asks in the conversation.
   */
  readonly field?: Field<T>;
}

/** A button that opens an address; nothing comes back. */
export interface LinkAction<T, A = string> {
  readonly kind: 'link';
  readonly label: T;
  readonly url: A;
}

export type Action<T, A = string> = PressAction<T> | LinkAction<T, A>;

export interface ChoiceOption<T> {
  /** At most 20 ASCII characters of `[a-z0-9.-]`; comes back in `values`. */
  readonly value: string;
  readonly label: T;
}

/**
 * True only at this moment, and not to be kept by Wici: transcripts leave it out and compose it anew for each look. Counts
 * of an anonymous poll kept in one person's transcript after another would tell, each less the one before, who chose what.
 */
export interface Passing {
  readonly passing?: true;
}

/**
 * One part of a message. `T` is `string` once resolved for a reader, `Text` while it is still language-free.
 * What cannot be shown natively is shown as text by the adapter; nothing is dropped.
 */
export type Block<T, M = Media, A = string> =
  | ({
      readonly type: 'text';
      readonly text: T;
      readonly style?: 'title' | 'body' | 'note' | 'quote';
    } & Passing)
  | ({
      readonly type: 'fields';
      readonly items: readonly { readonly label: T; readonly value: T }[];
    } & Passing)
  | { readonly type: 'image'; readonly media: M; readonly alt: T }
  | { readonly type: 'file'; readonly media: M; readonly label: T }
  | ({ readonly type: 'actions'; readonly actions: readonly Action<T, A>[] } & Passing)
  /**
   * A question with options. One press answers a single choice. With `multiple` the person picks several and submits once:
   * the half-made selection lives in the messenger (never in the database), and one `action` with all `values` comes back.
   */
  | {
      readonly type: 'choice';
      readonly id: string;
      readonly multiple: boolean;
      readonly options: readonly ChoiceOption<T>[];
      readonly submitLabel: T;
    }
  /**
   * The next text the person writes is awaited; where the platform has fields a button opens this one, and what is written
   * there comes as a `text` with the field, named by `id` (as a button's). Writing in the conversation does as well: without
   * fields the message's own words ask, and the label is shown only where there are none.
   */
  | ({ readonly type: 'input'; readonly id: string } & Field<T>)
  | { readonly type: 'divider' };

/** A message ready for one reader: every text in the reader's language, people's texts as plain text (adapters escape). */
export interface OutboundMessage {
  /** The delivery's action token; with an action's id it names the button pressed (see action-token.ts). */
  readonly token: string;
  readonly language: Language;
  readonly blocks: readonly Block<string>[];
  /** The platform's id of the message this one answers, shown as a reply where the platform can. */
  readonly replyTo?: string;
  /**
   * It is the person's home: shown there in place of what stood there, with these cards below its blocks, each with buttons
   * of its own. Comes only to messengers that say when somebody opens theirs.
   */
  readonly home?: readonly OutboundMessage[];
  /** The delivery's id: the idempotency key where the platform knows one. */
  readonly deliveryId: string;
}
