import type {
  ChannelAdapter,
  ChannelCapabilities,
  SentMessage,
  TakeEvent,
} from '../../core/channels/channel-adapter.ts';
import type { ChannelError } from '../../core/channels/channel-error.ts';
import type { ChannelName } from '../../core/channels/channel-name.ts';
import type { Group, InboundEvent } from '../../core/channels/inbound-event.ts';
import type { OutboundMessage } from '../../core/channels/outbound-message.ts';
import type { Clock, Ids } from '../../core/unit.ts';

/** A clock that stands still until told otherwise. */
export class TestClock implements Clock {
  #now: number;

  constructor(iso: string) {
    this.#now = Date.parse(iso);
  }

  /** Whole milliseconds, as every clock of a computer tells them. */
  now(): number {
    return Math.floor(this.#now);
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  set(iso: string): void {
    this.#now = Date.parse(iso);
  }
}

/** Ids that count up, so that a failing test reads the same every time. */
export function countingIds(): Ids {
  let n = 0;
  const next = () => {
    n += 1;
    return n;
  };
  return {
    next: () => String(next()).padStart(26, '0'),
    token: () => `T${String(next()).padStart(15, '0')}`,
    actionToken: () => `A${String(next()).padStart(15, '0')}`,
    secret: () => `secret-${next()}`,
    derived: (name) => `derived-${name.replace(/\W/g, '-')}`,
    integer: (below) => next() % below,
  };
}

export interface Shown {
  readonly externalId: string;
  readonly externalMessageId: string;
  /** The message as it stands now, edits applied. */
  message: OutboundMessage;
  edits: number;
}

/** A messenger in memory: keeps what was sent, refuses what it is told to refuse. */
export class FakeChannel implements ChannelAdapter {
  readonly name: ChannelName;
  /** As the real one, the web chat has no groups. */
  readonly capabilities: ChannelCapabilities;
  readonly endpoints = [];
  readonly receives = 'alone';
  readonly sent: Shown[] = [];
  /** Thrown by the next sends, first to last. */
  readonly failures: (ChannelError | ((externalId: string) => ChannelError | null))[] = [];
  /** The groups it lets the bot post to. */
  letIn: Group[] = [];
  #onEvent: TakeEvent | null = null;

  constructor(name: ChannelName) {
    this.name = name;
    this.capabilities = {
      edit: true,
      idempotentSend: false,
      messagesPerSecond: 0,
      perAddressIntervalMs: 0,
      commandPrefix: '/',
      directory: null,
      groups: name === 'webchat' ? null : { intervalMs: 0 },
    };
  }

  health() {
    return { state: 'connected' as const };
  }

  async connect(onEvent: TakeEvent): Promise<void> {
    this.#onEvent = onEvent;
  }

  async receive(event: InboundEvent): Promise<void> {
    await this.#onEvent?.(event);
  }

  async send(externalId: string, message: OutboundMessage): Promise<SentMessage> {
    const failure = this.failures.shift();
    const error = typeof failure === 'function' ? failure(externalId) : failure;
    if (error) throw error;
    const externalMessageId = `m${this.sent.length + 1}`;
    this.sent.push({ externalId, externalMessageId, message, edits: 0 });
    return { externalMessageId };
  }

  async edit(externalId: string, sent: SentMessage, message: OutboundMessage): Promise<void> {
    const shown = this.sent.find(
      (s) => s.externalId === externalId && s.externalMessageId === sent.externalMessageId,
    );
    if (shown) {
      shown.message = message;
      shown.edits += 1;
    }
  }

  async groups(): Promise<readonly Group[] | null> {
    return this.letIn;
  }

  /** Who is in the directory, by e-mail. */
  readonly directory = new Map<string, { externalId: string; displayName?: string }>();

  async findByEmail(email: string) {
    return this.directory.get(email) ?? null;
  }

  async close(): Promise<void> {
    this.#onEvent = null;
  }

  invitationLink(code: string): string {
    return `https://${this.name}.example/${code}`;
  }

  /** What this address was sent, oldest first. */
  to(externalId: string): OutboundMessage[] {
    return this.sent.filter((s) => s.externalId === externalId).map((s) => s.message);
  }
}
