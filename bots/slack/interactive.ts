import type { types } from '@slack/bolt';
import { z } from 'zod';
import { type ActionData, decodeAction, encodeAction } from '../../core/channels/action-token.ts';
import type { Action, Block, Field, PressAction } from '../../core/channels/outbound-message.ts';
import { shorten } from '../split-text.ts';
import {
  maxActions,
  maxButtonText,
  maxButtonUrl,
  maxChoiceButtons,
  maxInputLabel,
  maxInputText,
  maxModalTitle,
  maxOptionText,
  maxSelectOptions,
  maxVisibleOptions,
} from './limits.ts';

type Choice = Extract<Block<string>, { type: 'choice' }>;

/** Phones cut the label of a button off after about this much. */
const wholeButtonText = 30;

export const plain = (text: string): types.PlainTextElement => ({
  type: 'plain_text',
  text: text === '' ? '…' : text,
  emoji: false,
});

/** Buttons side by side, 25 a block. `n` makes the ids unique in the message. */
export function actionBlocks(
  actions: readonly Action<string>[],
  token: string,
  n: number,
): types.KnownBlock[] {
  const buttons = actions.flatMap((action, index) => button(action, token, `${n}-${index}`));
  return chunks(buttons, maxActions).map((elements, part) => ({
    type: 'actions',
    block_id: `actions-${n}.${part}`,
    elements,
  }));
}

