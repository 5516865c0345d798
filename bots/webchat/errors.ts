import { ChannelError } from '../../core/channels/channel-error.ts';

/** This message is against the contract (a button's id no platform could carry): it will never be taken. */
export class Unsendable extends Error {
  override readonly name = 'Unsendable';
}

/**
 * What went wrong while writing the transcript. It is ours and local: nothing is left half-way, so every fault but an
 * unsendable message may be tried again. The cause stays out, for a database's message may quote the row.
 */
export function toChannelError(error: unknown): ChannelError {
  if (error instanceof ChannelError) return error;
  if (error instanceof Unsendable) return new ChannelError('Rejected', error.message);
  return new ChannelError('Unavailable', 'the web chat could not write its transcript');
}
