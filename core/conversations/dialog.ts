import type { AnnouncementDraft } from '../announcements/announcement.ts';
import type { Draft } from '../deliveries/content.ts';
import type { Language } from '../language.ts';
import type { BarrierTable } from '../store/tables/voices.ts';
import type { Text, Texts } from '../text.ts';

/** What a dialog knows of the world: plain data, gathered before each step. */
export interface DialogContext {
  /** The language spoken with the person right now. */
  readonly language: Language;
  readonly texts: Texts;
  readonly network: {
    readonly name: string;
    readonly contact: string | null;
    readonly languages: readonly Language[];
    /** open: whoever writes may join; invited: with an invitation alone. */
    readonly joining: 'invited' | 'open';
  };
  readonly person: {
    readonly joined: boolean;
    readonly staff: boolean;
    /** They said /stop: what others do is not sent to them. */
    readonly stopped: boolean;
    readonly name: string;
    /** Their name is not known: `name` only stands in for it. */
    readonly unnamed: boolean;
    readonly company: string | null;
  };
}

/** What the person did, as a dialog sees it; an `outcome` answers the call the dialog's step before asked for. */
export type DialogInput =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'press'; readonly id: string; readonly values: readonly string[] }
  | { readonly type: 'outcome'; readonly outcome: Outcome };

export interface CompanyMatch {
  readonly id: string;
  readonly name: string;
}

/** How far an announcement would reach, for its preview in the chat. */
export interface AnnouncementPreview {
  /** As members will see it, one for each language the network speaks. */
  readonly messages: readonly Draft[];
  readonly people: number;
  readonly companies: number;
  readonly unreachable: readonly { readonly reason: Text; readonly people: number }[];
  readonly parity: readonly Text[];
}

/** What only the core's other rooms can do. Performed by the inbox in the same transaction; the outcome comes back as an input. */
export type Call =
  | { readonly kind: 'setLanguage'; readonly language: Language }
  | { readonly kind: 'matchCompanies'; readonly typed: string }
  | { readonly kind: 'listBranches' }
  | {
      readonly kind: 'join';
      readonly code: string;
      readonly language: Language;
      readonly companyId: string | null;
    }
  | {
      readonly kind: 'reportBarrier';
      readonly text: string;
      readonly barrier: BarrierTable['kind'];
      readonly visibility: BarrierTable['visibility'];
      readonly anonymous: boolean;
    }
  | {
      readonly kind: 'addReply';
      readonly subjectKind: 'announcement' | 'poll';
      readonly subjectId: string;
      readonly text: string;
    }
  | { readonly kind: 'answerReply'; readonly replyId: string; readonly text: string }
  | { readonly kind: 'answerBarrier'; readonly barrierId: string; readonly text: string }
  | { readonly kind: 'previewAnnouncement'; readonly draft: AnnouncementDraft }
  | { readonly kind: 'createAnnouncement'; readonly draft: AnnouncementDraft }
  | { readonly kind: 'setName'; readonly name: string }
  | { readonly kind: 'erase' };

export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'companies'; readonly companies: readonly CompanyMatch[] }
  | { readonly kind: 'branches'; readonly branches: readonly { id: string; pl: string; en: string }[] }
  | { readonly kind: 'reported'; readonly id: string; readonly number: number }
  | { readonly kind: 'preview'; readonly preview: AnnouncementPreview }
  /** A rule forbids it; `text` says so to the person, `field` which part of what was asked for is at fault. */
  | { readonly kind: 'refused'; readonly text: Text; readonly field: string | null };

/** What a message is about, so that a reply to it finds its way. */
export interface About {
  readonly kind: 'barrier';
  readonly id: string;
}

/** What a dialog answers with. */
export interface Step<S> {
  /** The state from now on, or null: the dialog is over. */
  readonly state: S | null;
  /** Said before the next question. */
  readonly say?: readonly Draft[];
  readonly about?: About;
  /** What the pressed message shows instead of its buttons; the button's own words when absent. */
  readonly chosen?: Text;
  /** To be done now; its outcome is the next input and no question is asked before it. */
  readonly call?: Call;
}

export type DialogArgs = Readonly<Record<string, string>>;

/** One guided exchange. Pure: no clock, no I/O; `state` is JSON. */
export interface Dialog<S> {
  readonly name: string;
  /** Goes up when the state's shape changes: conversations of an older version start anew, politely. */
  readonly version: number;
  /** What it is called to the person ("Continue: a report"). */
  readonly title: Text;
  begin(args: DialogArgs, context: DialogContext): Step<S>;
  /** The question that stands open in this state. */
  ask(state: S, context: DialogContext): Draft;
  /** text: whatever is written next belongs to it; more: it may be added to; button: only a button's words are understood. */
  awaits(state: S): 'text' | 'more' | 'button';
  take(state: S, input: DialogInput, context: DialogContext): Step<S>;
}
