import { z } from '@hono/zod-openapi';
import { channelNames } from '../../core/channels/channel-name.ts';
import { languages } from '../../core/language.ts';
import { decodeCursor } from '../../core/page.ts';
import { defaultReminders, reminderLimits } from '../../core/reminders.ts';

export const LanguageSchema = z.enum(languages);
export const ChannelSchema = z.enum(channelNames);
export const RoleSchema = z.enum(['member', 'staff', 'administrator']);

export const Bilingual = z
  .strictObject({ pl: z.string().optional(), en: z.string().optional() })
  .openapi('Bilingual', {
    description: 'A text in both languages; one may be missing only with overrideParity.',
  });

export const Instant = z.iso
  .datetime({ offset: true })
  .openapi({ description: 'ISO 8601 with offset', example: '2026-11-23T14:00:00+01:00' });

const audienceLists = {
  branches: z.array(z.string()).optional(),
  companies: z.array(z.string()).optional(),
  roles: z.array(RoleSchema).optional(),
  languages: z.array(LanguageSchema).optional(),
  tags: z.array(z.string()).optional(),
  members: z.array(z.string()).optional(),
};

export const AudienceSchema = z
  .strictObject({ ...audienceLists, except: z.strictObject(audienceLists).optional() })
  .openapi('Audience', {
    description:
      'Within one list any match counts; the lists given must all match; `except` takes away. Empty = everyone.',
  });

export const RemindersSchema = z
  .strictObject({
    count: z.int().min(0).max(reminderLimits.most),
    everyHours: z.int().min(1).max(reminderLimits.longestHours),
  })
  .openapi('Reminders');

/** What absent reminders mean, for a field's description. */
export const absentReminders = `Absent: ${defaultReminders.count}, every ${defaultReminders.everyHours} hours`;

export const IdParam = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .openapi({ param: { name: 'id', in: 'path' } }),
});

export const PageQuery = z.object({
  cursor: z
    .string()
    .max(4000)
    .refine((cursor) => cursor === '' || decodeCursor(cursor) !== null, 'This is the `next` of no page.')
    .optional()
    .openapi({ description: 'The `next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(200).optional().openapi({ description: 'Default 50.' }),
});

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

export const IdempotencyHeader = z.object({
  'idempotency-key': z.string().min(1).max(255).optional().openapi({
    description: 'Repeating a POST with the same key and body gives the first answer again (kept for a day).',
  }),
});

/** Epoch milliseconds to what the API shows. */
export const iso = (at: number): string => new Date(at).toISOString();
export const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

/** An answer with a JSON body, for an operation's description. */
export function json<T extends z.ZodType>(description: string, schema: T) {
  return { description, content: { 'application/json': { schema } } } as const;
}

/** A required JSON body, for an operation's description. */
export function jsonBody<T extends z.ZodType>(schema: T) {
  return { required: true, content: { 'application/json': { schema } } } as const;
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The same object without the fields that are undefined: "absent" and "undefined" are one thing on the wire. */
export function present<T extends object>(fields: T): Partial<Present<T>> {
  return Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined)) as Partial<Present<T>>;
}
