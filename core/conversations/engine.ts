import type { Draft } from '../deliveries/content.ts';
import { say, type Text } from '../text.ts';
import type { Conversation, OpenDialog } from './conversation.ts';
import type { About, Call, Dialog, DialogArgs, DialogContext, DialogInput, Outcome, Step } from './dialog.ts';
import { findDialog } from './dialogs/index.ts';
import { isOffered, pressedByWords, wordsOf } from './offered.ts';

/** What happened in a conversation. */
export type Happening =
  | { readonly type: 'begin'; readonly dialog: string; readonly args: DialogArgs }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'press'; readonly id: string; readonly values: readonly string[] }
  | { readonly type: 'outcome'; readonly outcome: Outcome }
  /** Ask the open question again (another language, an old button). */
  | { readonly type: 'ask' }
  /** Come back to a dialog that was left. */
  | { readonly type: 'resume' }
  | { readonly type: 'cancel' };

export type Effect =
  | { readonly kind: 'say'; readonly blocks: Draft; readonly revision?: number; readonly about?: About }
  /** Show the choice in the message whose button was pressed, in place of its buttons. */
  | { readonly kind: 'chosen'; readonly text: Text }
  | { readonly kind: 'call'; readonly call: Call };

export interface Advance {
  readonly conversation: Conversation;
  readonly effects: readonly Effect[];
}

/** Drops the open (or left) dialog for good; the one below it is back. */
export function drop({ revision, open }: Conversation): Conversation {
  return { revision: revision + 1, open: open?.below ? { ...open.below, left: true } : null };
}

/** One step of a conversation. Pure. Whether a text or a press belongs to it at all is the inbox's question. */
export function advance(conversation: Conversation, happening: Happening, context: DialogContext): Advance {
  if (happening.type === 'begin') return begin(conversation, happening.dialog, happening.args, context);
  const { open } = conversation;
  const dialog = open && findDialog(open.dialog);
  if (!open || !dialog) return { conversation: { ...conversation, open: null }, effects: [] };
  if (happening.type === 'cancel') return leave(conversation, open, dialog);
  if (open.version !== dialog.version) return restart(conversation, open, dialog, happening, context);
  const back = open.left ? { ...open, left: false } : open;
  if (happening.type === 'ask' || happening.type === 'resume') {
    return ask({ ...conversation, open: back }, back, dialog, context);
  }
  return take(conversation, back, dialog, happening, context);
}

/** What the open dialog makes of a text sent now: a button's words, awaited, welcome besides, or none of its business. */
export function hears(
  { open }: Conversation,
  text: string,
  context: DialogContext,
): 'button' | 'text' | 'more' | null {
  const dialog = open && findDialog(open.dialog);
  if (!open || !dialog || open.left) return null;
  if (open.version !== dialog.version) return 'text';
  if (pressedByWords(dialog.ask(open.state, context), text, context)) return 'button';
  const awaited = dialog.awaits(open.state);
  return awaited === 'button' ? null : awaited;
}

/** What the open (or left) dialog is called, or null. */
export function openTitle({ open }: Conversation): Text | null {
  return (open && findDialog(open.dialog)?.title) ?? null;
}

function begin(conversation: Conversation, name: string, args: DialogArgs, context: DialogContext): Advance {
  const dialog = findDialog(name);
  if (!dialog) throw new Error(`no dialog "${name}"`);
  const step = dialog.begin(args, context);
  const again = conversation.open?.dialog === name && !conversation.open.left;
  const below = shallow((again ? conversation.open?.below : conversation.open) ?? null, 3);
  const open = { dialog: name, version: dialog.version, args, state: null, left: false, below };
  return settle(conversation, open, dialog, step, context);
}

/** So that dialogs begun out of dialogs do not pile up without end. */
function shallow(open: OpenDialog | null, depth: number): OpenDialog | null {
  return open && depth > 0 ? { ...open, below: shallow(open.below, depth - 1) } : null;
}

function leave(conversation: Conversation, open: OpenDialog, dialog: Dialog<unknown>): Advance {
  const revision = conversation.revision + 1;
  const text = say('chat:dialog.left', { what: dialog.title });
  return {
    conversation: { revision, open: { ...open, left: true } },
    effects: [{ kind: 'say', revision, blocks: [{ type: 'text', text }, resumeButtons()] }],
  };
}

