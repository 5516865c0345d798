import type { webApi } from '@slack/bolt';
import { ChannelError } from '../../../core/channels/channel-error.ts';
import type { Media } from '../../../core/channels/outbound-message.ts';
import { shorten } from '../../split-text.ts';
import { toChannelError } from '../errors.ts';
import { maxFileAltText, maxFileBytes, maxFileTitle } from '../limits.ts';
import { inThread } from './threads.ts';

const knownPictures = 200;
const largeBytes = 1024 * 1024;

interface Place {
  readonly channel: string;
  readonly thread?: string;
}

export interface SharedFile extends Place {
  readonly media: Media;
  readonly label: string;
}

/** Puts files at Slack in its three steps: asked for an address, sent there, completed. */
export class Files {
  readonly #client: webApi.WebClient;
  readonly #timeoutMs: number;
  /** By the attachment's id: the same picture to a thousand people is uploaded once. */
  readonly #pictures = new Map<string, string>();

  constructor(client: webApi.WebClient, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  /** The picture's id at Slack. Nobody sees it before a message shows it. */
  async picture(media: Media, alt: string): Promise<string> {
    const known = this.#pictures.get(media.id);
    if (known !== undefined) return known;
    const id = await this.#upload(media, alt);
    await this.#complete(id, titleOf(media, alt));
    const [oldest] = this.#pictures.keys();
    if (this.#pictures.size >= knownPictures && oldest !== undefined) this.#pictures.delete(oldest);
    this.#pictures.set(media.id, id);
    return id;
  }

  /** Slack cannot show it: the next message uploads it anew. */
  forget(mediaId: string): void {
    this.#pictures.delete(mediaId);
  }

  /** Shows a file in a conversation, as a message of its own. */
  async share({ media, label, ...place }: SharedFile): Promise<void> {
    const id = await this.#upload(media, label);
    await this.#complete(id, titleOf(media, label), place);
  }

  async #upload(media: Media, alt: string): Promise<string> {
    const { data, fileName } = media;
    if (data.byteLength > maxFileBytes) throw new ChannelError('Rejected', 'file larger than 1 GB');
    if (data.byteLength === 0) throw new ChannelError('Rejected', 'empty file');
    try {
      const asked = await this.#client.files.getUploadURLExternal({
        filename: safeName(fileName),
        length: data.byteLength,
        // The SDK's types call it alt_text, which Slack does not know.
        ...(alt ? { alt_txt: shorten(alt, maxFileAltText) } : {}),
      });
      if (!asked.upload_url || !asked.file_id) throw new ChannelError('Unavailable', 'unreadable answer');
      await this.#put(asked.upload_url, media);
      return asked.file_id;
    } catch (error) {
      throw toChannelError(error, 'other');
    }
  }

  /** The address itself is the permission: no token goes along. */
  async #put(url: string, { data, contentType }: Media): Promise<void> {
    const patience = data.byteLength > largeBytes ? this.#timeoutMs * 4 : this.#timeoutMs;
    const response = await fetch(url, {
      method: 'POST',
      body: new Uint8Array(data),
      headers: { 'content-type': contentType },
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
    });
    await response.arrayBuffer();
    if (response.ok) return;
    const code = response.status >= 500 ? 'Unavailable' : 'Rejected';
    throw new ChannelError(code, `the file was refused (HTTP ${response.status})`);
  }

  /** Without a place nobody sees it. */
  async #complete(id: string, title: string, place?: Place): Promise<void> {
    const files: [{ id: string; title: string }] = [{ id, title }];
    const { completeUploadExternal } = this.#client.files;
    try {
      if (!place) await completeUploadExternal({ files });
      else
        await inThread(place.thread, (thread) =>
          completeUploadExternal({ files, ...at(place.channel, thread) }),
        );
    } catch (error) {
      throw toChannelError(error, place ? 'send' : 'other');
    }
  }
}

function at(channel: string, { thread_ts }: { thread_ts?: string }) {
  return thread_ts === undefined ? { channel_id: channel } : { channel_id: channel, thread_ts };
}

function titleOf({ fileName }: Media, label: string): string {
  return shorten(label || safeName(fileName), maxFileTitle);
}

function safeName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const safe = name.replace(/[\u0000-\u001f\u007f"\\/]/g, '_').trim();
  return safe === '' ? 'file' : safe.slice(0, 255);
}
