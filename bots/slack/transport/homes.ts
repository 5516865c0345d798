import type { webApi } from '@slack/bolt';
import type { SentMessage } from '../../../core/channels/channel-adapter.ts';
import { ChannelError } from '../../../core/channels/channel-error.ts';
import type { OutboundMessage } from '../../../core/channels/outbound-message.ts';
import { refusal, toChannelError } from '../errors.ts';
import { homeId } from '../ids.ts';
import { userId } from '../limits.ts';
import { renderHome } from '../render.ts';

const remembered = 5000;

/** People's App Homes: one view each, put up whole. */
export class Homes {
  readonly #client: webApi.WebClient;
  /** What stands there as far as we know: Slack refuses to replace what somebody else put up since. */
  readonly #hashes = new Map<string, string>();

  constructor(client: webApi.WebClient) {
    this.#client = client;
  }

  /** Putting up the same twice shows it once, so no try is in doubt. Rejects with ChannelError. */
  async show(externalId: string, message: OutboundMessage): Promise<SentMessage> {
    if (!userId.test(externalId)) throw new ChannelError('Rejected', 'not a Slack user');
    const known = this.#hashes.get(externalId);
    this.#hashes.delete(externalId);
    try {
      const { view } = await this.#client.views.publish({
        user_id: externalId,
        view: renderHome(message),
        ...(known === undefined ? {} : { hash: known }),
      });
      if (view?.hash) this.#remember(externalId, view.hash);
      return { externalMessageId: homeId };
    } catch (error) {
      // Composed before what stands there now: composed anew it is put up without asking.
      if (refusal(error) === 'hash_conflict') throw new ChannelError('Unavailable', 'hash_conflict');
      throw toChannelError(error, 'other');
    }
  }

  #remember(externalId: string, hash: string): void {
    const [oldest] = this.#hashes.keys();
    if (this.#hashes.size >= remembered && oldest !== undefined) this.#hashes.delete(oldest);
    this.#hashes.set(externalId, hash);
  }
}
