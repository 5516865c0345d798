/**
 * What travels inside a button: `<token>:<action id>[:<value>]`.
 * The token is a delivery's own; the core checks that the delivery belongs to whoever pressed.
 * At most 58 bytes: 64 is the tightest limit of the platforms (Telegram's callback_data).
 */
const pattern = /^([A-Za-z0-9]{16}):([a-z0-9.-]{1,20})(?::([a-z0-9.-]{1,20}))?$/;

export interface ActionData {
  readonly token: string;
  readonly id: string;
  readonly value?: string;
}

export function encodeAction({ token, id, value }: ActionData): string {
  const data = value === undefined ? `${token}:${id}` : `${token}:${id}:${value}`;
  if (!pattern.test(data)) throw new RangeError(`not a sendable action: ${id}`);
  return data;
}

/** The action inside a button's data, or null when the data is not of our making. */
export function decodeAction(data: string): ActionData | null {
  const [, token, id, value] = pattern.exec(data) ?? [];
  if (token === undefined || id === undefined) return null;
  return value === undefined ? { token, id } : { token, id, value };
}
