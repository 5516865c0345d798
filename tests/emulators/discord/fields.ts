import { z } from 'zod';
import { invalidForm } from './failures.ts';

const snowflake = z.string().regex(/^\d{17,20}$/, 'is not snowflake.');
const length = (min: number, max: number) =>
  z.string().min(min, 'This field is required').max(max, `Must be ${max} or fewer in length.`);

const emoji = z.strictObject({
  id: snowflake.nullish(),
  name: z.string().nullish(),
  animated: z.boolean().optional(),
});
const customId = length(1, 100);
const pressButton = z.strictObject({
  type: z.literal(2),
  id: z.number().int().optional(),
  style: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  label: length(1, 80).optional(),
  emoji: emoji.optional(),
  custom_id: customId,
  disabled: z.boolean().optional(),
});
const linkButton = z.strictObject({
  type: z.literal(2),
  id: z.number().int().optional(),
  style: z.literal(5),
  label: length(1, 80).optional(),
  emoji: emoji.optional(),
  url: length(1, 512).regex(/^(?:https?|discord):\/\/[^\s/]+\.[^\s]+$/, 'Not a well formed URL.'),
  disabled: z.boolean().optional(),
});
const select = z
  .strictObject({
    type: z.literal(3),
    id: z.number().int().optional(),
    custom_id: customId,
    options: z
      .array(
        z.strictObject({
          label: length(1, 100),
          value: length(1, 100),
          description: length(1, 100).optional(),
          emoji: emoji.optional(),
          default: z.boolean().optional(),
        }),
      )
      .min(1)
      .max(25, 'Must be between 1 and 25 in length.'),
    placeholder: z.string().max(150).optional(),
    min_values: z.number().int().min(0).max(25).optional(),
    max_values: z.number().int().min(1).max(25).optional(),
    disabled: z.boolean().optional(),
  })
  .refine(
    ({ options, max_values: most = 1 }) => most <= options.length,
    'max_values is more than there are options',
  )
  .refine(
    ({ options }) => new Set(options.map((o) => o.value)).size === options.length,
    'The specified option value is already used',
  );
const buttonRow = z.strictObject({
  type: z.literal(1),
  id: z.number().int().optional(),
  components: z
    .array(z.union([pressButton, linkButton]))
    .min(1)
    .max(5, 'Must be between 1 and 5 in length.'),
});
const selectRow = z.strictObject({
  type: z.literal(1),
  id: z.number().int().optional(),
  components: z.array(select).length(1),
});
const components = z
  .array(z.union([buttonRow, selectRow]))
  .max(5, 'Must be 5 or fewer in length.')
  .refine((rows) => {
    const ids = rows.flatMap((row) => row.components.flatMap((c) => ('custom_id' in c ? [c.custom_id] : [])));
    return new Set(ids).size === ids.length;
  }, 'Component custom id cannot be duplicated');

const allowedMentions = z.strictObject({
  parse: z.array(z.enum(['roles', 'users', 'everyone'])).optional(),
  roles: z.array(snowflake).optional(),
  users: z.array(snowflake).optional(),
  replied_user: z.boolean().optional(),
});
const attachments = z
  .array(
    z.strictObject({
      id: z.union([z.number().int(), snowflake]),
      filename: length(1, 1024).optional(),
      description: z.string().max(1024).optional(),
    }),
  )
  .max(10);
/** Only suppressing embeds and notifications may be asked for; 64 marks an answer one person alone sees. */
const messageFlags = z.number().refine((flags) => (flags & ~(4 | 4096)) === 0, 'Unknown or forbidden flag');
const answerFlags = z
  .number()
  .refine((flags) => (flags & ~(4 | 64 | 4096)) === 0, 'Unknown or forbidden flag');
const content = z.string().max(2000, 'Must be 2000 or fewer in length.').nullish();

