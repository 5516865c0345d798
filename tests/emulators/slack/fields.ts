import { z } from 'zod';
import { homeView, messageBlocks, modalView } from './blocks.ts';
import { refused } from './failures.ts';

/** A form's value: numbers and booleans travel as text, objects as JSON in it. */
const json = <T extends z.ZodType>(schema: T) =>
  z.string().transform((text, context) => {
    try {
      return schema.parse(JSON.parse(text));
    } catch (error) {
      const message = error instanceof z.ZodError ? (error.issues[0]?.message ?? 'invalid') : 'invalid_json';
      const path = error instanceof z.ZodError ? `/${error.issues[0]?.path.join('/') ?? ''}` : '';
      context.addIssue({ code: 'custom', message: `${message} [json-pointer:${path}]` });
      return z.NEVER;
    }
  }) as unknown as z.ZodType<z.infer<T>>;
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const conversation = z.string().regex(/^[CDGUW][A-Z0-9]+$/, 'channel_not_found');
const ts = z.string().regex(/^\d+\.\d{6}$/);
/** A listener's calls carry it; harmless. */
const common = { team_id: z.string().optional() };
const content = {
  text: z.string().max(40_000, 'msg_too_long').optional(),
  blocks: json(messageBlocks).optional(),
  metadata: json(
    z.strictObject({
      event_type: z.string().min(1).max(255),
      event_payload: z.record(z.string(), z.unknown()),
    }),
  ).optional(),
};

/** Every method known and every field it takes; anything else is refused. */
export const methods = {
  'auth.test': z.strictObject({ ...common }),
  'bots.info': z.strictObject({ ...common, bot: z.string() }),
  'apps.connections.open': z.strictObject({ ...common }),
  'conversations.open': z.strictObject({
    ...common,
    users: z.string().regex(/^[UW][A-Z0-9]+(,[UW][A-Z0-9]+)*$/, 'user_not_found'),
    return_im: flag.optional(),
  }),
  'chat.postMessage': z.strictObject({
    ...common,
    ...content,
    channel: conversation,
    thread_ts: ts.optional(),
    reply_broadcast: flag.optional(),
    unfurl_links: flag.optional(),
    unfurl_media: flag.optional(),
  }),
  'chat.update': z.strictObject({
    ...common,
    ...content,
    channel: z.string().regex(/^[CDG][A-Z0-9]+$/, 'channel_not_found'),
    ts,
  }),
  'chat.postEphemeral': z.strictObject({
    ...common,
    ...content,
    channel: z.string().regex(/^[CDG][A-Z0-9]+$/, 'channel_not_found'),
    user: z.string().regex(/^[UW][A-Z0-9]+$/, 'user_not_found'),
    thread_ts: ts.optional(),
  }),
  'users.conversations': z.strictObject({
    ...common,
    types: z
      .string()
      .regex(/^(public_channel|private_channel|mpim|im)(,(public_channel|private_channel|mpim|im))*$/)
      .optional(),
    exclude_archived: flag.optional(),
    limit: z.coerce.number().int().min(1).max(1000).optional(),
    cursor: z.string().optional(),
    user: z.string().optional(),
  }),
  'views.open': z.strictObject({ ...common, trigger_id: z.string(), view: json(modalView) }),
  'views.publish': z.strictObject({
    ...common,
    user_id: z.string().regex(/^[UW][A-Z0-9]+$/, 'user_not_found'),
    view: json(homeView),
    hash: z.string().min(1).optional(),
  }),
  'users.lookupByEmail': z.strictObject({ ...common, email: z.string().min(1) }),
  'users.info': z.strictObject({ ...common, user: z.string(), include_locale: flag.optional() }),
  'files.getUploadURLExternal': z.strictObject({
    ...common,
    filename: z.string().min(1).max(255),
    length: z
      .string()
      .regex(/^[1-9]\d*$/)
      .transform(Number),
    alt_txt: z.string().max(1000, 'alt_txt_too_large').optional(),
    snippet_type: z.string().optional(),
  }),
  'files.completeUploadExternal': z.strictObject({
    ...common,
    files: json(z.array(z.strictObject({ id: z.string(), title: z.string().max(255).optional() })).min(1)),
    channel_id: z
      .string()
      .regex(/^[CDG][A-Z0-9]+$/, 'channel_not_found')
      .optional(),
    thread_ts: ts.optional(),
    initial_comment: z.string().optional(),
  }),
} as const;

export type Method = keyof typeof methods;
export type Fields<M extends Method> = z.output<(typeof methods)[M]>;

export const isMethod = (name: string): name is Method => Object.hasOwn(methods, name);

const named = /^(channel_not_found|user_not_found|msg_too_long|msg_blocks_too_long|alt_txt_too_large)/;

/** The fields of a call, checked one by one; throws the platform's refusal. */
export function readFields<M extends Method>(method: M, form: Record<string, string>): Fields<M> {
  const result = methods[method].safeParse(form);
  if (result.success) return result.data as Fields<M>;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') ?? '';
  const message = issue?.message ?? 'invalid';
  const own = named.exec(message)?.[1];
  if (own) throw refused(own, message);
  throw refused(
    field === 'blocks' || field === 'view' ? 'invalid_blocks' : 'invalid_arguments',
    `${message} (${method}.${field})`,
  );
}
