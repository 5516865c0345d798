import type {
  ChannelAdapter,
  ChannelCapabilities,
  ChannelEndpoint,
  ChannelHealth,
  SentMessage,
} from '../core/channels/channel-adapter.ts';
import type { ChannelName } from '../core/channels/channel-name.ts';
import type { OutboundMessage } from '../core/channels/outbound-message.ts';
import type { Process } from '../core/store/processes.ts';

/** What a process that receives from a messenger tells the others of it. */
interface Known {
  readonly health: ChannelHealth;
  /** The invitation's address with `codeHere` where its code stands. */
  readonly link: string | null;
}

const codeHere = 'CODECODECODECODE';

/** A messenger that may be received from in another process: then its state and its links are those known there. */
export class SharedMessenger implements ChannelAdapter {
  readonly name: ChannelName;
  readonly capabilities: ChannelCapabilities;
  readonly endpoints: readonly ChannelEndpoint[];
  readonly receives: ChannelAdapter['receives'];
  readonly #adapter: ChannelAdapter;
  readonly #others: () => readonly Process[];
  #here = false;

  constructor(adapter: ChannelAdapter, others: () => readonly Process[]) {
    this.name = adapter.name;
    this.capabilities = adapter.capabilities;
    this.endpoints = adapter.endpoints;
    this.receives = adapter.receives;
    this.#adapter = adapter;
    this.#others = others;
  }

  health(): ChannelHealth {
    if (this.#here) return this.#adapter.health();
    return this.#elsewhere()?.health ?? { state: 'stopped', detail: 'no process receives from it now' };
  }

  connect(onEvent: Parameters<ChannelAdapter['connect']>[0]): Promise<void> {
    this.#here = true;
    return this.#adapter.connect(onEvent);
  }

  send(externalId: string, message: OutboundMessage): Promise<SentMessage> {
    return this.#adapter.send(externalId, message);
  }

  edit(externalId: string, sent: SentMessage, message: OutboundMessage): Promise<void> {
    return this.#adapter.edit(externalId, sent, message);
  }

  groups(): ReturnType<ChannelAdapter['groups']> {
    return this.#adapter.groups();
  }

  findByEmail(email: string): ReturnType<ChannelAdapter['findByEmail']> {
    return this.#adapter.findByEmail(email);
  }

  close(): Promise<void> {
    return this.#adapter.close();
  }

  invitationLink(code: string): string | null {
    const own = this.#adapter.invitationLink(code);
    return own ?? this.#elsewhere()?.link?.replace(codeHere, encodeURIComponent(code)) ?? null;
  }

  /** For the others, once it is received from here. */
  known(): Known | null {
    if (!this.#here) return null;
    return { health: this.#adapter.health(), link: this.#adapter.invitationLink(codeHere) };
  }

  #elsewhere(): Known | undefined {
    const told = this.#others().flatMap(({ messengers }) => {
      const known = (JSON.parse(messengers) as Readonly<Record<string, Known>>)[this.name];
      return known ? [known] : [];
    });
    return told.find(({ health }) => health.state === 'connected') ?? told[0];
  }
}
