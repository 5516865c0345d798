export type ChannelErrorCode = 'Throttled' | 'Unavailable' | 'RecipientGone' | 'Rejected' | 'Misconfigured';

export interface ChannelErrorDetails {
  /** The platform asked to wait this long before anything else is sent. */
  readonly retryAfterMs?: number;
  /** The platform may have taken the message although no answer came (a timeout after sending): never resent blindly. */
  readonly maybeSent?: boolean;
  /** A new address for the same conversation, when the platform says it moved. */
  readonly movedTo?: string;
  readonly cause?: unknown;
}

/**
 * What went wrong at a messenger, in the only words the core knows.
 * Throttled and Unavailable: try later. RecipientGone: this address is closed. Rejected: this message will never be taken.
 * Misconfigured: our credential or setting is wrong; stop this messenger and tell the operator.
 * `message` is for operators: the platform's own short description, never a token nor a person's text.
 */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly code: ChannelErrorCode;
  readonly retryAfterMs: number | undefined;
  readonly maybeSent: boolean;
  readonly movedTo: string | undefined;

  constructor(code: ChannelErrorCode, message: string, details: ChannelErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.retryAfterMs = details.retryAfterMs;
    this.maybeSent = details.maybeSent ?? false;
    this.movedTo = details.movedTo;
  }

  get retryable(): boolean {
    return (this.code === 'Throttled' || this.code === 'Unavailable') && !this.maybeSent;
  }
}
