import type { webApi } from '@slack/bolt';
import type { Listed } from '../../../core/channels/channel-adapter.ts';
import type { InboundEvent } from '../../../core/channels/inbound-event.ts';
import { refusal } from '../errors.ts';
import { channelId } from '../limits.ts';

type Profile = Pick<InboundEvent, 'displayName' | 'languageHint'>;

const remembered = 5000;

/** What Slack says of people: asked once a person, and their private conversation with us as it becomes known. */
export class People {
  readonly #client: webApi.WebClient;
  readonly #profiles = new Map<string, Profile>();
  readonly #conversations = new Map<string, string>();

  constructor(client: webApi.WebClient) {
    this.#client = client;
  }

  /** Name and language; empty when Slack does not say just now: nobody's words wait for that. */
  async profile(user: string): Promise<Profile> {
    const known = this.#profiles.get(user);
    if (known) return known;
    try {
      const { user: found } = await this.#client.users.info({ user, include_locale: true });
      const name = found?.profile?.display_name || found?.real_name || '';
      const profile = {
        ...(name ? { displayName: name } : {}),
        ...(found?.locale ? { languageHint: found.locale } : {}),
      };
      remember(this.#profiles, user, profile);
      return profile;
    } catch {
      return {};
    }
  }

  /** The person with this e-mail; null when the workspace has none, or they left, or it is a bot's. Rejects as the SDK does. */
  async byEmail(email: string): Promise<Listed | null> {
    try {
      const { user } = await this.#client.users.lookupByEmail({ email });
      if (!user?.id || user.deleted || user.is_bot) return null;
      const name = user.profile?.display_name || user.real_name || '';
      return { externalId: user.id, ...(name ? { displayName: name } : {}) };
    } catch (error) {
      if (refusal(error) === 'users_not_found') return null;
      throw error;
    }
  }

  learn(user: string, conversation: string): void {
    if (/^D[A-Z0-9]+$/.test(conversation)) remember(this.#conversations, user, conversation);
  }

  /** Where to write to a person: their conversation, or while it is unknown their own id, which opens it. */
  address(user: string): string {
    return this.#conversations.get(user) ?? user;
  }

  /** The conversation's own id, opened when it is not known yet; of a channel: its own. */
  async conversation(user: string): Promise<string> {
    if (channelId.test(user)) return user;
    const known = this.#conversations.get(user);
    if (known !== undefined) return known;
    const { channel } = await this.#client.conversations.open({ users: user });
    if (!channel?.id) throw new Error('unreadable answer');
    this.learn(user, channel.id);
    return channel.id;
  }
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  const [oldest] = map.keys();
  if (map.size >= remembered && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