export const createMessage = z.strictObject({
  content,
  nonce: z.union([z.string().max(25, 'Must be 25 or fewer in length.'), z.number().int()]).optional(),
  enforce_nonce: z.boolean().optional(),
  tts: z.boolean().optional(),
  allowed_mentions: allowedMentions.optional(),
  message_reference: z
    .strictObject({
      type: z.literal(0).optional(),
      message_id: snowflake,
      channel_id: snowflake.optional(),
      guild_id: snowflake.optional(),
      fail_if_not_exists: z.boolean().optional(),
    })
    .optional(),
  components: components.optional(),
  attachments: attachments.optional(),
  flags: messageFlags.optional(),
});
export type CreateMessage = z.infer<typeof createMessage>;

export const editMessage = z.strictObject({
  content,
  flags: messageFlags.optional(),
  allowed_mentions: allowedMentions.nullish(),
  components: components.nullish(),
  attachments: attachments.nullish(),
});

const answerData = z.strictObject({
  content: content.optional(),
  allowed_mentions: allowedMentions.optional(),
  components: components.optional(),
  flags: answerFlags.optional(),
});
const textInput = z.strictObject({
  type: z.literal(4),
  id: z.number().int().optional(),
  custom_id: customId,
  style: z.union([z.literal(1), z.literal(2)]),
  min_length: z.number().int().min(0).max(4000).optional(),
  max_length: z.number().int().min(1).max(4000).optional(),
  required: z.boolean().optional(),
  value: z.string().max(4000).optional(),
  placeholder: z.string().max(100).optional(),
});
const modal = z.strictObject({
  custom_id: customId,
  title: length(1, 45),
  components: z
    .array(
      z.strictObject({
        type: z.literal(18),
        id: z.number().int().optional(),
        label: length(1, 45),
        description: z.string().max(100).optional(),
        component: textInput,
      }),
    )
    .min(1)
    .max(5, 'Must be between 1 and 5 in length.'),
});
export type Modal = z.infer<typeof modal>;
export const callback = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal(4), data: answerData }),
  z.strictObject({ type: z.literal(5), data: z.strictObject({ flags: answerFlags.optional() }).optional() }),
  z.strictObject({ type: z.literal(6) }),
  z.strictObject({ type: z.literal(7), data: answerData.optional() }),
  z.strictObject({ type: z.literal(9), data: modal }),
]);
export type Callback = z.infer<typeof callback>;
export const editAnswer = answerData;

const locales = ['pl', 'en-US', 'en-GB', 'de', 'uk'] as const;
const localized = (max: number) => z.partialRecord(z.enum(locales), length(1, max)).nullish();
const name = length(1, 32)
  .regex(/^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u, 'Command name is invalid')
  .refine((text) => text === text.toLowerCase(), 'Command name is invalid');
const option = z.strictObject({
  type: z.union([z.literal(1), z.literal(3), z.literal(7)]),
  name,
  name_localizations: localized(32),
  description: length(1, 100),
  description_localizations: localized(100),
  required: z.boolean().optional(),
  channel_types: z.array(z.int()).optional(),
  get options() {
    return z.array(option).max(25).optional();
  },
});
export const commands = z
  .array(
    z.strictObject({
      type: z.literal(1).optional(),
      name,
      name_localizations: z.partialRecord(z.enum(locales), name).nullish(),
      description: length(1, 100),
      description_localizations: localized(100),
      options: z.array(option).max(25).optional(),
      default_member_permissions: z.string().nullish(),
      contexts: z.array(z.union([z.literal(0), z.literal(1), z.literal(2)])).optional(),
      integration_types: z.array(z.union([z.literal(0), z.literal(1)])).optional(),
    }),
  )
  .max(100)
  .refine(
    (all) => new Set(all.map((c) => c.name)).size === all.length,
    'Application command names must be unique',
  );
export type Commands = z.infer<typeof commands>;

export const openChannel = z.strictObject({ recipient_id: snowflake });

/** The body, or the platform's 400 naming the first wrong field. */
export function checked<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? `.${issue.keys.join(',')}` : '';
  throw invalidForm(`${issue?.path.join('.') ?? ''}${unknown}` || 'body', deepest(issue));
}

function deepest(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code !== 'invalid_union') return issue?.message ?? 'Invalid';
  return issue.errors.map((branch) => deepest(branch[0])).join(' / ');
}
