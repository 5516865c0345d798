import type { BarrierMessageRecord, BarrierRecord } from '../store/barriers.ts';
import type { BarrierTable } from '../store/tables/voices.ts';

export type BarrierKind = BarrierTable['kind'];
export type BarrierStatus = BarrierTable['status'];
export type BarrierVisibility = BarrierTable['visibility'];

export const barrierKinds = [
  'administrative',
  'infrastructure',
  'finance',
  'staff',
  'cooperation',
  'information',
  'other',
] as const satisfies readonly BarrierKind[];

export const barrierStatuses = [
  'new',
  'inProgress',
  'solved',
  'declined',
] as const satisfies readonly BarrierStatus[];

export const barrierLimits = { text: 4000, message: 4000 } as const;

/** A report as staff may see it: one made anonymously names neither the person nor the company. */
export interface BarrierView {
  readonly id: string;
  /** What people call it by. */
  readonly number: number;
  readonly reporter: { readonly id: string; readonly name: string } | null;
  readonly company: { readonly id: string; readonly name: string } | null;
  readonly anonymous: boolean;
  readonly kind: BarrierKind;
  readonly visibility: BarrierVisibility;
  readonly text: string;
  readonly language: BarrierTable['language'];
  readonly status: BarrierStatus;
  readonly demo: boolean;
  readonly revision: number;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface BarrierMessageView {
  readonly id: string;
  readonly from: 'staff' | 'reporter';
  /** The staff person; never the reporter. */
  readonly author: { readonly id: string; readonly name: string } | null;
  /** Empty for a bare change of status. */
  readonly text: string;
  /** The status it set, if any. */
  readonly status: BarrierStatus | null;
  readonly at: number;
}

export function toBarrierView(row: BarrierRecord): BarrierView {
  const shown = row.anonymous === 0;
  return {
    id: row.id,
    number: row.number,
    reporter: shown ? named(row.reporter_id, row.reporter_name) : null,
    company: shown ? named(row.company_id, row.company_name) : null,
    anonymous: row.anonymous === 1,
    kind: row.kind,
    visibility: row.visibility,
    text: row.text,
    language: row.language,
    status: row.status,
    demo: row.demo === 1,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function toMessageView(row: BarrierMessageRecord): BarrierMessageView {
  return {
    id: row.id,
    from: row.from,
    author: row.from === 'staff' ? named(row.author_id, row.author_name) : null,
    text: row.text,
    status: row.status,
    at: row.at,
  };
}

function named(id: string | null, name: string | null): { id: string; name: string } | null {
  return id === null || name === null ? null : { id, name };
}
