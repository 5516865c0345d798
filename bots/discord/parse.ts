import type { APIModalInteractionResponseCallbackData } from 'discord.js';
import { z } from 'zod';
import { decodeAction } from '../../core/channels/action-token.ts';
import type { InboundEvent } from '../../core/channels/inbound-event.ts';
import { windowOf, wordsField } from './field.ts';

/** What has to be answered within three seconds, and where the person is. */
export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly kind: 'command' | 'component';
  readonly inServer: boolean;
  /** What comes of it is told there, to that person alone. */
  readonly aside?: true;
  readonly locale: string;
}

/** What a dispatch of the gateway means to us. */
export type Parsed =
  | {
      readonly kind: 'event';
      readonly event: InboundEvent;
      /** The direct messages it came from; absent for a press or command in a server. */
      readonly channelId?: string;
      /** Absent for a command typed as text, and for messages. */
      readonly interaction?: Interaction;
    }
  /** A window is to be opened, within three seconds; where it cannot be, `instead` is what happened. */
  | {
      readonly kind: 'window';
      readonly interaction: Interaction;
      readonly view: APIModalInteractionResponseCallbackData;
      readonly instead: Parsed & { readonly kind: 'event' };
    }
  | { readonly kind: 'ignored' };

/** The command that posts a Join button, its one subcommand, and where to: what is said of it is localised, its name is not. */
export const setUpCommand = { name: 'wici', subcommand: 'setup', option: 'channel' } as const;

const user = z.object({
  id: z.string(),
  username: z.string(),
  global_name: z.string().nullish(),
  bot: z.boolean().optional(),
});
const content = z.object({
  id: z.string(),
  channel_id: z.string(),
  guild_id: z.string().optional(),
  author: user,
  content: z.string(),
  type: z.number(),
  webhook_id: z.string().optional(),
  attachments: z.array(z.unknown()).catch([]),
  sticker_items: z.array(z.unknown()).optional().catch(undefined),
  message_snapshots: z.array(z.unknown()).optional().catch(undefined),
  poll: z.unknown().optional(),
  message_reference: z
    .object({ type: z.number().optional(), message_id: z.string().optional() })
    .optional()
    .catch(undefined),
  referenced_message: z
    .object({ author: z.object({ bot: z.boolean().optional() }) })
    .nullish()
    .catch(undefined),
});
const plainOption = z.looseObject({ name: z.string(), type: z.number(), value: z.unknown().optional() });
const option = plainOption.extend({ options: z.array(plainOption).optional().catch(undefined) });
const serverChannel = z.object({ id: z.string(), name: z.string().optional(), type: z.number() });
const written = z.object({ custom_id: z.string(), value: z.string() });
/** A number too large for JSON. */
const bits = z.string().regex(/^\d{1,30}$/);
const interaction = z.object({
  id: z.string(),
  token: z.string(),
  type: z.number(),
  guild_id: z.string().optional(),
  channel_id: z.string().optional(),
  locale: z.string().optional(),
  user: user.optional(),
  member: z.object({ user, permissions: bits.optional().catch(undefined) }).optional(),
  channel: serverChannel.optional().catch(undefined),
  message: z.object({ id: z.string() }).optional().catch(undefined),
  data: z
    .object({
      type: z.number().optional(),
      name: z.string().optional(),
      options: z.array(option).optional(),
      resolved: z
        .object({ channels: z.record(z.string(), serverChannel).optional() })
        .optional()
        .catch(undefined),
      custom_id: z.string().optional(),
      component_type: z.number().optional(),
      values: z.array(z.string()).optional(),
      components: z
        .array(z.object({ component: written.optional().catch(undefined) }))
        .optional()
        .catch(undefined),
    })
    .optional(),
});

/** Message types that are somebody's words: plain, and a reply. Everything else (pins, calls) is the platform's own. */
const wordTypes = new Set([0, 19]);
/** Interaction, command and component types. */
const slash = 2;
const pressed = 3;
const submitted = 5;
const chatInput = 1;
const button = 2;
const stringSelect = 3;
const forwarded = 1;
/** A server's channels of text: plain ones, and those for announcements. */
const writtenIn = new Set([0, 5]);
const manageServer = 1n << 5n;
const administrator = 1n << 3n;

