import type { Role } from '../audiences/audience.ts';
import type { ChannelName } from '../channels/channel-name.ts';
import { namePlace, wordsOf } from '../companies/list.ts';
import type { Language } from '../language.ts';
import { type Page, type PageRequest, pageLimit, type Total, toPage, toTotal, totalLimit } from '../page.ts';
import { accountsOf } from '../store/accounts.ts';
import { companiesByIds } from '../store/companies.ts';
import {
  countMembers,
  findMember,
  type Member,
  type MemberFilter,
  searchMembers,
  stoppedSince,
} from '../store/members.ts';
import type { Db } from '../store/schema.ts';

export interface MemberView {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly company: { readonly id: string; readonly name: string } | null;
  readonly role: Role;
  readonly language: Language;
  readonly status: Member['status'];
  readonly consentAt: number | null;
  readonly consentVersion: number | null;
  readonly stoppedAt: number | null;
  /** The messengers the person can be written on, the one used last first. */
  readonly channels: {
    readonly channel: ChannelName;
    readonly status: 'open' | 'gone';
    readonly lastUsedAt: number;
  }[];
  readonly tags: string[];
  readonly revision: number;
  readonly demo: boolean;
  readonly simulated: boolean;
  readonly createdAt: number;
}

export interface MemberListRequest extends PageRequest, MemberFilter {
  /** Words that all must occur in the name, e-mail, tags or company; diacritics optional. */
  readonly search?: string;
}

/** People by the Polish alphabet; those who were erased only with status 'erased'. */
export async function listMembers(db: Db, request: MemberListRequest = {}): Promise<Page<MemberView>> {
  const limit = pageLimit(request.limit);
  const found = await searchMembers(db, {
    ...request,
    words: wordsOf(request.search),
    after: namePlace(request.cursor),
    limit: limit + 1,
  });
  const { items, next } = toPage(found, limit, (m) => [m.name_key, m.id]);
  return { items: await memberViews(db, items), next };
}

/** How many people such a list holds in all. */
export async function totalMembers(db: Db, { search, ...wanted }: MemberListRequest = {}): Promise<Total> {
  const { companyId, role, status } = wanted;
  const filter = { companyId, role, status, words: wordsOf(search) };
  return toTotal(await countMembers(db, { ...filter, most: totalLimit + 1 }));
}

export async function findMemberView(db: Db, id: string): Promise<MemberView | null> {
  const member = await findMember(db, id);
  return member ? ((await memberViews(db, [member]))[0] ?? null) : null;
}

/** Who said stop at or after `since` (epoch ms), the last first, at most 100: for staff to see. */
export async function recentlyStopped(db: Db, since: number): Promise<MemberView[]> {
  return memberViews(db, await stoppedSince(db, since, 100));
}

/** People as staff see them, in the order given. */
export async function memberViews(db: Db, members: readonly Member[]): Promise<MemberView[]> {
  const companyIds = [...new Set(members.flatMap((m) => m.company_id ?? []))];
  const companies = new Map((await companiesByIds(db, companyIds)).map(({ id, name }) => [id, { id, name }]));
  const accounts = await accountsOf(
    db,
    members.map((m) => m.id),
  );
  return members.map((m) => ({
    id: m.id,
    name: m.name,
    email: m.email,
    company: companies.get(m.company_id ?? '') ?? null,
    role: m.role,
    language: m.language,
    status: m.status,
    consentAt: m.consent_at,
    consentVersion: m.consent_version,
    stoppedAt: m.stopped_at,
    channels: accounts
      .filter((a) => a.member_id === m.id)
      .map((a) => ({ channel: a.channel, status: a.status, lastUsedAt: a.last_used_at })),
    tags: JSON.parse(m.tags) as string[],
    revision: m.revision,
    demo: m.demo === 1,
    simulated: m.simulated === 1,
    createdAt: m.created_at,
  }));
}
