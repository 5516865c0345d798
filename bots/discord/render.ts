import { createHash } from 'node:crypto';
import type { RESTPatchAPIChannelMessageJSONBody, RESTPostAPIChannelMessageJSONBody } from 'discord.js';
import { MessageFlags } from 'discord.js';
import { ChannelError } from '../../core/channels/channel-error.ts';
import type { Block, Media, OutboundMessage } from '../../core/channels/outbound-message.ts';
import { shorten, splitText } from '../split-text.ts';
import { buttonAddress, numbered, rowsOf } from './components.ts';
import {
  editReserve,
  maxButtonLabel,
  maxDescription,
  maxFileBytes,
  maxFiles,
  maxNonce,
  maxText,
  snowflake,
} from './limits.ts';
import { endsEmphasis, escapeMarkdown } from './markdown.ts';

/** One message of the platform and the files that go with it. */
export interface Outgoing {
  readonly body: RESTPostAPIChannelMessageJSONBody;
  readonly files: readonly Media[];
}

type Style = 'plain' | 'bold' | 'small' | 'quote';

/** Words of one kind; markup is put around them after splitting, so none is ever cut in two. */
interface Run {
  readonly text: string;
  readonly style: Style;
}

/** Discord takes no message without words or files. */
const wordless: Run = { text: '👇', style: 'plain' };
/** No preview of addresses, nobody pinged: whatever the words hold. */
const plainly = { flags: MessageFlags.SuppressEmbeds, allowed_mentions: { parse: [] } };

/** The parts a message was sent in, as its id names them: the last, then the others in their order. */
export const partsOf = (externalMessageId: string): string[] => externalMessageId.split(' ');

/**
 * The messages that show `message`, in order; the last carries files and buttons, the first answers `replyTo`.
 * `markSeveral`: see components.ts.
 */
export function renderSend(message: OutboundMessage, markSeveral?: string): Outgoing[] {
  const files = mediaOf(message.blocks);
  const parts = textsOf(runsOf(message.blocks), files.length > 0);
  const rows = rowsOf(message, markSeveral);
  return parts.map((runs, index) => {
    const last = index === parts.length - 1;
    const content = markdownOf(runs);
    const body: RESTPostAPIChannelMessageJSONBody = {
      ...(content === '' ? {} : { content }),
      ...plainly,
      nonce: nonceOf(message.deliveryId, index),
      enforce_nonce: true,
      ...(index === 0 ? replyOf(message) : {}),
      ...(last && rows.length > 0 ? { components: rows } : {}),
      ...(last && files.length > 0 ? { attachments: describe(message.blocks, files) } : {}),
    };
    return { body, files: last ? files : [] };
  });
}

type Edited = RESTPatchAPIChannelMessageJSONBody;

/**
 * What shows `message` in place of what was sent in `shown` parts, in their order: so many bodies or fewer, the parts before
 * them being needless. What has become too long for its parts ends with an ellipsis. Files stay.
 */
export function renderEdits(message: OutboundMessage, shown: number, markSeveral?: string): Edited[] {
  const withFiles = message.blocks.some((block) => block.type === 'image' || block.type === 'file');
  const parts = textsOf(runsOf(message.blocks), withFiles);
  const [before, rest] = [parts.slice(0, shown - 1), parts.slice(shown - 1)];
  const kept = parts.length > shown ? [...before, clipped(rest.flat())] : parts;
  return kept.map((runs, index) => ({
    ...{ content: markdownOf(runs), ...plainly },
    components: index === kept.length - 1 ? rowsOf(message, markSeveral) : [],
  }));
}

/** Its beginning and its small print, as much as fits into one message. */
function clipped(runs: readonly Run[]): Run[] {
  const large = runs.filter(({ style }) => style !== 'small');
  const small = runs.filter(({ style }) => style === 'small');
  const head = slice(large, 0, fitting(large, maxText - editReserve - 1));
  const end = small.flatMap((run): Run[] => [{ text: '\n', style: 'plain' }, run]);
  const whole = [...head, { text: '…', style: 'plain' as const }, ...end];
  return markdownOf(whole).length > maxText ? head : whole;
}

/** The platform's idempotency key of a part: at most 25 characters, the same for the same delivery. */
export function nonceOf(deliveryId: string, part: number): string {
  const digest = createHash('sha256').update(deliveryId).digest('base64url');
  return `${digest.slice(0, maxNonce - 4)}.${part}`.slice(0, maxNonce);
}

function replyOf({ replyTo }: OutboundMessage) {
  const [last = ''] = partsOf(replyTo ?? '');
  if (!snowflake.test(last)) return {};
  return { message_reference: { message_id: last, fail_if_not_exists: false } };
}

function mediaOf(blocks: OutboundMessage['blocks']): Media[] {
  const media = blocks.flatMap((block) =>
    block.type === 'image' || block.type === 'file' ? [block.media] : [],
  );
  if (media.some(({ data }) => data.byteLength > maxFileBytes))
    throw new ChannelError('Rejected', 'file larger than 10 MB');
  if (media.length > maxFiles) throw new ChannelError('Rejected', 'more than 10 files');
  return media;
}

