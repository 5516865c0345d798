import type { ChannelName } from '../channels/channel-name.ts';
import { DomainError } from '../domain-error.ts';
import { enqueue } from '../outbox.ts';
import { accountsOf } from '../store/accounts.ts';
import { pausedChannels } from '../store/channel-state.ts';
import { type Delivery, lastOfPurpose } from '../store/deliveries.ts';
import { findNetwork } from '../store/network.ts';
import type { Db } from '../store/schema.ts';
import { literal, say } from '../text.ts';
import type { Unit } from '../unit.ts';

/** The purpose of a test message's delivery. */
export const testPurpose = 'test';

/**
 * Says something to this member on this very messenger, whichever they used last; returns the delivery's id. Throws
 * DomainErrors 'messengers:errors.off' (the messenger is not on), 'paused', 'noAccount' (they have none there that is open).
 */
export async function sendTestMessage(unit: Unit, memberId: string, channel: ChannelName): Promise<string> {
  if (!unit.channels.includes(channel)) throw new DomainError('messengers:errors.off');
  if ((await pausedChannels(unit.db)).has(channel)) throw new DomainError('messengers:errors.paused');
  const account = await openAccountOn(unit.db, memberId, channel);
  if (!account) throw new DomainError('messengers:errors.noAccount');
  const { name } = await findNetwork(unit.db);
  const [id] = await enqueue(unit, [
    {
      to: { memberId, accountId: account.id },
      subject: { kind: 'dialog', id: memberId },
      purpose: testPurpose,
      content: { blocks: [{ type: 'text', text: say('messengers:test.words', { network: literal(name) }) }] },
      lane: 'person',
    },
  ]);
  if (id === undefined) throw new Error('a test message has no key that could exist');
  return id;
}

export async function openAccountOn(db: Db, memberId: string, channel: ChannelName) {
  const accounts = await accountsOf(db, [memberId]);
  return accounts.find((a) => a.channel === channel && a.status === 'open') ?? null;
}

/** The member's latest test message on this account, with what became of it. */
export async function lastTest(db: Db, memberId: string, accountId: string): Promise<Delivery | null> {
  return (await lastOfPurpose(db, { memberId, accountId, purpose: testPurpose })) ?? null;
}
