import type { APIModalInteractionResponseCallbackData } from 'discord.js';
import { ComponentType, TextInputStyle } from 'discord.js';
import { type ActionData, decodeAction, encodeAction } from '../../core/channels/action-token.ts';
import type { Field } from '../../core/channels/outbound-message.ts';
import { shorten } from '../split-text.ts';
import { maxCustomId, maxFieldLabel, maxInputText, maxModalTitle } from './limits.ts';

/** The one field in a window. */
export const wordsField = 'words';

/**
 * The data of a button that opens a window: what it would carry without one, then the window's words. Its own two buttons
 * the platform labels itself. A bar parts them.
 */
export function fieldData(token: string, id: string, { title, label }: Field<string>): string {
  const data = encodeAction({ token, id });
  const room = maxCustomId - data.length - 4;
  const head = shorten(withoutBar(title), Math.min(maxModalTitle, Math.floor(room / 2)));
  return `${data}|${head}|${shorten(withoutBar(label), Math.min(maxFieldLabel, room - head.length))}`;
}

/** The window a button's data asks for, and the button; null when it asks for none. */
export function windowOf(
  data: string,
): { action: ActionData; view: APIModalInteractionResponseCallbackData } | null {
  const [carried = '', title, label] = data.split('|');
  const action = decodeAction(carried);
  if (!action || !title || !label) return null;
  const component = {
    type: ComponentType.TextInput,
    custom_id: wordsField,
    style: TextInputStyle.Paragraph,
    max_length: maxInputText,
    required: true,
  } as const;
  return {
    action,
    view: { custom_id: carried, title, components: [{ type: ComponentType.Label, label, component }] },
  };
}

const withoutBar = (text: string) => text.replaceAll('|', '/');
