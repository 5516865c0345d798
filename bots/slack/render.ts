import type { types } from '@slack/bolt';
import { cutLinks } from '../../core/channels/links.ts';
import type { Block, Media, OutboundMessage } from '../../core/channels/outbound-message.ts';
import { shorten, splitText } from '../split-text.ts';
import { actionBlocks, buttonAddress, choiceBlocks, inputBlock, numbered, plain } from './interactive.ts';
import {
  maxAltText,
  maxBlocks,
  maxFallbackText,
  maxHeaderText,
  maxMessageWords,
  maxSectionText,
  maxViewBlocks,
} from './limits.ts';
import { escapeText } from './typed-text.ts';

/** One message's content, as `chat.postMessage` and `chat.update` take it. */
export interface Content {
  /** What notifications and screen readers say; in Slack's markup, so escaped. */
  readonly text: string;
  readonly blocks: types.KnownBlock[];
}

/** A picture's id at the platform, by our attachment's id: those here stand in the message itself. */
export type KnownPictures = ReadonlyMap<string, string>;

/** A rendered block; `size` are its words, `press`: it can be pressed and stays with the last part. */
interface Piece {
  readonly block: types.KnownBlock;
  readonly size: number;
  readonly press: boolean;
}

const pictureTypes = new Set(['image/png', 'image/jpeg', 'image/gif']);

/** Pictures that can stand in a message; everything else is handed over as a file before it. */
export function picturesOf(blocks: OutboundMessage['blocks']): Media[] {
  return blocks.flatMap((block) =>
    block.type === 'image' && pictureTypes.has(block.media.contentType) ? [block.media] : [],
  );
}

/** Files with what they are called. `known`: pictures that stand in the message are none of them. */
export function filesOf(
  blocks: OutboundMessage['blocks'],
  known: KnownPictures,
): { media: Media; label: string }[] {
  return blocks.flatMap((block) => {
    if (block.type === 'file') return [{ media: block.media, label: block.label }];
    if (block.type !== 'image' || known.has(block.media.id)) return [];
    return [{ media: block.media, label: block.alt }];
  });
}

/** The messages that show `message`, in order; everything that can be pressed is on the last. Throws RangeError for an unsendable action. */
export function render(message: OutboundMessage, known: KnownPictures): Content[] {
  const pieces = message.blocks.flatMap((block, n) => piecesOf(block, message, known, n));
  const fallback = fallbackOf(message);
  const parts = packed(pieces);
  if (parts.length === 0) return [{ text: fallback || '…', blocks: [] }];
  return parts.map((part) => ({ text: fallback || '…', blocks: part.map(({ block }) => block) }));
}

/** Block ids are unique in a view: each card's begin where no other's reach. */
const cardIds = 1000;

/** The view of a person's home: the message's own blocks, then the cards, as far as a view holds them. Throws as render does. */
export function renderHome(message: OutboundMessage): types.HomeView {
  const none: KnownPictures = new Map();
  const [top = [], ...cards] = [message, ...(message.home ?? [])].map((card, index) =>
    card.blocks.flatMap((block, n) => piecesOf(block, card, none, index * cardIds + n)),
  );
  const blocks = cards.reduce<types.KnownBlock[]>(
    (all, pieces) =>
      all.length + pieces.length + 1 > maxViewBlocks
        ? all
        : [...all, { type: 'divider' }, ...pieces.map(({ block }) => block)],
    top.slice(0, maxViewBlocks).map(({ block }) => block),
  );
  return { type: 'home', blocks };
}

function piecesOf(block: Block<string>, message: OutboundMessage, known: KnownPictures, n: number): Piece[] {
  switch (block.type) {
    case 'text':
      return words(block.text, block.style ?? 'body');
    case 'fields':
      return fieldsPieces(block.items);
    case 'image': {
      const id = known.get(block.media.id);
      return id === undefined ? [] : [picture(id, block.alt || block.media.fileName)];
    }
    case 'file':
      return [];
    case 'actions':
      return [
        ...block.actions.flatMap((action) =>
          action.kind === 'link' && !buttonAddress(action.url)
            ? words(`${action.label}: ${action.url}`, 'body')
            : [],
        ),
        ...actionBlocks(block.actions, message.token, n).map(toPress),
      ];
    case 'choice': {
      const list = block.options.map((option, index) => `${index + 1}. ${option.label}`).join('\n');
      return [
        ...(numbered(block) ? words(list, 'body') : []),
        ...choiceBlocks(block, message.token, n).map(toPress),
      ];
    }
    case 'input':
      return [toPress(inputBlock(block, message.token, n))];
    case 'divider':
      return [{ block: { type: 'divider' }, size: 0, press: false }];
  }
}

