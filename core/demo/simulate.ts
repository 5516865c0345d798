import type { InboundEvent } from '../channels/inbound-event.ts';
import { composeDraft } from '../deliveries/composers.ts';
import type { StoredDraft } from '../deliveries/content.ts';
import { takeEvent } from '../inbox.ts';
import { schedule } from '../outbox.ts';
import { type Account, findAccount } from '../store/accounts.ts';
import { type Delivery, findDelivery } from '../store/deliveries.ts';
import { unplannedSimulations } from '../store/demo.ts';
import { findMember } from '../store/members.ts';
import type { Core } from '../unit.ts';

/** Simulated people answer within this time of being shown something, so that figures move while one looks. */
const slowestMs = 120_000;
/** What was shown longer ago than this stays as it is. */
const oldestMs = 24 * 3_600_000;
const replies = 4;

/** Of a hundred simulated people: so many confirm or vote, so many write back, the rest do nothing. */
const share = { confirm: 72, reply: 9, vote: 78 };

/**
 * Plans, once for each, when simulated people answer what has reached them. For the periodic sweep; returns how many.
 */
export async function planSimulations(core: Core): Promise<number> {
  const since = core.clock.now() - oldestMs;
  if ((await unplannedSimulations(core.db, since, 1)).length === 0) return 0;
  return core.transaction(async (unit) => {
    const ids = await unplannedSimulations(unit.db, since, 500);
    for (const subjectId of ids) {
      const at = unit.now + 1000 + unit.ids.integer(slowestMs);
      await schedule(unit, { kind: 'simulate', subjectId, revision: 0, at });
    }
    return ids.length;
  });
}

/**
 * Does what a simulated person decides to do about a delivery, on the same way a real one's press takes. Nothing when the
 * delivery or person is gone or there is nothing left to press.
 */
export async function runSimulation(core: Core, deliveryId: string): Promise<void> {
  const event = await simulatedEvent(core, deliveryId);
  if (event) await takeEvent(core, event);
}

/** What arrives from the person, or null when they do nothing. */
export async function simulatedEvent(core: Core, deliveryId: string): Promise<InboundEvent | null> {
  const delivery = await findDelivery(core.db, deliveryId);
  if (delivery?.status !== 'accepted' || !delivery.member_id || !delivery.account_id) return null;
  const member = await findMember(core.db, delivery.member_id);
  const account = await findAccount(core.db, delivery.account_id);
  if (!member?.simulated || member.status !== 'active' || account?.status !== 'open') return null;
  const draft = await composeDraft(core.db, delivery, core.clock.now());
  if (!draft) return null;
  const choice = draft.find((block) => block.type === 'choice');
  if (choice) return vote(core, delivery, account, choice);
  const text = () => core.texts.translate(member.language, `demo:reply.${core.ids.integer(replies)}`);
  return answer(core, delivery, account, draft, text);
}

function vote(
  { ids }: Core,
  delivery: Delivery,
  account: Account,
  { id, multiple, options }: Extract<StoredDraft[number], { type: 'choice' }>,
): InboundEvent | null {
  if (ids.integer(100) >= share.vote) return null;
  const picked = new Set<string>();
  for (let n = multiple ? 1 + ids.integer(2) : 1; n > 0; n--) {
    // The smaller of two throws: the first options win more often, as in real polls.
    const at = Math.min(ids.integer(options.length), ids.integer(options.length));
    picked.add(options[at]?.value ?? '0');
  }
  const values = options.map((o) => o.value).filter((value) => picked.has(value));
  return { ...baseOf(delivery, account), type: 'action', token: delivery.token, id, values };
}

function answer(
  { ids }: Core,
  delivery: Delivery,
  account: Account,
  draft: StoredDraft,
  text: () => string,
): InboundEvent | null {
  const offered = new Set(
    draft
      .flatMap((b) => (b.type === 'actions' ? b.actions : []))
      .flatMap((a) => (a.kind === 'press' ? a.id : [])),
  );
  const decision = ids.integer(100);
  const base = baseOf(delivery, account);
  if (decision < share.confirm && offered.has('confirm')) {
    return { ...base, type: 'action', token: delivery.token, id: 'confirm', values: [] };
  }
  const writes = decision >= share.confirm && decision < share.confirm + share.reply;
  if (!writes || !offered.has('reply') || !delivery.external_message_id) return null;
  return { ...base, type: 'text', text: text(), replyTo: delivery.external_message_id };
}

function baseOf(delivery: Delivery, { channel, external_id }: Account) {
  return { channel, externalId: external_id, externalEventId: `simulated-${delivery.id}` };
}
