import type {
  APIActionRowComponent,
  APIButtonComponent,
  APIComponentInMessageActionRow,
  APIStringSelectComponent,
} from 'discord.js';
import { ButtonStyle, ComponentType } from 'discord.js';
import { encodeAction } from '../../core/channels/action-token.ts';
import type { Action, Block, OutboundMessage, PressAction } from '../../core/channels/outbound-message.ts';
import { shorten } from '../split-text.ts';
import { fieldData } from './field.ts';
import {
  maxButtonLabel,
  maxButtonUrl,
  maxOptionLabel,
  maxOptions,
  maxPlaceholder,
  maxRowButtons,
  maxRows,
} from './limits.ts';

export type Row = APIActionRowComponent<APIComponentInMessageActionRow>;
type Choice = Extract<Block<string>, { type: 'choice' }>;
type Row5 = APIComponentInMessageActionRow[];

const styles = { primary: ButtonStyle.Primary, danger: ButtonStyle.Danger } as const;

/**
 * The rows under a message. More buttons than five rows hold become the options of one select. `markSeveral` stands on a
 * list of which several may be marked; the words of its button when absent.
 */
export function rowsOf({ blocks, token }: OutboundMessage, markSeveral?: string): Row[] {
  const rowsWhen = (tight: boolean) =>
    blocks.flatMap((block) => rowsOfBlock(block, { token, tight, markSeveral }));
  const spread = rowsWhen(false);
  const rows = spread.length <= maxRows ? spread : rowsWhen(true);
  if (rows.length > maxRows) throw new RangeError('more buttons than a message takes');
  return unlike(rows).map((components) => ({ type: ComponentType.ActionRow, components }));
}

/** An address a button may open; the platform refuses the whole message for a `localhost`. */
export function buttonAddress(url: string): boolean {
  if (url.length > maxButtonUrl || !URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return (protocol === 'https:' || protocol === 'http:') && /\.[a-z0-9-]+$/i.test(hostname);
}

/** Options too long for their place are numbered there and written out above. */
export function numbered(choice: Choice): boolean {
  const most = asButtons(choice) ? maxButtonLabel : maxOptionLabel;
  return choice.options.some(({ label }) => label.length > most);
}

interface Layout {
  readonly token: string;
  readonly tight: boolean;
  readonly markSeveral: string | undefined;
}

function rowsOfBlock(block: Block<string>, { token, tight, markSeveral }: Layout): Row5[] {
  if (block.type === 'input') return [[inputButton(block, token)]];
  if (block.type === 'actions')
    return tight ? asMenu(block.actions, token) : chunks(buttonsOf(block.actions, token));
  if (block.type !== 'choice') return [];
  return asButtons(block) ? [choiceButtons(block, token)] : selects(block, token, markSeveral);
}

function inputButton(block: Extract<Block<string>, { type: 'input' }>, token: string): APIButtonComponent {
  return {
    type: ComponentType.Button,
    style: ButtonStyle.Secondary,
    label: `✎ ${shorten(block.label, maxButtonLabel - 2)}`,
    custom_id: fieldData(token, block.id, block),
  };
}

function asButtons(choice: Choice): boolean {
  return !choice.multiple && choice.options.length <= maxRowButtons;
}

function choiceButtons(choice: Choice, token: string): APIButtonComponent[] {
  return choice.options.map(({ value }, index) => ({
    type: ComponentType.Button,
    style: ButtonStyle.Secondary,
    label: labelOf(choice, index, maxButtonLabel),
    custom_id: encodeAction({ token, id: choice.id, value }),
  }));
}

/** The platform submits a select itself once it closes: several marks are one answer. */
function selects(choice: Choice, token: string, markSeveral = choice.submitLabel): Row5[] {
  const options = choice.options.map(({ value }, index) => ({
    value,
    label: labelOf(choice, index, maxOptionLabel),
  }));
  if (choice.multiple && options.length > maxOptions)
    throw new RangeError('more options than a select takes');
  return chunks(options, maxOptions).map((some): [APIStringSelectComponent] => [
    {
      type: ComponentType.StringSelect,
      custom_id: encodeAction({ token, id: choice.id }),
      options: some,
      ...(choice.multiple
        ? { min_values: 1, max_values: some.length, placeholder: shorten(markSeveral, maxPlaceholder) }
        : {}),
    },
  ]);
}

function labelOf(choice: Choice, index: number, most: number): string {
  const label = choice.options[index]?.label ?? '';
  return shorten(numbered(choice) ? `${index + 1}. ${label}` : label, most);
}

function buttonsOf(actions: readonly Action<string>[], token: string): APIButtonComponent[] {
  return actions.flatMap((action): APIButtonComponent[] => {
    const label = shorten(action.label, maxButtonLabel);
    if (action.kind === 'press') return [pressButton(action, label, token)];
    return buttonAddress(action.url)
      ? [{ type: ComponentType.Button, style: ButtonStyle.Link, label, url: action.url }]
      : [];
  });
}

function pressButton(action: PressAction<string>, label: string, token: string): APIButtonComponent {
  return {
    type: ComponentType.Button,
    style: action.style ? styles[action.style] : ButtonStyle.Secondary,
    label,
    custom_id: action.field
      ? fieldData(token, action.id, action.field)
      : encodeAction({ token, id: action.id }),
  };
}

/** Actions as one select, whose option names the action; links stay buttons. */
function asMenu(actions: readonly Action<string>[], token: string): Row5[] {
  const presses = actions.filter((action) => action.kind === 'press');
  const links = actions.filter((action) => action.kind === 'link');
  const menus = chunks(presses, maxOptions).map((some): [APIStringSelectComponent] => [
    {
      type: ComponentType.StringSelect,
      custom_id: encodeAction({ token, id: 'menu' }),
      options: some.map(({ id, label }) => ({
        value: encodeAction({ token, id }),
        label: shorten(label, maxOptionLabel),
      })),
    },
  ]);
  return [...menus, ...chunks(buttonsOf(links, token))];
}

function chunks<T>(items: readonly T[], size: number = maxRowButtons): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  );
}

/** The platform refuses a message with the same data twice: twins get a number, which parsing takes off. */
function unlike(rows: readonly Row5[]): Row5[] {
  const seen = new Map<string, number>();
  return rows.map((row) =>
    row.map((component) => {
      if (!('custom_id' in component)) return component;
      const before = seen.get(component.custom_id) ?? 0;
      seen.set(component.custom_id, before + 1);
      return before === 0 ? component : { ...component, custom_id: `${component.custom_id}#${before}` };
    }),
  );
}