/** Says what a dispatch means. Never throws: what cannot be read, or is not for us, is ignored. */
export function parseDispatch(type: string | null, data: unknown): Parsed {
  if (type === 'MESSAGE_CREATE') return parseMessage(data);
  if (type === 'INTERACTION_CREATE') return parseInteraction(data);
  return { kind: 'ignored' };
}

/**
 * Also for messages read back over REST. Whether it is a direct message is told by the missing server alone: `channel_type`
 * is not always sent.
 */
export function parseMessage(data: unknown): Parsed {
  const parsed = content.safeParse(data);
  if (!parsed.success) return { kind: 'ignored' };
  const found = parsed.data;
  if (found.guild_id !== undefined || found.author.bot || found.webhook_id !== undefined)
    return { kind: 'ignored' };
  if (!wordTypes.has(found.type)) return { kind: 'ignored' };
  const base = baseOf(found.id, found.author);
  const channelId = found.channel_id;
  const command = commandIn(found.content);
  if (command) return { kind: 'event', channelId, event: { ...base, type: 'command', ...command } };
  if (found.content.trim() !== '') {
    return {
      kind: 'event',
      channelId,
      event: { ...base, type: 'text', text: found.content, ...replied(found) },
    };
  }
  const what = wordless(found);
  return what
    ? { kind: 'event', channelId, event: { ...base, type: 'unsupported', what } }
    : { kind: 'ignored' };
}

function parseInteraction(data: unknown): Parsed {
  const parsed = interaction.safeParse(data);
  if (!parsed.success) return { kind: 'ignored' };
  const found = parsed.data;
  const who = found.user ?? found.member?.user;
  if (!who || who.bot) return { kind: 'ignored' };
  if (found.type === slash && found.data?.type === chatInput) return parseSlash(found, who);
  if (found.type === submitted) return parseSubmission(found, who);
  return found.type === pressed ? parsePress(found, who) : { kind: 'ignored' };
}

type FoundInteraction = z.infer<typeof interaction>;

function parseSlash(found: FoundInteraction, who: z.infer<typeof user>): Parsed {
  const name = found.data?.name?.toLowerCase() ?? '';
  const options = found.data?.options ?? [];
  const subcommand = options.find((o) => o.type === 1);
  if (name === setUpCommand.name && subcommand?.name === setUpCommand.subcommand) {
    const chosen = subcommand.options?.find((o) => o.name === setUpCommand.option)?.value;
    return parseSetUp(found, who, typeof chosen === 'string' ? chosen : undefined);
  }
  const args = options
    .flatMap(({ value }) => (typeof value === 'string' ? [value] : []))
    .join(' ')
    .trim();
  return {
    ...eventOf(found, who, { type: 'command', name, args }),
    interaction: answerable(found, 'command'),
  };
}

/** Where it was typed when no channel was chosen. */
function parseSetUp(found: FoundInteraction, who: z.infer<typeof user>, chosen?: string): Parsed {
  const where = chosen === undefined ? found.channel : found.data?.resolved?.channels?.[chosen];
  const group =
    where && found.guild_id !== undefined && writtenIn.has(where.type)
      ? { externalId: `#${where.id}`, title: `#${where.name ?? where.id}` }
      : null;
  const manages = (BigInt(found.member?.permissions ?? '0') & (manageServer | administrator)) !== 0n;
  return {
    ...eventOf(found, who, { type: 'setUp', group, manages }),
    interaction: { ...answerable(found, 'command'), aside: true },
  };
}

