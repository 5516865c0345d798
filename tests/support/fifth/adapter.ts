import type {
  Aside,
  ChannelAdapter,
  ChannelCapabilities,
  ChannelHealth,
  SentMessage,
  TakeEvent,
} from '../../../core/channels/channel-adapter.ts';
import type { ChannelName } from '../../../core/channels/channel-name.ts';
import type { Group } from '../../../core/channels/inbound-event.ts';
import type { OutboundMessage } from '../../../core/channels/outbound-message.ts';
import { toChannelError } from './errors.ts';
import { parse } from './parse.ts';
import { render } from './render.ts';
import type { Sheet, TerminalService } from './terminal-service.ts';

/** A fifth messenger, small: terminals that print sheets. */
export class TerminalAdapter implements ChannelAdapter {
  readonly name: ChannelName;
  readonly capabilities: ChannelCapabilities = {
    edit: true,
    idempotentSend: false,
    messagesPerSecond: 0,
    perAddressIntervalMs: 0,
    commandPrefix: '/',
    directory: null,
    groups: { intervalMs: 0 },
  };
  readonly endpoints = [];
  readonly receives = 'alone';
  readonly #service: TerminalService;
  readonly #inHand = new Set<Promise<void>>();
  #state: ChannelHealth['state'] = 'connecting';

  constructor(service: TerminalService, name: ChannelName) {
    this.#service = service;
    this.name = name;
  }

  health(): ChannelHealth {
    return { state: this.#state };
  }

  async connect(onEvent: TakeEvent): Promise<void> {
    this.#service.listen((typed) => {
      const event = parse(this.name, typed);
      if (!event) return Promise.resolve();
      const taken = onEvent(event).then((aside) => this.#whisper(event.externalId, aside));
      const settled: Promise<void> = taken.catch(() => undefined).finally(() => this.#inHand.delete(settled));
      this.#inHand.add(settled);
      return taken;
    });
    this.#state = 'connected';
  }

  async send(externalId: string, message: OutboundMessage): Promise<SentMessage> {
    let number = 0;
    for (const sheet of this.#rendered(message)) number = await this.#print(externalId, sheet);
    return { externalMessageId: String(number) };
  }

  async edit(externalId: string, sent: SentMessage, message: OutboundMessage): Promise<void> {
    const last = this.#rendered(message).at(-1);
    if (last) await this.#print(externalId, last, Number(sent.externalMessageId));
  }

  async groups(): Promise<readonly Group[]> {
    const lent = [...this.#service.boards].filter(([, board]) => board.lent);
    return lent.map(([externalId, { name }]) => ({ externalId, title: name }));
  }

  async findByEmail(): Promise<null> {
    return null;
  }

  async close(): Promise<void> {
    this.#service.listen(null);
    await Promise.all(this.#inHand);
    this.#state = 'stopped';
  }

  invitationLink(code: string): string {
    return `terminal://join/${encodeURIComponent(code)}`;
  }

  /** What only this person is told of what they pressed on a board. */
  #whisper(terminal: string, aside: Aside | undefined): void {
    if (!aside) return;
    const { text, invitation } = aside;
    this.#service.whisper(terminal, invitation ? `${text} ${this.invitationLink(invitation)}` : text);
  }

  #rendered(message: OutboundMessage): Sheet[] {
    try {
      return render(message);
    } catch (error) {
      throw toChannelError(error);
    }
  }

  async #print(externalId: string, sheet: Sheet, number?: number): Promise<number> {
    try {
      return await this.#service.print(externalId, sheet, number);
    } catch (error) {
      throw toChannelError(error);
    }
  }
}
