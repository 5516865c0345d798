import { ChannelError } from '../../../core/channels/channel-error.ts';
import { type FaultCode, TerminalFault } from './terminal-service.ts';

/** What the service's faults mean in the core's words. The message is the service's own and holds no person's text. */
export function toChannelError(error: unknown): ChannelError {
  if (error instanceof ChannelError) return error;
  if (error instanceof RangeError) return new ChannelError('Rejected', 'not a sendable button');
  if (!(error instanceof TerminalFault))
    return new ChannelError('Unavailable', 'unknown fault', { maybeSent: true });
  return meanings[error.code]();
}

const meanings: Readonly<Record<FaultCode, () => ChannelError>> = {
  busy: () => new ChannelError('Unavailable', 'busy'),
  slow_down: () => new ChannelError('Throttled', 'slow_down', { retryAfterMs: 1000 }),
  line_dropped: () => new ChannelError('Unavailable', 'line_dropped', { maybeSent: true }),
  bad_badge: () => new ChannelError('Misconfigured', 'bad_badge'),
  unplugged: () => new ChannelError('RecipientGone', 'unplugged'),
  too_long: () => new ChannelError('Rejected', 'too_long'),
};
