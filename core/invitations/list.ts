import type { Role } from '../audiences/audience.ts';
import type { Language } from '../language.ts';
import { decodeCursor, type Page, type PageRequest, pageLimit, toPage } from '../page.ts';
import { companiesByIds } from '../store/companies.ts';
import {
  findInvitation,
  type Invitation,
  type InvitationFilter,
  newestInvitations,
} from '../store/invitations.ts';
import { membersByIds } from '../store/members.ts';
import type { Db } from '../store/schema.ts';
import { type InvitationState, invitationState, roleGiven } from './invitation.ts';

export interface InvitationView {
  readonly id: string;
  readonly code: string;
  readonly kind: Invitation['kind'];
  readonly state: InvitationState;
  readonly name: string | null;
  readonly member: { readonly id: string; readonly name: string } | null;
  readonly company: { readonly id: string; readonly name: string } | null;
  readonly role: Role;
  /** What who joins with it will be: the role of the person it is for counts too. */
  readonly gives: Role;
  readonly language: Language | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly sentAt: number | null;
  readonly openedAt: number | null;
  readonly joinedAt: number | null;
  /** How many joined with it. */
  readonly joinedCount: number;
  readonly revokedAt: number | null;
}

export interface InvitationListRequest extends PageRequest, InvitationFilter {}

/** Invitations and open links, the newest first, with their state at `now`; link codes are not among them. */
export async function listInvitations(
  db: Db,
  now: number,
  request: InvitationListRequest = {},
): Promise<Page<InvitationView>> {
  const limit = pageLimit(request.limit);
  const [before] = decodeCursor(request.cursor) ?? [];
  const rows = await newestInvitations(db, request, before, limit + 1);
  const { items, next } = toPage(rows, limit, (i) => [i.id]);
  return { items: await invitationViews(db, items, now), next };
}

export async function findInvitationView(db: Db, id: string, now: number): Promise<InvitationView | null> {
  const row = await findInvitation(db, id);
  if (!row || row.kind === 'link') return null;
  return (await invitationViews(db, [row], now))[0] ?? null;
}

export async function invitationViews(
  db: Db,
  rows: readonly Invitation[],
  now: number,
): Promise<InvitationView[]> {
  const companies = named(await companiesByIds(db, distinct(rows.map((r) => r.company_id))));
  const people = await membersByIds(db, distinct(rows.map((r) => r.member_id)));
  const members = named(people);
  const roles = new Map(people.map((m) => [m.id, m.role]));
  return rows.map((r) => ({
    id: r.id,
    code: r.code,
    kind: r.kind,
    state: invitationState(r, now),
    name: r.name,
    member: members.get(r.member_id ?? '') ?? null,
    company: companies.get(r.company_id ?? '') ?? null,
    role: r.role,
    gives: roleGiven(r.role, roles.get(r.member_id ?? '')),
    language: r.language as Language | null,
    createdAt: r.created_at,
    expiresAt: r.expires_at,
    sentAt: r.sent_at,
    openedAt: r.opened_at,
    joinedAt: r.joined_at,
    joinedCount: r.joined_count,
    revokedAt: r.revoked_at,
  }));
}

const distinct = (ids: readonly (string | null)[]) => [...new Set(ids.flatMap((id) => id ?? []))];

const named = (rows: readonly { id: string; name: string }[]) =>
  new Map(rows.map(({ id, name }) => [id, { id, name }]));
