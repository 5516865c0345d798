import { z } from 'zod';
import { badRequest } from './failures.ts';

/** A file sent in a form, or the id of one the platform has. */
export interface UploadedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const isFile = (value: unknown): value is UploadedFile =>
  typeof value === 'object' && value !== null && 'bytes' in value && 'name' in value;

const chatId = z.union([z.number().int(), z.string().regex(/^(-?\d+|@\w+)$/)]);
const callbackData = z
  .string()
  .refine((data) => data.length > 0 && Buffer.byteLength(data) <= 64, { message: 'BUTTON_DATA_INVALID' });
const webAddress = z.string().refine(
  (url) => {
    if (!URL.canParse(url)) return false;
    const { protocol, hostname } = new URL(url);
    return protocol === 'tg:' || (/^https?:$/.test(protocol) && hostname.includes('.'));
  },
  { message: 'BUTTON_URL_INVALID' },
);
const button = z
  .strictObject({
    text: z
      .string()
      .refine((text) => text.trim() !== '', { message: 'inline keyboard button text is empty' }),
    callback_data: callbackData.optional(),
    url: webAddress.optional(),
  })
  .refine((b) => (b.callback_data === undefined) !== (b.url === undefined), {
    message: 'Text buttons are not allowed in the inline keyboard',
  });
const inlineKeyboard = z.strictObject({
  inline_keyboard: z
    .array(z.array(button).min(1).max(8))
    .refine((rows) => rows.flat().length <= 100, { message: 'REPLY_MARKUP_TOO_LONG' }),
});
const replyParameters = z.strictObject({
  message_id: z.number().int(),
  allow_sending_without_reply: z.boolean().optional(),
  quote: z.string().optional(),
});
const linkPreview = z.strictObject({ is_disabled: z.boolean().optional() });
const parseMode = z.literal('HTML');
const file = z.union([z.string().min(1), z.custom<UploadedFile>(isFile)]);
const sending = {
  chat_id: chatId,
  disable_notification: z.boolean().optional(),
  protect_content: z.boolean().optional(),
  reply_parameters: replyParameters.optional(),
  reply_markup: inlineKeyboard.optional(),
};
const captioned = { caption: z.string().optional(), parse_mode: parseMode.optional() };
const message = { chat_id: chatId, message_id: z.number().int(), reply_markup: inlineKeyboard.optional() };
const commands = z.array(
  z.strictObject({
    command: z.string().regex(/^[a-z0-9_]{1,32}$/, 'BOT_COMMAND_INVALID'),
    description: z.string().min(1).max(256),
  }),
);
const allowedUpdates = z.array(z.string());

/** Every method known and every field it takes; anything else is refused. */
export const methods = {
  getMe: z.strictObject({}),
  getUpdates: z.strictObject({
    offset: z.number().int().optional(),
    limit: z.number().int().min(1).max(100).optional(),
    timeout: z.number().int().min(0).max(50).optional(),
    allowed_updates: allowedUpdates.optional(),
  }),
  setWebhook: z.strictObject({
    url: z.string(),
    secret_token: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,256}$/, 'secret token contains unallowed characters')
      .optional(),
    allowed_updates: allowedUpdates.optional(),
    max_connections: z.number().int().min(1).max(100).optional(),
    drop_pending_updates: z.boolean().optional(),
  }),
  deleteWebhook: z.strictObject({ drop_pending_updates: z.boolean().optional() }),
  getWebhookInfo: z.strictObject({}),
  setMyCommands: z.strictObject({
    commands: commands.max(100, 'BOT_COMMANDS_TOO_MUCH'),
    language_code: z.string().length(2).optional(),
  }),
  getMyCommands: z.strictObject({ language_code: z.string().length(2).optional() }),
  sendMessage: z.strictObject({
    ...sending,
    text: z.string(),
    parse_mode: parseMode.optional(),
    link_preview_options: linkPreview.optional(),
  }),
  sendPhoto: z.strictObject({ ...sending, ...captioned, photo: file }),
  sendDocument: z.strictObject({ ...sending, ...captioned, document: file }),
  sendChatAction: z.strictObject({ chat_id: chatId, action: z.literal('typing') }),
  editMessageText: z.strictObject({
    ...message,
    text: z.string(),
    parse_mode: parseMode.optional(),
    link_preview_options: linkPreview.optional(),
  }),
  editMessageCaption: z.strictObject({ ...message, ...captioned }),
  editMessageReplyMarkup: z.strictObject(message),
  answerCallbackQuery: z.strictObject({
    callback_query_id: z.string(),
    text: z.string().max(200, 'MESSAGE_TOO_LONG').optional(),
    show_alert: z.boolean().optional(),
    url: z
      .string()
      .regex(/^https:\/\/t\.me\/\w+\?start=[\w-]{1,64}$/, 'URL_INVALID')
      .optional(),
  }),
  getFile: z.strictObject({ file_id: z.string() }),
} as const;

export type Method = keyof typeof methods;
export type Fields<M extends Method> = z.infer<(typeof methods)[M]>;

export const isMethod = (name: string): name is Method => Object.hasOwn(methods, name);

/** The fields of a call, checked one by one; throws the platform's 400. */
export function readFields<M extends Method>(method: M, payload: unknown): Fields<M> {
  const result = methods[method].safeParse(payload);
  if (result.success) return result.data as Fields<M>;
  const [issue] = result.error.issues;
  throw badRequest(`${issue?.message ?? 'invalid'} (${method}.${issue?.path.join('.') ?? ''})`);
}
