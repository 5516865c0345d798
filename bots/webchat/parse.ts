import { createHash } from 'node:crypto';
import type { InboundEvent } from '../../core/channels/inbound-event.ts';

/** What the page hands in. `id` is the page's own random id of this post: posted again after a lost answer, it counts once. */
export type Posted = { readonly id: string; readonly languageHint?: string } & (
  | { readonly kind: 'message'; readonly text: string; readonly replyTo?: string }
  | {
      readonly kind: 'action';
      readonly token: string;
      readonly action: string;
      readonly values: readonly string[];
    }
  /** The conversation was opened, with the code of an invitation link or without. */
  | { readonly kind: 'open'; readonly code: string }
);

const commandPattern = /^\/([\p{L}\p{N}_-]{1,32})(?:\s+([\s\S]*))?$/u;

/** The event a post means. Pure and total: the page's routes let only well-formed posts through. */
export function parse(externalId: string, posted: Posted): InboundEvent {
  const { id, languageHint } = posted;
  const base = {
    channel: 'webchat' as const,
    externalEventId: eventId(externalId, id),
    externalId,
    ...(languageHint === undefined ? {} : { languageHint }),
  };
  switch (posted.kind) {
    case 'open':
      return { ...base, type: 'command', name: 'start', args: posted.code };
    case 'action':
      return { ...base, type: 'action', token: posted.token, id: posted.action, values: posted.values };
    case 'message':
      return { ...base, ...words(posted.text, posted.replyTo) };
  }
}

/**
 * One post of one address, as a name that leads back to neither: taken events are kept with their time, and for an
 * anonymous poll no time may lead to a person.
 */
function eventId(externalId: string, id: string): string {
  return createHash('sha256').update(`${externalId}\n${id}`).digest('base64url').slice(0, 32);
}

function words(text: string, replyTo: string | undefined) {
  const command = parseCommand(text);
  if (command) return { type: 'command' as const, ...command };
  return { type: 'text' as const, text, ...(replyTo === undefined ? {} : { replyTo }) };
}

/** "/Zglos coś" → { name: 'zglos', args: 'coś' }; null when the text is no command. */
export function parseCommand(text: string): { name: string; args: string } | null {
  const [, name, args = ''] = commandPattern.exec(text.trim()) ?? [];
  return name === undefined ? null : { name: name.toLowerCase(), args: args.trim() };
}
