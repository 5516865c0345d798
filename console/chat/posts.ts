import { z } from 'zod';
import { decodeAction } from '../../core/channels/action-token.ts';
import type { Posted, WebchatLimits } from '../../runtime/webchat-hub.ts';

type Message = Extract<Posted, { kind: 'message' }>;
type Action = Extract<Posted, { kind: 'action' }>;
type Open = Extract<Posted, { kind: 'open' }>;

/** Reads what the page's script or its plain forms post; null when it is not of their making. */
export interface PostReader {
  message(body: unknown): Message | null;
  action(body: unknown): Action | null;
  open(body: unknown, code: string): Open | null;
}

const name = z.string().regex(/^[a-z0-9.-]{1,20}$/);

export function postReader(limits: WebchatLimits): PostReader {
  const id = z.string().regex(limits.postId);
  const values = z.array(name).max(limits.values);
  const open = z.object({ id });
  const press = z.object({ id, press: z.string(), values: z.preprocess(list, values) });
  const action = z.object({ id, token: z.string().regex(/^[A-Za-z0-9]{16}$/), action: name, values });
  const message = z.object({ id, text, replyTo });
  return {
    message: (body) => {
      const { data } = message.safeParse(body);
      if (!data) return null;
      const { replyTo, ...rest } = data;
      return { kind: 'message', ...rest, ...(replyTo ? { replyTo } : {}) };
    },
    action: (body) => {
      const { data } = action.safeParse(body);
      return data ? { kind: 'action', ...data } : fromForm(press.safeParse(body).data);
    },
    open: (body, code) => {
      const { data } = open.safeParse(body);
      return data ? { kind: 'open', id: data.id, code } : null;
    },
  };
}

const text = z
  .string()
  // NUL cannot be stored by PostgreSQL and shows as nothing anywhere.
  .transform((words) => words.replaceAll('\r\n', '\n').replaceAll('\u0000', ''))
  .refine((words) => words.trim() !== '');

const replyTo = z.string().max(64).optional();

/** A form carries the button's data in one value, and the ticked options beside it. */
function fromForm(data: { id: string; press: string; values: string[] } | undefined): Action | null {
  const decoded = data && decodeAction(data.press);
  if (!decoded) return null;
  const values = decoded.value === undefined ? data.values : [decoded.value];
  return { kind: 'action', id: data.id, token: decoded.token, action: decoded.id, values };
}

function list(values: unknown): unknown[] {
  if (values === undefined) return [];
  return Array.isArray(values) ? values : [values];
}
