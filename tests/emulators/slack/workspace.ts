import type { HomeView, MessageBlocks, ModalView } from './blocks.ts';
import { refused, SlackError } from './failures.ts';

export interface User {
  readonly id: string;
  readonly name: string;
  readonly locale: string;
  readonly email: string | null;
  deleted: boolean;
  /** Their private conversation with the app. */
  readonly conversation: string;
  /** The window open before them. */
  view: { readonly id: string; readonly view: ModalView } | null;
  /** What stands on the app's home. */
  home: Home | null;
}

/** A home as its person sees it; `selected` as on a message. */
export interface Home {
  readonly id: string;
  readonly hash: string;
  readonly blocks: MessageBlocks;
  readonly selected: Message['selected'];
}

export interface Message {
  readonly channel: string;
  readonly ts: string;
  readonly from: 'bot' | 'user';
  text: string;
  blocks: MessageBlocks;
  readonly thread: string | null;
  readonly files: readonly StoredFile[];
  readonly metadata: { readonly event_payload: Record<string, unknown> } | undefined;
  edits: number;
  /** Block id → action id → the options' values selected there. */
  readonly selected: Map<string, Map<string, string[]>>;
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  bytes: Uint8Array | null;
  title: string | null;
  /** Epoch ms from which messages can show it; null until it is completed. */
  readyAt: number | null;
}

/** A channel of the workspace. */
export interface Room {
  readonly id: string;
  name: string;
  /** Whether the app is in it. */
  member: boolean;
  archived: boolean;
}

interface Trigger {
  readonly user: User;
  readonly at: number;
  used: boolean;
}

/** One workspace: its people, their conversations with the app, files and the presses that may open a window. */
export class Workspace {
  readonly team = 'T0STANDIN';
  readonly bot = { user: 'U0WICIBOT', id: 'B0WICIBOT', app: 'A0WICIAPP', name: 'wici' };
  readonly users = new Map<string, User>();
  readonly rooms = new Map<string, Room>();
  readonly messages: Message[] = [];
  /** What was told to one person alone in a channel. */
  readonly asides: { readonly channel: string; readonly user: string; readonly words: string }[] = [];
  readonly files = new Map<string, StoredFile>();
  readonly #triggers = new Map<string, Trigger>();
  readonly #now: () => number;
  #next = 1;

  constructor(now: () => number) {
    this.#now = now;
  }

  get now(): number {
    return this.#now();
  }

  id(prefix: string): string {
    return `${prefix}${String(this.#next++).padStart(8, '0')}`;
  }

  /** The id of something that happens once: not even a stand-in started anew says it again. */
  happening(prefix: string): string {
    return `${this.id(prefix)}.${this.now}`;
  }

  addUser(user: { readonly name?: string; readonly locale?: string; readonly email?: string }): User {
    const added: User = {
      id: this.id('U'),
      name: user.name ?? 'Osoba (test)',
      locale: user.locale ?? 'pl-PL',
      email: user.email ?? null,
      deleted: false,
      conversation: this.id('D'),
      view: null,
      home: null,
    };
    this.users.set(added.id, added);
    return added;
  }

  addRoom(name: string, member: boolean): Room {
    const room = { id: this.id('C'), name, member, archived: false };
    this.rooms.set(room.id, room);
    return room;
  }

  /** The conversation a call may write in: a channel the app is in, or a person's. */
  writable(channel: string): string {
    const room = this.rooms.get(channel);
    if (!room) return this.reachable(channel).conversation;
    if (room.archived) throw new SlackError('is_archived');
    if (!room.member) throw new SlackError('not_in_channel');
    return room.id;
  }

  addMessage(message: Pick<Message, 'channel' | 'from' | 'text' | 'blocks'> & Partial<Message>): Message {
    const ts = `${Math.floor(this.now / 1000)}.${String(this.#next++).padStart(6, '0')}`;
    const added = {
      thread: null,
      files: [],
      metadata: undefined,
      edits: 0,
      selected: new Map(),
      ts,
      ...message,
    };
    this.messages.push(added);
    return added;
  }

  find(channel: string, ts: string): Message | undefined {
    return this.messages.find((m) => m.channel === channel && m.ts === ts);
  }

  /** The person a call may write to: by their conversation or by their own id. */
  reachable(channel: string): User {
    const user = this.users.get(channel) ?? [...this.users.values()].find((u) => u.conversation === channel);
    if (!user) throw new SlackError('channel_not_found');
    if (user.deleted) throw new SlackError('user_disabled');
    return user;
  }

  /** A press or command that may open one window within three seconds. */
  trigger(user: User): string {
    const id = `${this.happening('')}.${this.team}`;
    this.#triggers.set(id, { user, at: this.now, used: false });
    return id;
  }

  /** Puts a home up; with a hash only in place of what bore it. */
  publish(userId: string, { blocks }: HomeView, hash: string | undefined): Home {
    const user = this.users.get(userId);
    if (!user) throw new SlackError('user_not_found');
    if (user.deleted) throw new SlackError('user_disabled');
    if (hash !== undefined && hash !== user.home?.hash) throw new SlackError('hash_conflict');
    const id = user.home?.id ?? this.id('V');
    const shown = `${Math.floor(this.now / 1000)}.${this.id('h')}`;
    user.home = { id, hash: shown, blocks, selected: new Map() };
    return user.home;
  }

  openView(triggerId: string, view: ModalView): string {
    const trigger = this.#triggers.get(triggerId);
    if (!trigger) throw new SlackError('invalid_trigger_id');
    if (trigger.used) throw new SlackError('exchanged_trigger_id');
    if (this.now - trigger.at > 3000) throw new SlackError('expired_trigger_id');
    if (view.blocks.some((b) => b.type === 'input') && view.submit === undefined) {
      throw refused('invalid_arguments', 'submit is required when an input is in blocks');
    }
    trigger.used = true;
    const id = this.id('V');
    trigger.user.view = { id, view };
    return id;
  }
}
