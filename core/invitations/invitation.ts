import type { Role } from '../audiences/audience.ts';
import { DomainError } from '../domain-error.ts';
import { isLanguage, type Language } from '../language.ts';
import { roleRank } from '../members/check.ts';
import { findCompany } from '../store/companies.ts';
import {
  changeInvitation,
  findInvitation,
  findInvitationByCode,
  findNetworkInvitation,
  type Invitation,
  insertInvitation,
} from '../store/invitations.ts';
import { findMember, type Member } from '../store/members.ts';
import type { Db, NewRow } from '../store/schema.ts';
import { atMost, tidy } from '../tidy.ts';
import type { Unit } from '../unit.ts';

const day = 86_400_000;
/** How long an invitation holds when nobody said otherwise. */
const lifetimes = { personal: 30 * day, company: 90 * day };

export interface InvitationInput {
  readonly kind: 'personal' | 'company';
  /** Personal: the person's name, if known. */
  readonly name?: string | undefined;
  /** Personal: a person already on the list. */
  readonly memberId?: string | undefined;
  readonly companyId?: string | undefined;
  readonly language?: Language | undefined;
  /** Only personal invitations make somebody staff or administrator. */
  readonly role?: Role | undefined;
  /** Epoch ms; null = never; absent = 30 days (personal), 90 days (company). */
  readonly expiresAt?: number | null | undefined;
  /** The member who invites. */
  readonly createdBy?: string | undefined;
}

/**
 * Errors: common:errors.notFound, people:errors.companyUnknown, companyNeeded, roleByPersonalOnly, expiryPast, memberJoined
 * (another messenger is linked by the person alone: whoever holds an invitation for them would become them), and
 * invitationTooHigh when who invites is no administrator and the invitation would let somebody in as one of the staff.
 */
export async function createInvitation(unit: Unit, input: InvitationInput): Promise<Invitation> {
  await checkRight(unit, input);
  const row = {
    ...emptyInvitation(unit, input.kind, unit.ids.token()),
    ...(await checked(unit, input)),
    created_by: input.createdBy ?? null,
  };
  await insertInvitation(unit.db, row);
  unit.ring({ kind: 'changed', topic: 'members' });
  return row;
}

/** Whoever holds a personal invitation becomes its person, with their role: staff hand out none but members'. */
async function checkRight({ db }: Unit, { role, memberId, createdBy }: InvitationInput): Promise<void> {
  if (createdBy === undefined || (await findMember(db, createdBy))?.role === 'administrator') return;
  const invited = memberId === undefined ? undefined : await findMember(db, memberId);
  if (roleGiven(role, invited?.role) !== 'member')
    throw new DomainError('people:errors.invitationTooHigh', {}, 'role');
}

/** From then on only the person lets in another account of theirs, with a link code. */
export function hasJoined({ status }: Pick<Member, 'status'>): boolean {
  return status === 'active' || status === 'stopped';
}

/** What somebody is who joins with an invitation of this role, the person it is for having that one already. */
export function roleGiven(role: Role = 'member', has: Role = 'member'): Role {
  return roleRank(role) > roleRank(has) ? role : has;
}

async function checked(unit: Unit, input: InvitationInput) {
  const { kind, role = 'member', companyId, memberId, language } = input;
  const member = memberId === undefined ? undefined : await findMember(unit.db, memberId);
  if (memberId !== undefined && (!member || member.status === 'erased')) {
    throw new DomainError('common:errors.notFound', {}, 'memberId');
  }
  if (member && hasJoined(member)) throw new DomainError('people:errors.memberJoined', {}, 'memberId');
  const company_id = companyId ?? member?.company_id ?? null;
  if (company_id !== null && !(await findCompany(unit.db, company_id))) {
    throw new DomainError('people:errors.companyUnknown', {}, 'companyId');
  }
  if (kind === 'company' && company_id === null) {
    throw new DomainError('people:errors.companyNeeded', {}, 'companyId');
  }
  if (kind === 'company' && role !== 'member') {
    throw new DomainError('people:errors.roleByPersonalOnly', {}, 'role');
  }
  if (language !== undefined && !isLanguage(language)) {
    throw new DomainError('people:errors.language', {}, 'language');
  }
  const expires_at = input.expiresAt === undefined ? unit.now + lifetimes[kind] : input.expiresAt;
  if (expires_at !== null && expires_at <= unit.now) {
    throw new DomainError('people:errors.expiryPast', {}, 'expiresAt');
  }
  const name = kind === 'personal' ? atMost(tidy(input.name ?? ''), 120, 'name') || null : null;
  return {
    ...{ name: name ?? member?.name ?? null, member_id: kind === 'personal' ? (memberId ?? null) : null },
    ...{ company_id, role, expires_at, language: language ?? member?.language ?? null },
  };
}