function describe(blocks: OutboundMessage['blocks'], files: readonly Media[]) {
  return files.map((media, id) => {
    const block = blocks.find((b) => b.type === 'image' && b.media === media);
    const alt = block?.type === 'image' ? block.alt.trim() : '';
    return { id, filename: media.fileName, ...(alt ? { description: shorten(alt, maxDescription) } : {}) };
  });
}

/**
 * The words of each message: as markup, none longer than the platform takes. What an edit adds ("read at 12:04") is small
 * print: the rest alone says where a text is cut, so that sent and edited it is cut alike.
 */
function textsOf(runs: readonly Run[], emptyIsFine: boolean): Run[][] {
  const parts: Run[][] = [];
  let rest = [...runs];
  while (tooLong(rest)) {
    const length = fitting(rest, maxText - editReserve);
    parts.push(slice(rest, 0, length));
    rest = slice(rest, length, Number.POSITIVE_INFINITY);
  }
  const shown = [...parts, rest].filter((part) => part.some((run) => run.text.trim() !== ''));
  if (shown.length > 0) return shown;
  return emptyIsFine ? [[]] : [[wordless]];
}

function tooLong(runs: readonly Run[]): boolean {
  const large = runs.filter(({ style }) => style !== 'small');
  return markdownOf(runs).length > maxText || markdownOf(large).length > maxText - editReserve;
}

/** How many units of `runs` fit into `limit` units of markup, ending where a text may be cut. */
function fitting(runs: readonly Run[], limit: number): number {
  const words = runs.map((run) => run.text).join('');
  for (let most = limit; ; most = Math.floor(most * 0.8)) {
    const length = splitText(words.slice(0, most * 2), most)[0]?.length ?? 0;
    if (most < 10 || markdownOf(slice(runs, 0, length)).length <= limit) return Math.max(1, length);
  }
}

function slice(runs: readonly Run[], from: number, to: number): Run[] {
  let start = 0;
  const cut = runs.map((run) => {
    const text = run.text.slice(Math.max(0, from - start), Math.max(0, to - start));
    start += run.text.length;
    return { ...run, text };
  });
  return cut.filter((run) => run.text !== '');
}

function markdownOf(runs: readonly Run[]): string {
  return runs
    .map(({ text, style }) => marked(text, style))
    .join('')
    .trim();
}

/** Spaces at the edges stay outside the signs, and every line of a quote or of small print begins with its own. */
function marked(text: string, style: Style): string {
  const words = escapeMarkdown(text);
  if (style === 'plain' || text.trim() === '') return words;
  const [, before = '', inner = '', after = ''] = /^(\s*)(.*?)(\s*)$/su.exec(words) ?? [];
  if (style === 'bold') return endsEmphasis(text) ? words : `${before}**${inner}**${after}`;
  const sign = style === 'quote' ? '> ' : '-# ';
  const lines = inner
    .split('\n')
    .map((line) => (line.trim() === '' && style === 'small' ? line : sign + line));
  return before + lines.join('\n') + after;
}

function runsOf(blocks: OutboundMessage['blocks']): Run[] {
  const said = blocks.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
  const paragraphs = blocks
    .map((block) => paragraph(block, said).filter((run) => run.text !== ''))
    .filter((runs) => runs.some((run) => run.text.trim() !== ''));
  return paragraphs.flatMap((runs, index) =>
    index === 0 ? runs : [{ text: '\n\n', style: 'plain' as const }, ...runs],
  );
}

const textStyles = { title: 'bold', body: 'plain', note: 'small', quote: 'quote' } as const;

/** What a block adds to the words. `said` are the message's own texts: a picture's or file's label in there is not repeated. */
function paragraph(block: Block<string>, said: string): Run[] {
  switch (block.type) {
    case 'text':
      return [{ text: block.text, style: textStyles[block.style ?? 'body'] }];
    case 'fields':
      return block.items.flatMap(({ label, value }, index): Run[] => [
        { text: index > 0 ? '\n' : '', style: 'plain' },
        { text: `${label}:`, style: 'bold' },
        { text: ` ${value}`, style: 'plain' },
      ]);
    case 'image':
      return said.includes(block.alt) ? [] : [{ text: block.alt, style: 'small' }];
    case 'file':
      return said.includes(block.label) || block.label === block.media.fileName
        ? []
        : [{ text: block.label, style: 'small' }];
    case 'actions':
      return lines(block.actions.flatMap(inWords));
    case 'choice':
      return numbered(block) ? lines(block.options.map(({ label }, index) => `${index + 1}. ${label}`)) : [];
    case 'input':
      return [];
    case 'divider':
      return [{ text: '———', style: 'plain' }];
  }
}

/** Of an action what its button cannot say. */
function inWords(action: Extract<Block<string>, { type: 'actions' }>['actions'][number]): string[] {
  if (action.kind === 'link' && !buttonAddress(action.url)) return [`${action.label}: ${action.url}`];
  return action.label.length > maxButtonLabel ? [action.label] : [];
}

function lines(all: readonly string[]): Run[] {
  return all.length > 0 ? [{ text: all.join('\n'), style: 'plain' }] : [];
}