function parsePress(found: FoundInteraction, who: z.infer<typeof user>): Parsed {
  // A number after # only keeps twins on one message apart.
  const data = found.data?.custom_id?.replace(/#\d+$/, '') ?? '';
  const window = windowOf(data);
  if (window) {
    const { token, id } = window.action;
    const press = { type: 'action', token, id, values: [] } as const;
    const asked = answerable(found, 'component');
    const instead = { ...eventOf(found, who, press), interaction: asked };
    return { kind: 'window', interaction: asked, view: window.view, instead };
  }
  const kind = found.data?.component_type;
  const picked = kind === stringSelect ? (found.data?.values ?? []) : [];
  const action = kind === button || kind === stringSelect ? decodeAction(data) : null;
  if (!action) return { kind: 'ignored' };
  const chosen = action.value === undefined ? picked : [action.value];
  const { token, id } = action;
  // A select of actions names the action in its value.
  const named = picked.length === 1 ? decodeAction(picked[0] ?? '') : null;
  const shown = found.message ? { externalMessageId: found.message.id } : {};
  const event = named
    ? ({ type: 'action', token: named.token, id: named.id, values: [], ...shown } as const)
    : ({ type: 'action', token, id, values: chosen, ...shown } as const);
  return { ...eventOf(found, who, event), interaction: answerable(found, 'component') };
}

/** Words from a window are a text, with the field they were written into. */
function parseSubmission(found: FoundInteraction, who: z.infer<typeof user>): Parsed {
  const action = decodeAction(found.data?.custom_id ?? '');
  const fields = found.data?.components?.flatMap(({ component }) => component ?? []) ?? [];
  const text = fields.find(({ custom_id: id }) => id === wordsField)?.value;
  if (!action || text === undefined) return { kind: 'ignored' };
  const command = commandIn(text);
  const field = { token: action.token, id: action.id };
  const event = command
    ? ({ type: 'command', ...command } as const)
    : ({ type: 'text', text, field } as const);
  return { ...eventOf(found, who, event), interaction: answerable(found, 'component') };
}

type Happening<E = InboundEvent> = E extends InboundEvent
  ? Omit<E, 'channel' | 'externalEventId' | 'externalId' | 'displayName' | 'languageHint'>
  : never;

function eventOf(
  found: FoundInteraction,
  who: z.infer<typeof user>,
  happening: Happening,
): Parsed & { kind: 'event' } {
  const hint = found.locale ? { languageHint: found.locale } : {};
  const { guild_id: server, channel_id: channelId } = found;
  const event = { ...baseOf(found.id, who), ...hint, ...happening };
  if (channelId === undefined) return { kind: 'event', event };
  if (server === undefined) return { kind: 'event', event, channelId };
  if (happening.type !== 'action') return { kind: 'event', event };
  return { kind: 'event', event: { ...event, inGroup: { externalId: `#${channelId}`, reachable: true } } };
}

function answerable(found: FoundInteraction, kind: Interaction['kind']): Interaction {
  return {
    id: found.id,
    token: found.token,
    kind,
    inServer: found.guild_id !== undefined,
    ...(kind === 'component' && found.guild_id !== undefined ? { aside: true as const } : {}),
    locale: found.locale ?? '',
  };
}

/** `/name the rest`, as typed without choosing it from the platform's list; a path or a date is no command. */
function commandIn(text: string): { name: string; args: string } | null {
  const [, name, rest] = /^\/([\p{L}\p{N}_-]{1,64})(?:\s+(.*))?$/su.exec(text) ?? [];
  return name === undefined ? null : { name: name.toLowerCase(), args: rest?.trim() ?? '' };
}

/** What it answers, unless that is known to be no message of ours. */
function replied(found: z.infer<typeof content>): { replyTo?: string } {
  const { message_reference: reference, referenced_message: message } = found;
  if (!reference?.message_id || reference.type === forwarded) return {};
  return message && message.author.bot !== true ? {} : { replyTo: reference.message_id };
}

function wordless(found: z.infer<typeof content>): string | null {
  if (found.message_snapshots?.length) return 'forward';
  if (found.sticker_items?.length) return 'sticker';
  if (found.attachments.length > 0) return 'attachment';
  return found.poll === undefined || found.poll === null ? null : 'poll';
}

function baseOf(id: string, who: z.infer<typeof user>) {
  const displayName = (who.global_name ?? who.username).trim();
  return {
    channel: 'discord' as const,
    externalEventId: id,
    externalId: who.id,
    ...(displayName ? { displayName } : {}),
  };
}