/** What was written is the first answer of the dialog begun anew, if that asks for a text: it is not lost. */
function restart(
  conversation: Conversation,
  open: OpenDialog,
  dialog: Dialog<unknown>,
  happening: Happening,
  context: DialogContext,
): Advance {
  const step = dialog.begin(open.args, context);
  const fresh = { ...open, version: dialog.version, left: false };
  const sorry: Effect = { kind: 'say', blocks: [{ type: 'text', text: say('chat:dialog.changed') }] };
  const answered = happening.type === 'text' && step.state !== null && dialog.awaits(step.state) === 'text';
  const next = answered
    ? take(conversation, { ...fresh, state: step.state }, dialog, happening, context)
    : settle(conversation, fresh, dialog, step, context);
  return { conversation: next.conversation, effects: [sorry, ...next.effects] };
}

function take(
  conversation: Conversation,
  open: OpenDialog,
  dialog: Dialog<unknown>,
  input: DialogInput,
  context: DialogContext,
): Advance {
  if (input.type === 'outcome') {
    return settle(conversation, open, dialog, dialog.take(open.state, input, context), context);
  }
  const question = dialog.ask(open.state, context);
  if (input.type === 'press' && !isOffered(question, input.id, input.values)) {
    return ask({ ...conversation, open }, open, dialog, context);
  }
  const press = input.type === 'text' ? pressedByWords(question, input.text, context) : null;
  const step = dialog.take(open.state, press ?? input, context);
  const next = settle(conversation, open, dialog, step, context);
  if (input.type !== 'press') return next;
  const words = step.chosen ?? wordsOf(question, input.id, input.values);
  return words
    ? { ...next, effects: [{ kind: 'chosen', text: say('chat:dialog.chosen', { words }) }, ...next.effects] }
    : next;
}

function settle(
  conversation: Conversation,
  open: OpenDialog,
  dialog: Dialog<unknown>,
  step: Step<unknown>,
  context: DialogContext,
): Advance {
  const about = step.about ? { about: step.about } : {};
  const said: Effect[] = (step.say ?? []).map((blocks) => ({ kind: 'say', blocks, ...about }));
  if (step.state === null) {
    const over = finish(conversation, open, said);
    return step.call ? { ...over, effects: [...over.effects, { kind: 'call', call: step.call }] } : over;
  }
  const now = { ...open, state: step.state };
  if (step.call) {
    return {
      conversation: { revision: conversation.revision + 1, open: now },
      effects: [...said, { kind: 'call', call: step.call }],
    };
  }
  const asked = ask({ ...conversation, open: now }, now, dialog, context);
  return { ...asked, effects: [...said, ...asked.effects] };
}

/** The dialog is over; one that was open before it is offered again. */
function finish(conversation: Conversation, open: OpenDialog, said: Effect[]): Advance {
  const revision = conversation.revision + 1;
  const below = open.below && { ...open.below, left: true };
  const title = openTitle({ revision, open: below });
  if (!below || !title) return { conversation: { revision, open: null }, effects: said };
  return { conversation: { revision, open: below }, effects: [...said, unfinished(title, revision)] };
}

/** "You have … unfinished", with a button that goes on. */
export function unfinished(title: Text, revision: number): Effect {
  const text = say('chat:dialog.unfinished', { what: title });
  return { kind: 'say', revision, blocks: [{ type: 'text', text, style: 'note' }, resumeButtons()] };
}

function ask(
  conversation: Conversation,
  open: OpenDialog,
  dialog: Dialog<unknown>,
  context: DialogContext,
): Advance {
  const revision = conversation.revision + 1;
  return {
    conversation: { revision, open },
    effects: [{ kind: 'say', blocks: dialog.ask(open.state, context), revision }],
  };
}

function resumeButtons(): Draft[number] {
  return {
    type: 'actions',
    actions: [
      { kind: 'press', id: 'resume', label: say('chat:dialog.resume'), style: 'primary' },
      { kind: 'press', id: 'drop', label: say('chat:dialog.drop') },
    ],
  };
}
