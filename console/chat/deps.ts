import type { Language } from '../../core/language.ts';
import type { Texts } from '../../core/text.ts';
import type { Clock, Ids } from '../../core/unit.ts';
import type { WebchatHub } from '../../runtime/webchat-hub.ts';

/** What the chat's pages need of the running program. */
export interface ChatDeps {
  readonly hub: WebchatHub;
  readonly texts: Texts;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Signs the cookies: WICI_SECRET. */
  readonly secret: string;
  /** True when people come over https. */
  readonly secureCookies: boolean;
  /** The address people reach Wici at: posts are taken from its pages only. */
  readonly publicUrl: string;
  network(): Promise<ChatNetwork>;
  /** Between two signs of life on an open stream; 15 s when absent. */
  readonly heartbeatMs?: number;
  /** Hears faults of ours; never a person's text. */
  readonly log?: { error(details: object, message: string): void };
}

export interface ChatNetwork {
  readonly name: string;
  /** IANA zone the times are shown in. */
  readonly timeZone: string;
  /** Spoken when nothing tells the visitor's own. */
  readonly language: Language;
}
