import type { Block, Media, OutboundMessage } from '../../core/channels/outbound-message.ts';
import type { Language } from '../../core/language.ts';

/** A picture or file by reference: the page fetches its bytes under the attachment's id. */
export interface MediaReference {
  readonly id: string;
  readonly fileName: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
}

export type RenderedBlock = Block<string, MediaReference>;

/** What Wici says, as the transcript keeps it: plain texts and references. The page turns it into escaped HTML. */
export interface RenderedMessage {
  readonly token: string;
  readonly language: Language;
  readonly blocks: readonly RenderedBlock[];
  readonly replyTo?: string;
}

/** The transcript's form of a message. Pure. */
export function render({ token, language, blocks, replyTo }: OutboundMessage): RenderedMessage {
  const rendered = { token, language, blocks: blocks.map(withReference) };
  return replyTo === undefined ? rendered : { ...rendered, replyTo };
}

function withReference(block: Block<string>): RenderedBlock {
  if (block.type !== 'image' && block.type !== 'file') return block;
  return { ...block, media: reference(block.media) };
}

function reference({ id, fileName, contentType, data }: Media): MediaReference {
  return { id, fileName, contentType, size: data.byteLength };
}