/** An address the platform takes for a button; another one is shown in words. */
export function buttonAddress(url: string): boolean {
  return url.length <= maxButtonUrl && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/**
 * A choice in the smallest element that shows it whole: buttons, a visible list, a select. What is half chosen of
 * several stands in the messenger until the submit button is pressed.
 */
export function choiceBlocks(choice: Choice, token: string, n: number): types.KnownBlock[] {
  return choice.multiple ? multiple(choice, token, n) : single(choice, token, n);
}

/** The options stand in words as a numbered list because their labels do not fit. */
export function numbered({ options }: Choice): boolean {
  return options.some(({ label }) => label.length > maxOptionText);
}

/** A button that opens a window with a field for the words asked for. */
export function inputBlock(block: Extract<Block<string>, { type: 'input' }>, token: string, n: number) {
  const text = plain(`✎ ${shorten(block.label, maxButtonText - 2)}`);
  const value = windowValue(encodeAction({ token, id: block.id }), block);
  const button: types.Button = { type: 'button', action_id: `write-${n}`, text, value };
  return { type: 'actions', block_id: `input-${n}`, elements: [button] } satisfies types.KnownBlock;
}

/** Whether pressing this element opens a window. */
export const opensWindow = (actionId: string) => /^(?:write|ask)-/.test(actionId);

/** The window such a button opens, and the button; null when its value is not of our making. */
export function windowOf(value: string): { view: types.ModalView; action: ActionData } | null {
  const words = readAsked(value);
  const action = words && decodeAction(words.data);
  return words && action ? { view: fieldWindow(words), action } : null;
}

function fieldWindow({ data, label, title, submit, cancel }: Asked): types.ModalView {
  return {
    type: 'modal',
    callback_id: 'write',
    private_metadata: data,
    title: plain(title),
    submit: plain(submit),
    close: plain(cancel),
    blocks: [
      {
        type: 'input',
        block_id: 'words',
        label: plain(label),
        element: {
          type: 'plain_text_input',
          action_id: 'words',
          multiline: true,
          max_length: maxInputText,
          focus_on_load: true,
        },
      },
    ],
  };
}

export interface PressedElement {
  readonly type: string;
  readonly action_id: string;
  readonly block_id: string;
  readonly value?: string | undefined;
  readonly selected_option?: { readonly value: string } | null | undefined;
}

/** Block id → action id → what is selected there. */
export type SelectedState = Readonly<
  Record<string, Readonly<Record<string, { selected_options?: readonly { value: string }[] | undefined }>>>
>;

/** What a press chose: a single option at once, of several those selected when they are submitted. */
export function pressed(
  element: PressedElement,
  state: SelectedState,
): Omit<ActionData, 'value'> & { values: string[] } {
  const action = decodeAction(element.value ?? element.selected_option?.value ?? '');
  if (!action) return { token: '', id: '', values: [] };
  const { token, id, value } = action;
  if (element.action_id === 'submit') return { token, id, values: marked(element.block_id, state) };
  return { token, id, values: value === undefined ? [] : [value] };
}

function button(action: Action<string>, token: string, n: string): types.Button[] {
  const text = plain(shorten(action.label, maxButtonText));
  if (action.kind === 'link') {
    return buttonAddress(action.url)
      ? [{ type: 'button', action_id: `link-${n}`, text, url: action.url }]
      : [];
  }
  const style = action.style ? { style: action.style } : {};
  return [{ type: 'button', text, ...carried(action, token, n), ...style }];
}

function carried(action: PressAction<string>, token: string, n: string) {
  const data = encodeAction({ token, id: action.id });
  return action.field
    ? { action_id: `ask-${n}`, value: windowValue(data, action.field) }
    : { action_id: `press-${n}`, value: data };
}

const word = z.string().min(1);
/** `data` is what the button would carry without a window. */
const asked = z.object({ data: word, label: word, title: word, submit: word, cancel: word });
type Asked = z.infer<typeof asked>;

/** Everything on the window, as it stands there: at most 2,000 characters of JSON. */
function windowValue(data: string, { label, title, submit, cancel }: Field<string>): string {
  return JSON.stringify({
    data,
    label: shorten(label, maxInputLabel),
    title: shorten(title, maxModalTitle),
    submit: shorten(submit, maxModalTitle),
    cancel: shorten(cancel, maxModalTitle),
  } satisfies Asked);
}

function single(choice: Choice, token: string, n: number): types.KnownBlock[] {
  const options = optionsOf(choice, (value) => encodeAction({ token, id: choice.id, value }));
  if (
    options.length <= maxChoiceButtons &&
    options.every(({ text }) => text.text.length <= wholeButtonText)
  ) {
    const elements = options.map(
      ({ text, value = '' }, index): types.Button => ({
        type: 'button',
        action_id: `press-${n}-${index}`,
        text,
        value,
      }),
    );
    return elements.length > 0 ? [{ type: 'actions', block_id: `choice-${n}`, elements }] : [];
  }
  if (options.length <= maxVisibleOptions) {
    const radio: types.RadioButtons = { type: 'radio_buttons', action_id: 'pick', options };
    return [{ type: 'actions', block_id: `choice-${n}`, elements: [radio] }];
  }
  return chunks(options, maxSelectOptions).map((part, k) => ({
    type: 'actions',
    block_id: `choice-${n}.${k}`,
    elements: [{ type: 'static_select', action_id: 'pick', options: part, placeholder: plain('▾') }],
  }));
}

function multiple(choice: Choice, token: string, n: number): types.KnownBlock[] {
  const options = optionsOf(choice, (value, index) => `${index}.${value}`);
  const value = encodeAction({ token, id: choice.id });
  const submit: types.Button = {
    type: 'button',
    action_id: 'submit',
    text: plain(shorten(choice.submitLabel, maxButtonText)),
    value,
    style: 'primary',
  };
  return [...marksOf(options, n), { type: 'actions', block_id: `submit-${n}`, elements: [submit] }];
}

function marksOf(options: types.PlainTextOption[], n: number): types.KnownBlock[] {
  if (options.length <= maxVisibleOptions) {
    const boxes: types.Checkboxes = { type: 'checkboxes', action_id: 'mark', options };
    return options.length > 0 ? [{ type: 'actions', block_id: `marks-${n}.0`, elements: [boxes] }] : [];
  }
  return chunks(options, maxSelectOptions).map((part, k) => ({
    type: 'section',
    block_id: `marks-${n}.${k}`,
    text: plain('☑'),
    accessory: { type: 'multi_static_select', action_id: 'mark', options: part, placeholder: plain('▾') },
  }));
}

function optionsOf(choice: Choice, carried: (value: string, index: number) => string) {
  const long = numbered(choice);
  return choice.options.map(({ value, label }, index): types.PlainTextOption => {
    // What no message can carry is refused here, also where the option's own value would be carried.
    encodeAction({ token: 'a'.repeat(16), id: choice.id, value });
    const text = plain(shorten(long ? `${index + 1}. ${label}` : label, maxOptionText));
    return { text, value: carried(value, index) };
  });
}

/** In the order the options were offered, whatever order they were marked in. */
function marked(submitBlock: string, state: SelectedState): string[] {
  const prefix = `marks-${submitBlock.replace(/^submit-/, '')}.`;
  const selected = Object.entries(state)
    .filter(([block]) => block.startsWith(prefix))
    .flatMap(([, actions]) => Object.values(actions).flatMap((a) => a.selected_options ?? []));
  return selected
    .map(({ value }) => /^(\d{1,4})\.(.+)$/.exec(value))
    .filter((found) => found !== null)
    .toSorted((a, b) => Number(a[1]) - Number(b[1]))
    .map((found) => String(found[2]));
}

function readAsked(value: string): Asked | null {
  try {
    return asked.safeParse(JSON.parse(value)).data ?? null;
  } catch {
    return null;
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  );
}
