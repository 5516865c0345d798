import { describe, expect, it } from 'vitest';
import { ChannelError, type ChannelErrorCode } from '../../core/channels/channel-error.ts';
import { destination } from '../../core/deliveries/destination.ts';
import { backoff, judge, maxAttempts } from '../../core/deliveries/outcome.ts';
import { reachOf } from '../../core/deliveries/reach.ts';
import type { Account, MemberWithAccount } from '../../core/store/accounts.ts';
import type { Delivery } from '../../core/store/deliveries.ts';
import type { Member } from '../../core/store/members.ts';

const delivery = {
  ...{ attempts: 0, lane: 'broadcast', purpose: 'main', subject_kind: 'announcement' },
} as Delivery;
const failed = (code: ChannelErrorCode, details = {}) =>
  ({ kind: 'error', error: new ChannelError(code, 'x', details) }) as const;

describe('what an attempt means', () => {
  it("taken: accepted, under the platform's id", () => {
    expect(judge(delivery, { kind: 'accepted', externalMessageId: 'm1' }, 7).change).toEqual({
      status: 'accepted',
      reason: null,
      external_message_id: 'm1',
      accepted_at: 7,
    });
  });

  it.each([
    ['Throttled', { retryAfterMs: 3000 }, { status: 'pending', not_before: 3007, attempts: 0 }],
    ['Throttled', {}, { status: 'pending', not_before: 1007, attempts: 0 }],
    ['Misconfigured', {}, { status: 'pending', not_before: 30_007, attempts: 0 }],
    ['Unavailable', {}, { status: 'pending', not_before: 5007 }],
    ['Unavailable', { retryAfterMs: 100 }, { status: 'pending', not_before: 107 }],
    ['Unavailable', { maybeSent: true }, { status: 'unknown', reason: 'noAnswer' }],
    ['Throttled', { maybeSent: true }, { status: 'unknown', reason: 'noAnswer' }],
    ['Rejected', {}, { status: 'failed', reason: 'rejected' }],
    ['RecipientGone', {}, { status: 'pending', reason: 'blocked' }],
  ] as const)('%s %o', (code, details, change) => {
    expect(judge(delivery, failed(code, details), 7)).toMatchObject({ change });
  });

  it('turned back before it left: it waits as long as its messenger asked, and the attempt is not counted', () => {
    const { change } = judge(delivery, { kind: 'turnedBack', waitMs: 3000 }, 7);
    expect(change).toEqual({ status: 'pending', not_before: 3007, put_off_at: 7, attempts: 0 });
  });

  it('may be sent again where the messenger tells twins apart', () => {
    const verdict = judge(delivery, failed('Unavailable', { maybeSent: true }), 7, true);
    expect(verdict.change.status).toBe('pending');
  });

  it('is not failed when it may have arrived, also where the messenger tells twins apart', () => {
    const verdict = judge(delivery, failed('Rejected', { maybeSent: true }), 7, true);
    expect(verdict.change).toEqual({ status: 'unknown', reason: 'noAnswer' });
  });

  it.each([
    ['person', 15, 30],
    ['broadcast', 5 * 60, 8 * 60],
  ] as const)('is given up after the last try, with growing waits before (%s)', (lane, least, most) => {
    const last = { ...delivery, lane, attempts: maxAttempts[lane] - 1 };
    expect(judge(last, failed('Unavailable'), 7).change).toEqual({ status: 'failed', reason: 'unavailable' });
    const waits = Array.from({ length: maxAttempts[lane] - 1 }, (_, i) => backoff(i));
    expect([...waits].sort((a, b) => a - b)).toEqual(waits);
    const minutes = waits.reduce((a, b) => a + b) / 60_000;
    expect(minutes).toBeGreaterThan(least);
    expect(minutes).toBeLessThan(most);
  });

  it.each([
    ['main', 'announcement', 'stopped'],
    ['reminder.1', 'announcement', 'outdated'],
    ['main', 'poll', 'outdated'],
  ] as const)('nothing left to say in %s of a %s: %s', (purpose, subject_kind, reason) => {
    expect(judge({ ...delivery, purpose, subject_kind }, { kind: 'outdated' }, 7).change).toEqual({
      status: 'failed',
      reason,
    });
  });
});

const account = (id: string, channel: Account['channel'], status: Account['status'] = 'open') =>
  ({ id, channel, status, language: 'en' }) as Account;

describe('where a member is written to', () => {
  const reach = (status: Member['status'], ways: string) =>
    reachOf({ status, ways }, ['webchat', 'telegram']);
  it.each([
    ['stopped', 'webchat', { reason: 'stopped' }],
    ['erased', 'noAccount', { reason: 'erased' }],
    ['listed', 'webchat', { reason: 'notJoined' }],
    ['active', 'noAccount', { reason: 'noAccount' }],
    ['active', 'blocked', { reason: 'blocked' }],
    ['active', 'slack', { reason: 'channelOff' }],
  ] as const)('%s, %s: %o', (status, ways, reached) => {
    expect(reach(status, ways)).toEqual(reached);
  });

  it('is the messenger used last that is on', () => {
    expect(reach('active', 'slack telegram webchat')).toEqual({ channel: 'telegram' });
  });
});

describe('where a delivery goes', () => {
  const last = account('last', 'webchat');
  const member: MemberWithAccount = {
    ...{ id: 'm', status: 'active', language: 'pl', ways: 'webchat telegram' },
    account: last,
  };
  const wanted = account('wanted', 'telegram');
  const on = ['webchat', 'telegram'] as const;
  const to = (
    subject_kind: Delivery['subject_kind'],
    m: MemberWithAccount | undefined,
    w: Account | undefined,
    purpose = 'main',
  ) => destination({ member_id: m ? 'm' : null, subject_kind, purpose }, m, w, on);

  it('an answer in a dialog: where the person wrote from, even after /stop', () => {
    expect(to('dialog', { ...member, status: 'stopped' }, wanted)).toEqual({
      to: wanted,
      language: 'pl',
    });
  });

  it('what a person asked to see: there too, even after /stop', () => {
    const stopped = { ...member, status: 'stopped' } as const;
    expect(to('poll', stopped, wanted, 'shown')).toEqual({ to: wanted, language: 'pl' });
    expect(to('poll', stopped, undefined, 'shown')).toEqual({ reason: 'stopped' });
  });

  it('anything else: nowhere after /stop', () => {
    expect(to('reply', { ...member, status: 'stopped' }, wanted)).toEqual({ reason: 'stopped' });
  });

  it('on the account named while it is open, else on the one used last', () => {
    expect(to('reply', member, wanted)).toMatchObject({ to: wanted });
    expect(to('reply', member, { ...wanted, status: 'gone' })).toMatchObject({ to: last });
    expect(to('reply', member, undefined)).toMatchObject({ to: last });
  });

  it('to somebody who has not joined: on their only address, in its language', () => {
    expect(to('dialog', undefined, wanted)).toEqual({ to: wanted, language: 'en' });
    expect(to('dialog', undefined, { ...wanted, status: 'gone' })).toEqual({ reason: 'blocked' });
    expect(to('dialog', undefined, account('x', 'slack'))).toEqual({ reason: 'channelOff' });
    expect(to('dialog', undefined, undefined)).toEqual({ reason: 'noAccount' });
  });
});
