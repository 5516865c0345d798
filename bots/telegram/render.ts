import { encodeAction } from '../../core/channels/action-token.ts';
import { ChannelError } from '../../core/channels/channel-error.ts';
import type { Action, Block, Media, OutboundMessage } from '../../core/channels/outbound-message.ts';
import { shorten, splitText } from '../split-text.ts';
import { type InlineButton, multipleChoiceRows } from './choice.ts';
import {
  editReserve,
  maxButtonLabel,
  maxCaption,
  maxFileBytes,
  maxPhotoBytes,
  maxRowLabels,
  maxText,
} from './limits.ts';

/** A call of the Bot API. `media` is uploaded in the field the method is named after. */
export type Outgoing =
  | { readonly method: 'sendMessage'; readonly payload: TextPayload & Common }
  | {
      readonly method: 'sendPhoto' | 'sendDocument';
      readonly payload: CaptionPayload & Common;
      readonly media: Media;
    };

export type OutgoingEdit =
  | { readonly method: 'editMessageText'; readonly payload: TextPayload & Edited }
  | { readonly method: 'editMessageCaption'; readonly payload: CaptionPayload & Edited };

interface Common {
  readonly chat_id: number;
  readonly reply_parameters?: { readonly message_id: number; readonly allow_sending_without_reply: true };
  readonly reply_markup?: Markup;
}
interface Edited {
  readonly chat_id: number;
  readonly message_id: number;
  readonly reply_markup?: Markup;
}
interface TextPayload {
  readonly text: string;
  readonly parse_mode: 'HTML';
  readonly link_preview_options: { readonly is_disabled: true };
}
interface CaptionPayload {
  readonly caption?: string;
  readonly parse_mode?: 'HTML';
}
interface Markup {
  readonly inline_keyboard: InlineButton[][];
}

/** Words of one kind; tags are put around them after splitting, so none is ever cut in two. */
interface Run {
  readonly text: string;
  readonly tag: 'b' | 'i' | 'blockquote' | null;
}

/** Telegram takes no message without words. */
const wordless: Run = { text: '👇', tag: null };
const photoTypes = new Set(['image/jpeg', 'image/png', 'image/webp']);

/** The calls that show `message`, in order; the last carries the buttons, the first answers `replyTo`. */
export function renderSend(chatId: number, message: OutboundMessage): Outgoing[] {
  const runs = runsOf(message.blocks);
  const media = mediaOf(message.blocks);
  const captioned = media.length > 0 && lengthOf(runs) <= maxCaption - editReserve;
  const outgoing: Outgoing[] = media.map((one, index) => ({
    ...carrier(one),
    payload: { chat_id: chatId, ...(captioned && index === media.length - 1 ? captionOf(runs) : {}) },
  }));
  if (!captioned)
    outgoing.push(...textsOf(runs, maxText - editReserve).map((words) => textCall(chatId, words)));
  return withEnds(outgoing, message);
}

/** The call that shows `message` in place of `externalMessageId`; of a message sent in parts, in place of the last. */
export function renderEdit(
  chatId: number,
  externalMessageId: string,
  message: OutboundMessage,
): OutgoingEdit {
  const runs = runsOf(message.blocks);
  const target = { chat_id: chatId, message_id: messageNumber(externalMessageId), ...markupOf(message) };
  if (externalMessageId.endsWith('p')) {
    return { method: 'editMessageCaption', payload: { ...captionOf(clip(runs, maxCaption)), ...target } };
  }
  const last = textsOf(runs, maxText).at(-1) ?? [wordless];
  return { method: 'editMessageText', payload: { ...textPayload(last), ...target } };
}

/** `123`, or `123p` for a message with a picture or file, whose words are its caption. */
export function externalMessageId(messageId: number, method: Outgoing['method']): string {
  return method === 'sendMessage' ? String(messageId) : `${messageId}p`;
}

