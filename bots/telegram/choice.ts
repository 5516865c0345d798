import { decodeAction, encodeAction } from '../../core/channels/action-token.ts';
import type { Block } from '../../core/channels/outbound-message.ts';

export interface InlineButton {
  readonly text: string;
  readonly callback_data?: string | undefined;
  readonly url?: string | undefined;
}

export type InlineKeyboard = readonly (readonly InlineButton[])[];

type Choice = Extract<Block<string>, { type: 'choice' }>;

/**
 * A multiple choice lives in its buttons alone: `-<action>` is an option not chosen, `+<action>` one that is, and
 * `=<action>:<mask>` submits, the mask (base 36) having bit n set when option n is chosen.
 * A sign never begins an action of the core, so the two cannot be mistaken.
 */
const off = '-';
const on = '+';
const submit = '=';
const marks = { [off]: '☐ ', [on]: '☑ ' } as const;

export function multipleChoiceRows(
  token: string,
  choice: Choice,
  labels: readonly string[],
): InlineButton[][] {
  const options = choice.options.map(({ value }, index) => [
    {
      text: `${marks[off]}${labels[index] ?? value}`,
      callback_data: off + encodeAction({ token, id: choice.id, value }),
    },
  ]);
  const data = submit + encodeAction({ token, id: choice.id, value: '0' });
  return [...options, [{ text: choice.submitLabel, callback_data: data }]];
}

export const isToggle = (data: string): boolean =>
  (data.startsWith(off) || data.startsWith(on)) && decodeAction(data.slice(1)) !== null;

export const isSubmit = (data: string): boolean =>
  data.startsWith(submit) && decodeAction(data.slice(1)) !== null;

/**
 * The keyboard after `pressed`, or null when it is not on it. The press says what the person saw, so pressing ☐ twice
 * before the mark appears still chooses.
 */
export function toggle(keyboard: InlineKeyboard, pressed: string): InlineKeyboard | null {
  const wanted = pressed.startsWith(off) ? on : off;
  const option = pressed.slice(1);
  let found = false;
  const toggled = keyboard.map((row) =>
    row.map((button) => {
      if (!button.callback_data || !isToggle(button.callback_data)) return button;
      if (button.callback_data.slice(1) !== option) return button;
      found = true;
      return { ...button, text: marks[wanted] + unmarked(button.text), callback_data: wanted + option };
    }),
  );
  return found ? withMask(toggled) : null;
}

/** What a submit chose, read from the buttons of its message; without them from the mask, options being counted from 0. */
export function chosen(submitted: string, keyboard: InlineKeyboard | null): string[] {
  const action = decodeAction(submitted.slice(1));
  const options = keyboard ? togglesOf(keyboard) : [];
  const picked = options
    .filter((data) => data.startsWith(on))
    .map((data) => decodeAction(data.slice(1))?.value);
  if (options.length > 0) return picked.filter((value) => value !== undefined);
  const mask = Number.parseInt(action?.value ?? '0', 36);
  return Array.from({ length: 32 }, (_, bit) => bit)
    .filter((bit) => Math.floor(mask / 2 ** bit) % 2 === 1)
    .map(String);
}

function withMask(keyboard: InlineKeyboard): InlineKeyboard {
  const mask = togglesOf(keyboard).reduce((sum, data, bit) => sum + (data.startsWith(on) ? 2 ** bit : 0), 0);
  return keyboard.map((row) =>
    row.map((button) => {
      const action = button.callback_data && isSubmit(button.callback_data) && button.callback_data.slice(1);
      const decoded = action ? decodeAction(action) : null;
      if (!decoded) return button;
      return { ...button, callback_data: submit + encodeAction({ ...decoded, value: mask.toString(36) }) };
    }),
  );
}

function togglesOf(keyboard: InlineKeyboard): string[] {
  return keyboard
    .flat()
    .map((button) => button.callback_data ?? '')
    .filter(isToggle);
}

function unmarked(label: string): string {
  return label.startsWith(marks[on]) || label.startsWith(marks[off]) ? label.slice(marks[on].length) : label;
}
