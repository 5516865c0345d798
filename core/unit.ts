import type { ChannelName } from './channels/channel-name.ts';
import type { Db } from './store/schema.ts';
import type { Texts } from './text.ts';

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export interface Ids {
  /** A new row id: 26 characters, sorted by time of making. */
  next(): string;
  /** 16 random characters of [A-Za-z0-9] (95 bits): invitation codes, addresses of the web chat. */
  token(): string;
  /**
   * 16 characters of [A-Za-z0-9] sorted by time of making, the last nine random (53 bits): what the buttons of a message carry.
   * It opens nothing by itself: whose message it is, is checked at every press.
   */
  actionToken(): string;
  /** 32 random bytes, base64url: sign-in links, session and API tokens. Only a hash of these is stored. */
  secret(): string;
  /**
   * 32 bytes, base64url, that follow from the installation's own secret and `name`: whoever reads the database cannot make
   * them, and they are the same each time, so that what is sent again says the same.
   */
  derived(name: string): string;
  /** A uniformly random integer in [0, below): short codes, jitter. */
  integer(below: number): number;
}

/**
 * What the edges should hear after a commit. Losing one loses nothing: the database holds what is due and the sweep finds it.
 * `person` deliveries (replies) never wait behind `broadcast` ones.
 */
export type Signal =
  | { readonly kind: 'due'; readonly id: string; readonly at: number }
  /** `again`: its turn had come once, so it goes before what waits for its first. */
  | { readonly kind: 'deliver'; readonly ids: readonly string[]; readonly lane: Lane; readonly again?: true }
  | { readonly kind: 'edit'; readonly ids: readonly string[]; readonly lane: Lane }
  /** Live pages that show this subject should refresh, e.g. "announcement:01J…", "poll:01J…", "inbox", "members". */
  | { readonly kind: 'changed'; readonly topic: string };

export type Lane = 'person' | 'broadcast';

/** One unit of work: everything a core operation may touch, inside the caller's transaction. */
export interface Unit {
  readonly db: Db;
  /** The moment of this unit, epoch milliseconds: one unit has one time. */
  readonly now: number;
  readonly ids: Ids;
  readonly texts: Texts;
  /** The messengers that are switched on. */
  readonly channels: readonly ChannelName[];
  /** The address that opens a conversation on this messenger with an invitation's or a link's code, or null while unknown. */
  wayIn(channel: ChannelName, code: string): string | null;
  /** Heard after the commit; dropped with a rollback. */
  ring(signal: Signal): void;
}

/** Draws pictures; slow, so never inside a transaction. Implemented in runtime/picture.ts. */
export interface Pictures {
  png(svg: string): Promise<Uint8Array>;
}

/** The core, opened: how every edge (bots, jobs, console) enters it. Built in runtime/core.ts. */
export interface Core {
  /** For reading outside a transaction. */
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly texts: Texts;
  readonly pictures: Pictures;
  /** Where people reach Wici, without a trailing slash. */
  readonly url: string;
  /**
   * Runs `work` in one transaction and rings its signals after the commit. Serialisation failures are retried. No network
   * inside. What is part of a broadcast says so and lets go first what somebody waits for.
   */
  transaction<T>(work: (unit: Unit) => Promise<T>, lane?: Lane): Promise<T>;
}
