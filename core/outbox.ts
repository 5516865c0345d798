import type { Draft, StoredContent } from './deliveries/content.ts';
import { waitingOf } from './store/deliveries.ts';
import { insertDeliveries } from './store/delivery-status.ts';
import { insertDueMoment } from './store/due-moments.ts';
import { laggingOf, wantEdits, wantEditsOf } from './store/edits.ts';
import type { NewRow } from './store/schema.ts';
import type { DeliverySubject, DueKind } from './store/tables/flow.ts';
import type { Lane, Unit } from './unit.ts';

export interface NewDelivery {
  /**
   * A member (sent to the account used last), one address of somebody who has not joined, or both: an answer to a member
   * that goes where they just wrote from. Or a group: on the broadcasts' lane, for nobody waits for an answer there.
   */
  readonly to:
    | { readonly memberId: string; readonly accountId?: string }
    | { readonly accountId: string }
    | { readonly groupId: string };
  readonly subject: { readonly kind: DeliverySubject; readonly id: string };
  /** 'main' when absent. */
  readonly purpose?: string;
  /** A delivery with a key that exists already is not made again. */
  readonly dedupeKey?: string;
  readonly content?: StoredContent;
  readonly lane: Lane;
  /** Waits out quiet hours. */
  readonly quiet?: boolean;
  readonly notBefore?: number;
  /** Platform id of the message answered, on the account it is answered on. */
  readonly replyTo?: string;
  /** Known already: this person cannot be reached, for this reason. Recorded, never sent. */
  readonly unreachable?: string;
}

/** Writes deliveries in the caller's transaction and rings for them after the commit. Returns the ids really made. */
export async function enqueue(unit: Unit, deliveries: readonly NewDelivery[]): Promise<string[]> {
  const rows = deliveries.map((delivery) => toRow(unit, delivery));
  const made = await insertDeliveries(unit.db, rows);
  const due = rows.filter((r) => made.has(r.id) && r.status === 'pending' && r.not_before <= unit.now);
  for (const lane of ['person', 'broadcast'] as const) {
    const ids = due.filter((r) => r.lane === lane).map((r) => r.id);
    if (ids.length > 0) unit.ring({ kind: 'deliver', ids, lane });
  }
  return [...made];
}

/** The key under which one member, or group, gets one part of a broadcast at most once. */
export function dedupeKey(subject: NewDelivery['subject'], purpose: string, recipientId: string): string {
  return `${subject.kind}:${subject.id}:${purpose}:${recipientId}`;
}

/** A conversational message to a member, at once. */
export async function sayToMember(
  unit: Unit,
  memberId: string,
  blocks: Draft,
  subject: NewDelivery['subject'] = { kind: 'dialog', id: memberId },
): Promise<void> {
  await enqueue(unit, [{ to: { memberId }, subject, content: { blocks }, lane: 'person' }]);
}

/** Something to be done at `at`; `revision` of the subject makes it harmless once the subject has moved on. */
export async function schedule(
  unit: Unit,
  moment: { kind: DueKind; subjectId: string; revision: number; at: number },
): Promise<void> {
  const id = unit.ids.next();
  const { kind, subjectId, revision, at } = moment;
  await insertDueMoment(unit.db, { id, kind, subject_id: subjectId, revision, at, done_at: null, held: 0 });
  unit.ring({ kind: 'due', id, at });
}

/** Asks that messages already shown be edited to their subject's present state. */
export async function refresh(unit: Unit, deliveryIds: readonly string[], lane: Lane): Promise<void> {
  if (deliveryIds.length === 0) return;
  await wantEdits(unit.db, deliveryIds);
  unit.ring({ kind: 'edit', ids: deliveryIds, lane });
}

/** Rung at once of what may be a million; the sweep rings for the rest. */
const rung = 500;

/** Asks that everything of a subject shown to anyone be edited to its present state. */
export async function refreshSubject(unit: Unit, subject: NewDelivery['subject']): Promise<void> {
  await wantEditsOf(unit.db, subject.kind, subject.id);
  const ids = await laggingOf(unit.db, subject.kind, subject.id, rung);
  if (ids.length > 0) unit.ring({ kind: 'edit', ids, lane: 'broadcast' });
}

/** Rings for what of a subject waits: it may leave again. */
export async function ringWaiting(unit: Unit, subject: NewDelivery['subject']): Promise<void> {
  const ids = await waitingOf(unit.db, subject.kind, subject.id, rung);
  if (ids.length > 0) unit.ring({ kind: 'deliver', ids, lane: 'broadcast' });
}

function toRow(unit: Unit, delivery: NewDelivery): NewRow<'delivery'> & { id: string; not_before: number } {
  const { to, subject, content, unreachable } = delivery;
  return {
    id: unit.ids.next(),
    token: unit.ids.actionToken(),
    member_id: 'memberId' in to ? to.memberId : null,
    account_id: 'accountId' in to ? (to.accountId ?? null) : null,
    group_id: 'groupId' in to ? to.groupId : null,
    subject_kind: subject.kind,
    subject_id: subject.id,
    purpose: delivery.purpose ?? 'main',
    dedupe_key: delivery.dedupeKey ?? null,
    content: content ? JSON.stringify(content) : null,
    lane: 'groupId' in to ? 'broadcast' : delivery.lane,
    status: unreachable ? 'unreachable' : 'pending',
    reason: unreachable ?? null,
    quiet: delivery.quiet ? 1 : 0,
    // At once is no hour of the clock: set back meanwhile, it would hold the message up.
    not_before: delivery.notBefore ?? 0,
    reply_to: delivery.replyTo ?? null,
    created_at: unit.now,
  };
}
