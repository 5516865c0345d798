import type { ChannelAdapter } from '../core/channels/channel-adapter.ts';
import type { ChannelName } from '../core/channels/channel-name.ts';
import type { Role } from './config.ts';
import type { Processes } from './processes.ts';

type OnEvent = Parameters<ChannelAdapter['connect']>[0];

/**
 * What people write comes in. Where the platform calls us, or our own page does, every process that serves HTTP takes it;
 * a line of which there may be one only is held by one process of all, the others stand by.
 */
export class Receiving {
  readonly #adapters: readonly ChannelAdapter[];
  readonly #processes: Processes | null;
  readonly #closed = new Set<ChannelName>();

  /** `processes` null: this one is alone. */
  constructor(
    adapters: ReadonlyMap<ChannelName, ChannelAdapter>,
    roles: readonly Role[],
    processes: Processes | null,
  ) {
    const called = roles.includes('bots') || roles.includes('console');
    this.#adapters = [...adapters.values()].filter((adapter) =>
      adapter.receives === 'alone' ? roles.includes('bots') : called,
    );
    this.#processes = processes;
  }

  /** Resolves once receiving has begun, or somebody else receives. */
  async begin(onEvent: OnEvent): Promise<void> {
    await Promise.all(this.#adapters.map((adapter) => this.#beginOne(adapter, onEvent)));
  }

  /** Stops receiving from this messenger and lets another process go on at once. */
  async end(adapter: ChannelAdapter): Promise<void> {
    this.#closed.add(adapter.name);
    await adapter.close();
    if (adapter.receives === 'alone') await this.#processes?.giveBack(leaseOf(adapter));
  }

  async #beginOne(adapter: ChannelAdapter, onEvent: OnEvent): Promise<void> {
    if (!this.#processes || adapter.receives === 'anywhere') return adapter.connect(onEvent);
    const connected = this.#processes.hold(leaseOf(adapter)).then(() => true);
    const connect = async () => {
      if (!this.#closed.has(adapter.name)) await adapter.connect(onEvent);
    };
    if (await Promise.race([connected, this.#processes.looked().then(() => false)])) await connect();
    else void connected.then(connect);
  }
}

const leaseOf = ({ name }: ChannelAdapter) => `receive:${name}`;
