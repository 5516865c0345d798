import type { ChannelName } from './channel-name.ts';

interface EventBase {
  readonly channel: ChannelName;
  /** The platform's id of the event, unique within the channel: each event is taken once. */
  readonly externalEventId: string;
  /** The platform's id of the person's private conversation: the address answers go to. */
  readonly externalId: string;
  readonly displayName?: string;
  /** BCP 47 tag the platform gives for the person, if any. */
  readonly languageHint?: string;
}

export type InboundEvent = EventBase &
  (
    | {
        readonly type: 'text';
        readonly text: string;
        /** The platform's id of the message answered, when the person used "reply". */
        readonly replyTo?: string;
        /** The field it was written into: the token of its message, and the id of its button or block. */
        readonly field?: { readonly token: string; readonly id: string };
      }
    /** A slash command: `name` without the slash, lower case, as typed (either language); `args` the rest, trimmed. */
    | { readonly type: 'command'; readonly name: string; readonly args: string }
    /** A pressed button (`values` empty) or a submitted choice (`values` the chosen options). */
    | {
        readonly type: 'action';
        readonly token: string;
        readonly id: string;
        readonly values: readonly string[];
      }
    /** Something the bot cannot read (sticker, voice, picture without words): answered, never ignored. */
    | { readonly type: 'unsupported'; readonly what: string }
    /** The person opened the conversation anew (unblocked the bot, came back). */
    | { readonly type: 'joined' }
    /** The person blocked the bot or left: nothing more reaches this address until `joined` or any message. */
    | { readonly type: 'blocked' }
  );
