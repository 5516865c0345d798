import { encodeAction } from '../../core/channels/action-token.ts';
import type { Block, Media, OutboundMessage } from '../../core/channels/outbound-message.ts';
import type { Language } from '../../core/language.ts';
import { Unsendable } from './errors.ts';

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
  /** Something true only at the moment of a look was left out (see withoutPassing). */
  readonly passing?: true;
}

/** The transcript's form of a message. Pure. Throws Unsendable for a button that could not be pressed. */
export function render({ token, language, blocks, replyTo }: OutboundMessage): RenderedMessage {
  for (const block of blocks) checkButtons(token, block);
  const rendered = { token, language, blocks: blocks.map(withReference) };
  return replyTo === undefined ? rendered : { ...rendered, replyTo };
}

/** The message as it may be kept. Pure. */
export function withoutPassing(message: RenderedMessage): RenderedMessage {
  const blocks = message.blocks.filter((block) => !('passing' in block));
  return blocks.length === message.blocks.length ? message : { ...message, blocks, passing: true };
}

function withReference(block: Block<string>): RenderedBlock {
  if (block.type !== 'image' && block.type !== 'file') return block;
  return { ...block, media: reference(block.media) };
}

function reference({ id, fileName, contentType, data }: Media): MediaReference {
  return { id, fileName, contentType, size: data.byteLength };
}

function checkButtons(token: string, block: Block<string>): void {
  try {
    if (block.type === 'actions') {
      for (const action of block.actions) if (action.kind === 'press') encodeAction({ token, id: action.id });
    }
    if (block.type === 'choice') {
      for (const { value } of block.options) encodeAction({ token, id: block.id, value });
    }
  } catch {
    throw new Unsendable(`a button of a ${block.type} block bears no sendable id`);
  }
}