export function messageNumber(externalMessageId: string): number {
  return Number.parseInt(externalMessageId, 10);
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function withEnds(outgoing: readonly Outgoing[], message: OutboundMessage): Outgoing[] {
  const replied = message.replyTo === undefined ? Number.NaN : messageNumber(message.replyTo);
  const reply = Number.isSafeInteger(replied)
    ? { reply_parameters: { message_id: replied, allow_sending_without_reply: true as const } }
    : {};
  return outgoing.map((call, index) => {
    const ends = {
      ...(index === 0 ? reply : {}),
      ...(index === outgoing.length - 1 ? markupOf(message) : {}),
    };
    return { ...call, payload: { ...call.payload, ...ends } } as Outgoing;
  });
}

function textCall(chatId: number, runs: readonly Run[]): Outgoing {
  return { method: 'sendMessage', payload: { chat_id: chatId, ...textPayload(runs) } };
}

function textPayload(runs: readonly Run[]): TextPayload {
  return { text: htmlOf(runs), parse_mode: 'HTML', link_preview_options: { is_disabled: true } };
}

function captionOf(runs: readonly Run[]): CaptionPayload {
  return runs.length === 0 ? {} : { caption: htmlOf(runs), parse_mode: 'HTML' };
}

function carrier(media: Media): { method: 'sendPhoto' | 'sendDocument'; media: Media } {
  if (media.data.byteLength > maxFileBytes) throw new ChannelError('Rejected', 'file larger than 50 MB');
  const photo = photoTypes.has(media.contentType) && media.data.byteLength <= maxPhotoBytes;
  return { method: photo ? 'sendPhoto' : 'sendDocument', media };
}

function mediaOf(blocks: OutboundMessage['blocks']): Media[] {
  return blocks.flatMap((block) => (block.type === 'image' || block.type === 'file' ? [block.media] : []));
}

/** The words of each text message, none longer than the platform takes. */
function textsOf(runs: readonly Run[], lastLimit: number): Run[][] {
  const words = runs.map((run) => run.text).join('');
  const parts: Run[][] = [];
  let start = 0;
  for (const part of splitText(words, maxText - editReserve, lastLimit)) {
    if (part.trim() !== '') parts.push(slice(runs, start, start + part.length));
    start += part.length;
  }
  return parts.length > 0 ? parts : [[wordless]];
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

function clip(runs: readonly Run[], limit: number): Run[] {
  if (lengthOf(runs) <= limit) return [...runs];
  const words = runs.map((run) => run.text).join('');
  const kept = slice(runs, 0, shorten(words, limit).length - 1);
  return [...kept, { text: '…', tag: null }];
}

function lengthOf(runs: readonly Run[]): number {
  return runs.reduce((sum, run) => sum + run.text.length, 0);
}

/** Spaces at the edges stay outside the tags: Telegram drops an entity that holds nothing else. */
function htmlOf(runs: readonly Run[]): string {
  return runs
    .map(({ text, tag }) => {
      const words = escapeHtml(text);
      return tag && text.trim() !== '' ? `<${tag}>${words}</${tag}>` : words;
    })
    .join('');
}

function runsOf(blocks: OutboundMessage['blocks']): Run[] {
  const said = blocks.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
  const paragraphs = blocks
    .map((block) => paragraph(block, said).filter((run) => run.text !== ''))
    .filter((runs) => runs.some((run) => run.text.trim() !== ''));
  return paragraphs.flatMap((runs, index) => (index === 0 ? runs : [{ text: '\n\n', tag: null }, ...runs]));
}

const tags = { title: 'b', body: null, note: 'i', quote: 'blockquote' } as const;

/** What a block adds to the words. `said` are the message's own texts: what they say already is not repeated. */
function paragraph(block: Block<string>, said: string): Run[] {
  switch (block.type) {
    case 'text':
      return [{ text: block.text, tag: tags[block.style ?? 'body'] }];
    case 'fields':
      return block.items.flatMap(({ label, value }, index) => [
        { text: index > 0 ? '\n' : '', tag: null },
        { text: `${label}:`, tag: 'b' },
        { text: ` ${value}`, tag: null },
      ]);
    case 'image':
      return said.includes(block.alt) ? [] : [{ text: block.alt, tag: 'i' }];
    case 'file':
      return said.includes(block.label) || block.label === block.media.fileName
        ? []
        : [{ text: block.label, tag: 'i' }];
    case 'actions':
      return block.actions
        .filter((action) => action.kind === 'link' && !buttonAddress(action.url))
        .map((action, index) => ({
          text: `${index > 0 ? '\n' : ''}${action.label}: ${action.kind === 'link' ? action.url : ''}`,
          tag: null,
        }));
    case 'choice':
      return numbered(block.options)
        ? [{ text: block.options.map((o, index) => `${index + 1}. ${o.label}`).join('\n'), tag: null }]
        : [];
    case 'input':
      return said.trim() === '' ? [{ text: block.label, tag: 'i' }] : [];
    case 'divider':
      return [{ text: '———', tag: null }];
  }
}

function markupOf(message: OutboundMessage): { reply_markup?: Markup } {
  const rows = message.blocks.flatMap((block) => rowsOf(block, message.token));
  return rows.length > 0 ? { reply_markup: { inline_keyboard: rows } } : {};
}

function rowsOf(block: Block<string>, token: string): InlineButton[][] {
  if (block.type === 'actions') return packed(block.actions.flatMap((action) => button(action, token)));
  if (block.type !== 'choice') return [];
  const long = numbered(block.options);
  const labels = block.options.map(({ label }, index) =>
    shorten(long ? `${index + 1}. ${label}` : label, maxButtonLabel),
  );
  if (block.multiple) return multipleChoiceRows(token, block, labels);
  return block.options.map(({ value }, index) => [
    { text: labels[index] ?? value, callback_data: encodeAction({ token, id: block.id, value }) },
  ]);
}

function button(action: Action<string>, token: string): InlineButton[] {
  if (action.kind === 'press') {
    return [{ text: action.label, callback_data: encodeAction({ token, id: action.id }) }];
  }
  return buttonAddress(action.url) ? [{ text: action.label, url: action.url }] : [];
}

/** Telegram refuses the whole message for a button to `localhost` or another address outside the public web. */
function buttonAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return (protocol === 'https:' || protocol === 'http:') && /\.[a-z0-9-]+$/i.test(hostname);
}

/** Buttons side by side as long as their labels stay readable. */
function packed(buttons: readonly InlineButton[]): InlineButton[][] {
  const rows: InlineButton[][] = [];
  for (const next of buttons) {
    const row = rows.at(-1);
    const width =
      row?.reduce((sum, { text }) => sum + text.length, next.text.length) ?? Number.POSITIVE_INFINITY;
    if (row && row.length < 3 && width <= maxRowLabels) row.push(next);
    else rows.push([next]);
  }
  return rows;
}

function numbered(options: readonly { readonly label: string }[]): boolean {
  return options.some(({ label }) => label.length > maxButtonLabel);
}
