import type { ChannelError } from '../channels/channel-error.ts';
import type { Delivery } from '../store/deliveries.ts';
import { type Move, mayBeShown } from '../store/delivery-status.ts';

/** Tries before a message that cannot leave is given up: about 40 minutes of waiting in all. */
export const maxAttempts = 9;

export type Outcome =
  | { readonly kind: 'accepted'; readonly externalMessageId: string }
  | { readonly kind: 'error'; readonly error: ChannelError }
  /** Its subject has nothing left to say (a reminder of what was confirmed meanwhile). */
  | { readonly kind: 'outdated' };

export interface Verdict {
  readonly change: Move;
  /** The address is closed: the next account is tried. */
  readonly accountGone: boolean;
  /** Nothing more leaves on this channel for so long. */
  readonly pauseMs: number;
}

const unanswered = { status: 'unknown', reason: 'noAnswer' } as const;

/**
 * What an attempt means for its delivery. Pure. `delivery.attempts` counts the attempts before this one. Where the messenger
 * tells twins apart (`idempotentSend`) what it may have taken is sent there again.
 */
export function judge(delivery: Delivery, outcome: Outcome, now: number, idempotentSend = false): Verdict {
  const quiet = { accountGone: false, pauseMs: 0 };
  if (outcome.kind === 'outdated') {
    // What everybody was to get of an announcement, or a group, is needless only when staff stopped it.
    const stopped = delivery.subject_kind === 'announcement' && ['main', 'group'].includes(delivery.purpose);
    const reason = stopped ? 'stopped' : 'outdated';
    return { ...quiet, change: { status: 'failed', reason } };
  }
  if (outcome.kind === 'accepted') {
    const { externalMessageId } = outcome;
    return {
      ...quiet,
      change: { status: 'accepted', reason: null, external_message_id: externalMessageId, accepted_at: now },
    };
  }
  const { error } = outcome;
  // Whatever may have arrived and is not sent again has not failed.
  if (error.maybeSent && (!idempotentSend || error.code === 'Rejected'))
    return { ...quiet, change: unanswered };
  switch (error.code) {
    case 'RecipientGone':
      // Sent to another account it might be seen twice.
      if (mayBeShown(delivery)) return { ...quiet, accountGone: true, change: { status: 'unknown' } };
      return { ...quiet, accountGone: true, change: { status: 'pending', reason: 'blocked' } };
    case 'Rejected':
      return { ...quiet, change: { status: 'failed', reason: 'rejected' } };
    case 'Throttled': {
      const wait = error.retryAfterMs ?? 1000;
      // Being asked to wait is no fault of the message: the attempt is not counted.
      const change = { status: 'pending', not_before: now + wait, attempts: delivery.attempts } as const;
      return { ...quiet, pauseMs: wait, change };
    }
    case 'Misconfigured':
      return {
        ...quiet,
        pauseMs: 30_000,
        change: { status: 'pending', not_before: now + 30_000, attempts: delivery.attempts },
      };
    case 'Unavailable': {
      if (delivery.attempts + 1 >= maxAttempts) {
        const last = error.maybeSent ? unanswered : ({ status: 'failed', reason: 'unavailable' } as const);
        return { ...quiet, change: last };
      }
      return {
        ...quiet,
        change: {
          status: 'pending',
          not_before: now + (error.retryAfterMs ?? backoff(delivery.attempts)),
          ...(error.maybeSent ? { reason: 'noAnswer' } : {}),
        },
      };
    }
  }
}

/** 5 s doubling up to 10 minutes. */
export function backoff(attempts: number): number {
  return Math.min(5000 * 2 ** attempts, 600_000);
}
