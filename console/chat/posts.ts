import { z } from 'zod';
import { decodeAction } from '../../core/channels/action-token.ts';
import { type Posted, postIdPattern, valuesLimit } from '../../runtime/webchat-hub.ts';

const id = z.string().regex(postIdPattern);
const name = z.string().regex(/^[a-z0-9.-]{1,20}$/);
const optional = z
  .string()
  .max(64)
  .transform((value) => (value === '' ? undefined : value))
  .optional();

const message = z.object({
  id,
  // NUL cannot be stored by PostgreSQL and shows as nothing anywhere.
  text: z
    .string()
    .transform((text) => text.replaceAll('\r\n', '\n').replaceAll('\u0000', ''))
    .refine((text) => text.trim() !== ''),
  replyTo: optional,
});

const action = z.object({
  id,
  token: z.string().regex(/^[A-Za-z0-9]{16}$/),
  action: name,
  values: z.array(name).max(valuesLimit),
});

const open = z.object({ id });

const press = z.object({ id, press: z.string(), values: z.array(name).max(valuesLimit) });

/** A post of the page's script or of its plain form; null when it is not of their making. */
export function readMessage(body: unknown): Extract<Posted, { kind: 'message' }> | null {
  const { data } = message.safeParse(body);
  if (!data) return null;
  const { replyTo, ...rest } = data;
  return { kind: 'message', ...rest, ...(replyTo === undefined ? {} : { replyTo }) };
}

export function readAction(body: unknown): Extract<Posted, { kind: 'action' }> | null {
  const { data } = action.safeParse(body);
  return data ? { kind: 'action', ...data } : readPress(body);
}

export function readOpen(body: unknown, code: string): Extract<Posted, { kind: 'open' }> | null {
  const { data } = open.safeParse(body);
  return data ? { kind: 'open', id: data.id, code } : null;
}

/** A form carries the button's data in one value, and the ticked options beside it. */
function readPress(body: unknown): Extract<Posted, { kind: 'action' }> | null {
  const { data } = press.safeParse({
    ...(body as object),
    values: list((body as { values?: unknown })?.values),
  });
  const decoded = data && decodeAction(data.press);
  if (!decoded) return null;
  const values = decoded.value === undefined ? data.values : [decoded.value];
  return { kind: 'action', id: data.id, token: decoded.token, action: decoded.id, values };
}

function list(values: unknown): unknown[] {
  if (values === undefined) return [];
  return Array.isArray(values) ? values : [values];
}
