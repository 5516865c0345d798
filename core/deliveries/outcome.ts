import type { ChannelError } from '../channels/channel-error.ts';
import type { Delivery } from '../store/deliveries.ts';
import { type Move, mayBeShown } from '../store/delivery-status.ts';
import { waitUntil } from '../store/wait.ts';
import type { Lane } from '../unit.ts';

/**
 * Tries before a message that cannot leave is given up. An answer after 20 minutes, for what is said to the same person next
 * waits behind it; what staff send to many after six hours, longer than messengers are away.
 */
export const maxAttempts: Readonly<Record<Lane, number>> = { person: 9, broadcast: 45 };

export type Outcome =
  | { readonly kind: 'accepted'; readonly externalMessageId: string }
  | { readonly kind: 'error'; readonly error: ChannelError }
  /** It did not leave: its messenger asked to wait, on account of another. */
  | { readonly kind: 'turnedBack'; readonly waitMs: number }
  /** Its subject has nothing left to say (a reminder of what was confirmed meanwhile). */
  | { readonly kind: 'outdated' };

export interface Verdict {
  readonly change: Move;
  /** The address is closed: the next account is tried. */
  readonly accountGone: boolean;
}

const unanswered = { status: 'unknown', reason: 'noAnswer' } as const;

/**
 * What an attempt means for its delivery. Pure. `delivery.attempts` counts the attempts before this one. Where the messenger
 * tells twins apart (`idempotentSend`) what it may have taken is sent there again.
 */
export function judge(delivery: Delivery, outcome: Outcome, now: number, idempotentSend = false): Verdict {
  const here = { accountGone: false };
  if (outcome.kind === 'outdated') {
    // What everybody was to get of an announcement, or a group, is needless only when staff stopped it.
    const stopped = delivery.subject_kind === 'announcement' && ['main', 'group'].includes(delivery.purpose);
    const reason = stopped ? 'stopped' : 'outdated';
    return { ...here, change: { status: 'failed', reason } };
  }
  if (outcome.kind === 'accepted') {
    const { externalMessageId } = outcome;
    return {
      ...here,
      change: { status: 'accepted', reason: null, external_message_id: externalMessageId, accepted_at: now },
    };
  }
  if (outcome.kind === 'turnedBack') return { ...here, change: asked(delivery, outcome.waitMs, now) };
  const { error } = outcome;
  // Whatever may have arrived and is not sent again has not failed.
  if (error.maybeSent && (!idempotentSend || error.code === 'Rejected'))
    return { ...here, change: unanswered };
  switch (error.code) {
    case 'RecipientGone':
      // Sent to another account it might be seen twice.
      if (mayBeShown(delivery)) return { ...here, accountGone: true, change: { status: 'unknown' } };
      return { ...here, accountGone: true, change: { status: 'pending', reason: 'blocked' } };
    case 'Rejected':
      return { ...here, change: { status: 'failed', reason: 'rejected' } };
    case 'Throttled':
      return { ...here, change: asked(delivery, error.retryAfterMs ?? 1000, now) };
    case 'Misconfigured':
      return { ...here, change: asked(delivery, 30_000, now) };
    case 'Unavailable': {
      if (delivery.attempts + 1 >= maxAttempts[delivery.lane]) {
        const last = error.maybeSent ? unanswered : ({ status: 'failed', reason: 'unavailable' } as const);
        return { ...here, change: last };
      }
      return {
        ...here,
        change: {
          status: 'pending',
          ...waitUntil(now + (error.retryAfterMs ?? backoff(delivery.attempts)), now),
          ...(error.maybeSent ? { reason: 'noAnswer' } : {}),
        },
      };
    }
  }
}

/** Having to wait is no fault of the message: the attempt is not counted. */
function asked({ attempts }: Delivery, waitMs: number, now: number): Move {
  return { status: 'pending', attempts, ...waitUntil(now + waitMs, now) };
}

/** 5 s doubling up to 10 minutes. */
export function backoff(attempts: number): number {
  return Math.min(5000 * 2 ** attempts, 600_000);
}
