/**
 * A message as the core keeps it: `<conversation>:<timestamp>`. A timestamp is unique within its conversation alone, and
 * both are needed to edit.
 */
export interface MessageId {
  readonly channel: string;
  readonly ts: string;
}

/** Everybody's App Home is one view of its own: among one person's messages this names it. */
export const homeId = 'home';

const pattern = /^([CDG][A-Z0-9]{2,30}):(\d{1,12}\.\d{1,8})$/;

export function encodeMessageId({ channel, ts }: MessageId): string {
  return `${channel}:${ts}`;
}

/** The conversation and timestamp, or null when it is no id of ours. */
export function decodeMessageId(externalMessageId: string): MessageId | null {
  const [, channel, ts] = pattern.exec(externalMessageId) ?? [];
  return channel === undefined || ts === undefined ? null : { channel, ts };
}
