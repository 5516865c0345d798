import { decodeAction } from '../../../core/channels/action-token.ts';
import type { ChannelName } from '../../../core/channels/channel-name.ts';
import type { InboundEvent } from '../../../core/channels/inbound-event.ts';
import type { Typed } from './terminal-service.ts';

/** What was typed, as the core knows it; null for what means nothing to it. Pure. */
export function parse(channel: ChannelName, typed: Typed): InboundEvent | null {
  const base = { channel, externalEventId: String(typed.id), externalId: typed.terminal };
  if (typed.plug) return { ...base, type: typed.plug === 'pulled' ? 'blocked' : 'joined' };
  if (typed.key) {
    const { on, data, marks } = typed.key;
    const action = decodeAction(data);
    if (!action) return null;
    const values = action.value === undefined ? [...marks].sort() : [action.value];
    return {
      ...base,
      type: 'action',
      token: action.token,
      id: action.id,
      values,
      externalMessageId: String(on),
      ...(typed.board === undefined ? {} : { inGroup: { externalId: typed.board, reachable: true } }),
    };
  }
  if (typed.board !== undefined) return null;
  const [, name, args = ''] = /^\/(\S+)\s*([\s\S]*)$/.exec(typed.text ?? '') ?? [];
  if (name !== undefined) return { ...base, type: 'command', name: name.toLowerCase(), args: args.trim() };
  const replyTo = typed.answers === undefined ? {} : { replyTo: String(typed.answers) };
  return { ...base, type: 'text', text: typed.text ?? '', ...replyTo };
}