/** Words are never markup: plain text, or the text elements of a rich text. */
function words(text: string, style: 'title' | 'body' | 'note' | 'quote'): Piece[] {
  return splitText(text, maxSectionText)
    .filter((part) => part.trim() !== '')
    .map((part) => ({ block: wordsBlock(part, style), size: part.length, press: false }));
}

function wordsBlock(text: string, style: 'title' | 'body' | 'note' | 'quote'): types.KnownBlock {
  switch (style) {
    case 'title':
      return text.length <= maxHeaderText && !text.includes('\n')
        ? { type: 'header', text: plain(text) }
        : richText([
            { type: 'rich_text_section', elements: [{ type: 'text', text, style: { bold: true } }] },
          ]);
    case 'body':
      return cutLinks(text).every((piece) => 'text' in piece)
        ? { type: 'section', text: plain(text), expand: true }
        : richText([{ type: 'rich_text_section', elements: spoken(text) }]);
    case 'note':
      return { type: 'context', elements: [plain(text)] };
    case 'quote':
      return richText([{ type: 'rich_text_quote', elements: spoken(text) }]);
  }
}

type Spoken = types.RichTextText | types.RichTextLink;

/** Slack makes no link of an address in plain words: it is one when it says so. */
function spoken(text: string): Spoken[] {
  return cutLinks(text).map(
    (piece): Spoken =>
      'url' in piece ? { type: 'link', url: piece.url } : { type: 'text', text: piece.text },
  );
}

type Field = Extract<Block<string>, { type: 'fields' }>['items'][number];

const sizeOf = (fields: readonly Field[]) =>
  fields.reduce((sum, { label, value }) => sum + label.length + value.length + 3, 0);

function fieldsPieces(items: readonly Field[]): Piece[] {
  if (items.some((item) => sizeOf([item]) > maxSectionText)) {
    return words(items.map(({ label, value }) => `${label}: ${value}`).join('\n'), 'body');
  }
  const groups: Field[][] = [];
  for (const item of items) {
    const group = groups.at(-1);
    if (group && sizeOf([...group, item]) <= maxSectionText) group.push(item);
    else groups.push([item]);
  }
  return groups.map((group) => ({ block: fieldLines(group), size: sizeOf(group), press: false }));
}

function fieldLines(fields: readonly Field[]): types.RichTextBlock {
  const elements = fields.flatMap(({ label, value }, index): Spoken[] => [
    { type: 'text', text: `${index > 0 ? '\n' : ''}${label}:`, style: { bold: true } },
    ...spoken(` ${value}`),
  ]);
  return richText([{ type: 'rich_text_section', elements }]);
}

function richText(elements: types.RichTextBlock['elements']): types.RichTextBlock {
  return { type: 'rich_text', elements };
}

function picture(id: string, alt: string): Piece {
  return {
    block: { type: 'image', slack_file: { id }, alt_text: shorten(alt, maxAltText) },
    size: 0,
    press: false,
  };
}

const toPress = (block: types.KnownBlock): Piece => ({ block, size: 0, press: true });

/** As they come when one message holds them; else what can be pressed goes to the end, so that it is on the last part. */
function packed(pieces: readonly Piece[]): Piece[][] {
  if (fits(pieces)) return pieces.length > 0 ? [[...pieces]] : [];
  const presses = pieces.filter(({ press }) => press);
  const parts: Piece[][] = [];
  for (const piece of pieces.filter(({ press }) => !press)) {
    const part = parts.at(-1);
    if (part && fits([...part, piece])) part.push(piece);
    else parts.push([piece]);
  }
  const last = parts.at(-1);
  if (last && fits([...last, ...presses])) last.push(...presses);
  else parts.push(presses.slice(0, maxBlocks));
  return parts;
}

function fits(pieces: readonly Piece[]): boolean {
  return pieces.length <= maxBlocks && pieces.reduce((sum, { size }) => sum + size, 0) <= maxMessageWords;
}

/** The message in a line or two: its texts, or else what its buttons say. */
function fallbackOf({ blocks }: OutboundMessage): string {
  const said = blocks.flatMap((block) => {
    if (block.type === 'text' && block.style !== 'note') return [block.text];
    if (block.type === 'image') return [block.alt];
    return block.type === 'file' || block.type === 'input' ? [block.label] : [];
  });
  return escapeText(shorten(said.join('\n').trim(), maxFallbackText));
}
