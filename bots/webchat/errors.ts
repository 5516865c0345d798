import { ChannelError } from '../../core/channels/channel-error.ts';

/**
 * What went wrong while writing the transcript. It is ours and local: nothing left half-way, so every fault may be tried
 * again. The cause's own words are left out, for a database's message may quote the row.
 */
export function toChannelError(error: unknown): ChannelError {
  if (error instanceof ChannelError) return error;
  return new ChannelError('Unavailable', 'the web chat could not write its transcript', { cause: error });
}