export type InvitationState = 'created' | 'sent' | 'opened' | 'joined' | 'expired' | 'revoked';

/** How far an invitation has come. A personal one that was used stays 'joined'; open ones can still expire. Pure. */
export function invitationState(row: Invitation, now: number): InvitationState {
  if (row.joined_at !== null && usedUp(row)) return 'joined';
  if (row.revoked_at !== null) return 'revoked';
  if (row.expires_at !== null && row.expires_at <= now) return 'expired';
  if (row.joined_at !== null) return 'joined';
  if (row.opened_at !== null) return 'opened';
  return row.sent_at === null ? 'created' : 'sent';
}

/** Personal invitations and link codes work once. */
export function usedUp(row: Invitation): boolean {
  return row.joined_at !== null && (row.kind === 'personal' || row.kind === 'link');
}

/** Staff handed it out. */
export async function markSent(unit: Unit, id: string): Promise<void> {
  const invitation = await existing(unit, id);
  if (invitation.sent_at !== null) return;
  await changeInvitation(unit.db, id, { sent_at: unit.now });
  unit.ring({ kind: 'changed', topic: 'members' });
}

/** Nobody joins with it any more. Errors: common:errors.notFound, people:errors.invitationUsed. The open link is replaced. */
export async function revokeInvitation(unit: Unit, id: string): Promise<void> {
  const invitation = await existing(unit, id);
  if (usedUp(invitation)) throw new DomainError('people:errors.invitationUsed');
  if (invitation.revoked_at !== null) return;
  await changeInvitation(unit.db, id, { revoked_at: unit.now });
  if (invitation.kind === 'network') await insertNetworkInvitation(unit);
  unit.ring({ kind: 'changed', topic: 'members' });
}

/**
 * The invitation with this code, marked as opened; the link code of somebody who is on the list and has not joined is one
 * too. Errors: people:errors.invitationUnknown, -Revoked, -Expired, -Used, linkExpired, and invitationOfJoined when its
 * person joined meanwhile with another one.
 */
export async function findUsableInvitation(unit: Unit, code: string): Promise<Invitation> {
  const invitation = await findInvitationByCode(unit.db, code.trim());
  const personId = invitation?.member_id ?? null;
  const invited = personId === null ? undefined : await findMember(unit.db, personId);
  if (!invitation || (invitation.kind === 'link' && invited?.status !== 'listed')) {
    throw new DomainError('people:errors.invitationUnknown');
  }
  if (usedUp(invitation)) throw new DomainError('people:errors.invitationUsed');
  if (invitation.revoked_at !== null) throw new DomainError('people:errors.invitationRevoked');
  if (invitation.expires_at !== null && invitation.expires_at <= unit.now) {
    throw new DomainError(`people:errors.${invitation.kind === 'link' ? 'link' : 'invitation'}Expired`);
  }
  if (invited && hasJoined(invited)) throw new DomainError('people:errors.invitationOfJoined');
  if (invitation.opened_at !== null) return invitation;
  await changeInvitation(unit.db, invitation.id, { opened_at: unit.now });
  unit.ring({ kind: 'changed', topic: 'members' });
  return { ...invitation, opened_at: unit.now };
}

/** The code of the network's open link. */
export async function openLinkCode(db: Db): Promise<string> {
  const invitation = await findNetworkInvitation(db);
  if (!invitation) throw new Error('the network has no open link: it was never seeded');
  return invitation.code;
}

/** A new open link; whoever comes with it joins as a member and picks the company. */
export async function insertNetworkInvitation(unit: Unit): Promise<void> {
  await insertInvitation(unit.db, emptyInvitation(unit, 'network', unit.ids.token()));
}

export function emptyInvitation({ ids, now }: Unit, kind: Invitation['kind'], code: string) {
  return {
    ...{ id: ids.next(), code, kind, name: null, member_id: null, company_id: null, role: 'member' },
    ...{ language: null, created_by: null, created_at: now, expires_at: null, sent_at: null },
    ...{ opened_at: null, joined_at: null, joined_count: 0, revoked_at: null, again: 0 },
  } satisfies NewRow<'invitation'>;
}

async function existing(unit: Unit, id: string): Promise<Invitation> {
  const invitation = await findInvitation(unit.db, id);
  if (!invitation || invitation.kind === 'link') throw new DomainError('common:errors.notFound');
  return invitation;
}
