import { setTimeout as delay } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import type { SentMessage } from '../../../core/channels/channel-adapter.ts';
import { ChannelError } from '../../../core/channels/channel-error.ts';
import type { OutboundMessage } from '../../../core/channels/outbound-message.ts';
import { refusal, toChannelError } from '../errors.ts';
import { decodeMessageId, encodeMessageId } from '../ids.ts';
import { channelId, userId } from '../limits.ts';
import { type Content, filesOf, picturesOf, render } from '../render.ts';
import { Files } from './files.ts';
import type { People } from './people.ts';
import { inThread } from './threads.ts';

/** A whole message, all its parts: shorter than the time after which a send counts as interrupted. */
const messagePatienceMs = 90_000;
/** Slack needs a moment before it can show a picture it was just given. */
const pictureWaitsMs = [300, 700, 1500, 3000];

/** Slack went on refusing a message for a picture in it. */
class UnshowablePicture extends ChannelError {}

/** Sends messages part by part, and edits them. Rejects with ChannelError. */
export class Sender {
  readonly #client: webApi.WebClient;
  readonly #people: People;
  readonly #files: Files;

  constructor(client: webApi.WebClient, people: People, timeoutMs: number) {
    this.#client = client;
    this.#people = people;
    this.#files = new Files(client, timeoutMs);
  }

  /** `maybeSent` also when the first parts are shown and the rest could not follow. */
  async send(externalId: string, message: OutboundMessage): Promise<SentMessage> {
    if (!userId.test(externalId) && !channelId.test(externalId)) {
      throw new ChannelError('Rejected', 'neither a Slack user nor a channel');
    }
    const end = performance.now() + messagePatienceMs;
    // Before anything is shown: an unsendable action must not leave files behind.
    rendered(message, new Map());
    const pictures = await this.#pictures(message);
    try {
      return await this.#run(this.#steps(externalId, message, pictures), end);
    } catch (error) {
      // Not really a picture, or one too large to show: as a file it still arrives.
      if (!(error instanceof UnshowablePicture)) throw error;
      return this.#run(this.#steps(externalId, message, new Map()), end);
    }
  }

  async edit(sent: SentMessage, message: OutboundMessage): Promise<void> {
    const target = decodeMessageId(sent.externalMessageId);
    if (!target) throw new ChannelError('Rejected', 'not a Slack message');
    const show = async (pictures: ReadonlyMap<string, string>) => {
      const content = rendered(message, pictures).at(-1);
      if (!content) throw new ChannelError('Rejected', 'nothing to show');
      await this.#shown(message, () => this.#client.chat.update({ ...target, ...content }), 'other');
    };
    await show(await this.#pictures(message)).catch((error: unknown) => {
      if (!(error instanceof UnshowablePicture)) throw error;
      return show(new Map());
    });
  }

  async #run(steps: readonly (() => Promise<SentMessage | null>)[], end: number): Promise<SentMessage> {
    let shown: SentMessage | null = null;
    for (const [index, step] of steps.entries()) {
      shown = (index === 0 ? await step() : await following(step, end)) ?? shown;
    }
    if (!shown) throw new ChannelError('Rejected', 'nothing to send');
    return shown;
  }

  /** What is shown one after another: files as messages of their own, then the parts. */
  #steps(user: string, message: OutboundMessage, pictures: ReadonlyMap<string, string>) {
    const thread = threadOf(message);
    const files = filesOf(message.blocks, pictures).map((file) => async () => {
      const channel = await this.#conversation(user);
      await this.#files.share({ ...file, channel, ...(thread ? { thread } : {}) });
      return null;
    });
    const parts = rendered(message, pictures).map(
      (content, part) => () => this.#post(user, message, content, part),
    );
    return [...files, ...parts];
  }

  async #post(user: string, message: OutboundMessage, content: Content, part: number): Promise<SentMessage> {
    const call = () =>
      inThread(threadOf(message), (where) =>
        this.#client.chat.postMessage({
          channel: this.#people.address(user),
          ...content,
          unfurl_links: false,
          unfurl_media: false,
          metadata: { event_type: 'wici_message', event_payload: { delivery: message.deliveryId, part } },
          ...where,
        }),
      );
    const { channel, ts } = await this.#shown(message, call, 'send');
    if (!channel || !ts) throw new ChannelError('Unavailable', 'unreadable answer', { maybeSent: true });
    this.#people.learn(user, channel);
    return { externalMessageId: encodeMessageId({ channel, ts }) };
  }

  /** A message with pictures is refused until Slack can show them: asked again for a while, nothing was shown. */
  async #shown<T>(message: OutboundMessage, call: () => Promise<T>, operation: 'send' | 'other'): Promise<T> {
    const pictures = picturesOf(message.blocks);
    for (let attempt = 0; ; attempt++) {
      try {
        return await call();
      } catch (error) {
        const wait = pictureWaitsMs[attempt];
        const unready = pictures.length > 0 && refusal(error) === 'invalid_blocks';
        if (!unready) throw toChannelError(error, operation);
        if (wait === undefined) {
          for (const { id } of pictures) this.#files.forget(id);
          throw new UnshowablePicture('Rejected', 'invalid_blocks');
        }
        await delay(wait);
      }
    }
  }

  async #pictures(message: OutboundMessage): Promise<ReadonlyMap<string, string>> {
    const known = new Map<string, string>();
    for (const block of message.blocks) {
      if (block.type !== 'image' || !picturesOf([block]).length) continue;
      known.set(block.media.id, await this.#files.picture(block.media, block.alt));
    }
    return known;
  }

  async #conversation(user: string): Promise<string> {
    try {
      return await this.#people.conversation(user);
    } catch (error) {
      throw toChannelError(error, 'other');
    }
  }
}

/** A part after others that are shown already: waited for, since the whole cannot be sent again. */
async function following(step: () => Promise<SentMessage | null>, end: number): Promise<SentMessage | null> {
  for (let failures = 1; ; failures++) {
    try {
      return await step();
    } catch (error) {
      const { code, retryable, retryAfterMs, message } = toChannelError(error, 'send');
      if (code === 'RecipientGone') throw error;
      const wait = retryAfterMs ?? 1000 * failures;
      if (!retryable || performance.now() + wait > end) {
        throw new ChannelError('Unavailable', `only a part was sent: ${message}`, { maybeSent: true });
      }
      await delay(wait);
    }
  }
}

function threadOf({ replyTo }: OutboundMessage): string | undefined {
  return replyTo === undefined ? undefined : decodeMessageId(replyTo)?.ts;
}

function rendered(message: OutboundMessage, pictures: ReadonlyMap<string, string>): Content[] {
  try {
    return render(message, pictures);
  } catch (error) {
    throw toChannelError(error, 'send');
  }
}
