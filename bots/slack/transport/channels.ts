import type { types, webApi } from '@slack/bolt';
import type { Aside } from '../../../core/channels/channel-adapter.ts';
import type { Group } from '../../../core/channels/inbound-event.ts';
import { plain } from '../interactive.ts';
import { channelsPage } from '../limits.ts';
import { escapeText } from '../typed-text.ts';
import type { SetUpGroup } from './deliveries.ts';

/** The workspace's channels we are in, and what is told there to one person alone. */
export class Channels {
  readonly #client: webApi.WebClient;
  readonly #link: (code: string) => string | null;

  /** `link`: where an invitation's code leads. */
  constructor(client: webApi.WebClient, link: (code: string) => string | null) {
    this.#client = client;
    this.#link = link;
  }

  /** Rejects as the SDK does. */
  async list(): Promise<Group[]> {
    const found: Group[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#client.users.conversations({
        ...{ types: 'public_channel,private_channel', exclude_archived: true, limit: channelsPage },
        ...(cursor ? { cursor } : {}),
      });
      for (const { id, name } of page.channels ?? []) {
        if (id) found.push({ externalId: id, title: `#${name ?? ''}` });
      }
      cursor = page.response_metadata?.next_cursor;
    } while (cursor);
    return found;
  }

  /** As Slack lists it; by its name alone when we are not in it. */
  async find(group: SetUpGroup): Promise<SetUpGroup> {
    if (group === null || 'named' in group) return group;
    const all = await this.list().catch(() => null);
    if (all === null) return group;
    return all.find((g) => g.externalId === group.externalId) ?? { named: group.title };
  }

  async tell(channel: string, user: string, aside: Aside): Promise<void> {
    await this.#client.chat.postEphemeral({ channel, user, ...this.words(aside) });
  }

  /** As a message's content: the words are plain text, the link is one. */
  words({ text, invitation }: Aside): { text: string; blocks: types.KnownBlock[] } {
    const link = invitation === undefined ? null : this.#link(invitation);
    const said: types.KnownBlock = { type: 'section', text: plain(text) };
    const fallback = escapeText(text);
    if (link === null) return { text: fallback, blocks: [said] };
    const way: types.KnownBlock = {
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'link', url: link }] }],
    };
    return { text: fallback, blocks: [said, way] };
  }
}
