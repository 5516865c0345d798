import type { AdapterSettings } from '../bots/registry.ts';
import { markThread, threadsOf } from '../core/store/accounts.ts';
import type { Core } from '../core/unit.ts';

type Memory = NonNullable<NonNullable<AdapterSettings['discord']>['memory']>;
type Mark = Parameters<Memory['save']>[0];

/** How far each person's direct messages were read, kept with their account: gone with it when they are forgotten. */
export class DiscordMemory implements Memory {
  readonly #core: Core;
  #last: Promise<void> = Promise.resolve();

  constructor(core: Core) {
    this.#core = core;
  }

  async load(): Promise<Mark[]> {
    const threads = await threadsOf(this.#core.db, 'discord');
    return threads.map(({ externalId, id, readTo }) => ({
      externalId,
      channelId: id,
      lastMessageId: readTo,
    }));
  }

  /** One after another: an older mark never comes to stand over a newer one. Rejects when the database cannot be used. */
  save({ externalId, channelId, lastMessageId }: Mark): Promise<void> {
    const thread = { externalId, id: channelId, readTo: lastMessageId };
    const saved = this.#last.then(() =>
      this.#core.transaction(({ db }) => markThread(db, 'discord', thread)),
    );
    this.#last = saved.catch(() => undefined);
    return saved;
  }

  /** Resolves once everything given is written or has failed. */
  drain(): Promise<void> {
    return this.#last;
  }
}
