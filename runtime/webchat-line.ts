import { createHash } from 'node:crypto';
import type { Posted } from '../bots/webchat/parse.ts';
import type { RenderedMessage } from '../bots/webchat/render.ts';
import type { WebchatMessage } from '../core/store/webchat.ts';

interface LineBase {
  readonly id: string;
  /** Epoch ms; grows within a transcript. */
  readonly at: number;
  readonly position: number;
  readonly replyTo?: string;
  /** The line answered, when it stands in the transcript. */
  readonly quote?: Line;
}

export interface WiciLine extends LineBase {
  readonly from: 'wici';
  readonly message: RenderedMessage;
}

export interface PersonLine extends LineBase {
  readonly from: 'person';
  readonly text: string;
  /** The page's id of the post: by it a page knows its own message again. */
  readonly post: string;
}

/** One entry of a transcript. */
export type Line = WiciLine | PersonLine;

interface PersonBody {
  readonly text: string;
  readonly post: string;
  readonly replyTo?: string;
}

export function toLine({ id, from, at, position, body }: WebchatMessage): Line {
  if (from === 'wici') {
    const message = JSON.parse(body) as RenderedMessage;
    const line = { id, at, position, from, message };
    return message.replyTo === undefined ? line : { ...line, replyTo: message.replyTo };
  }
  return { id, at, position, from, ...(JSON.parse(body) as PersonBody) };
}

export function personBody({ id, text, replyTo }: Extract<Posted, { kind: 'message' }>): string {
  const body: PersonBody = replyTo === undefined ? { text, post: id } : { text, post: id, replyTo };
  return JSON.stringify(body);
}

/** The row id of a person's post: the same post makes the same row, however often it comes. */
export function personId(externalId: string, post: string): string {
  return createHash('sha256').update(`${externalId}\n${post}`).digest('hex').slice(0, 26);
}

export function mentionsMedia(body: string, id: string): boolean {
  const { blocks } = JSON.parse(body) as RenderedMessage;
  return blocks.some((b) => (b.type === 'image' || b.type === 'file') && b.media.id === id);
}
