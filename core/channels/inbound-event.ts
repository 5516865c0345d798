import type { ChannelName } from './channel-name.ts';

/** A chat shared by many people: a channel of a workspace or a server, a group. */
export interface Group {
  /** The address messages to it go to; never the same as a person's. */
  readonly externalId: string;
  readonly title: string;
  /** The server or workspace it belongs to, where the bot may be on several. */
  readonly place?: string;
}

interface EventBase {
  readonly channel: ChannelName;
  /** The platform's id of the event, unique within the channel: each event is taken once. */
  readonly externalEventId: string;
  /** The platform's id of the person's private conversation: the address answers go to. */
  readonly externalId: string;
  readonly displayName?: string;
  /** BCP 47 tag the platform gives for the person, if any. */
  readonly languageHint?: string;
  /**
   * The group it happened in; absent in the person's private conversation. What is said in a group is nobody's answer: only
   * presses, `setUp` and, where a messenger shows them to nobody else, commands come from there.
   */
  readonly inGroup?: InGroup;
}

export interface InGroup {
  readonly externalId: string;
  /** The person can be written to in private although they never wrote to the bot. */
  readonly reachable: boolean;
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
        /** The platform's id of the message pressed, as `send` returns it, when the platform says. */
        readonly externalMessageId?: string;
      }
    /** The person opened their home, a page of the messenger's beside the conversation. Most messengers have none. */
    | { readonly type: 'home' }
    /** Something the bot cannot read (sticker, voice, picture without words): answered, never ignored. */
    | { readonly type: 'unsupported'; readonly what: string }
    /** The person opened the conversation anew (unblocked the bot, came back). */
    | { readonly type: 'joined' }
    /** The person blocked the bot or left: nothing more reaches this address until `joined` or any message. */
    | { readonly type: 'blocked' }
    /** The person let the bot into a group, or out of it, or called it something else. */
    | {
        readonly type: 'group';
        readonly group: Group;
        readonly change: 'letIn' | 'letOut' | 'renamed';
      }
    /**
     * The person asks that the message with the Join button be posted: in `group`, or in the one `named` so ("#news").
     * `manages`: the platform says that they manage that group. Answered with an aside.
     */
    | {
        readonly type: 'setUp';
        readonly group: Group | { readonly named: string } | null;
        readonly manages: boolean;
      }
  );
