import { newCompany } from '../companies/company.ts';
import { fold } from '../fold.ts';
import type { Language } from '../language.ts';
import { consentVersion } from '../members/consent.ts';
import { newMember } from '../members/member.ts';
import { insertAccounts } from '../store/accounts.ts';
import { insertCompanies } from '../store/companies.ts';
import { demoLoaded, presentBranches } from '../store/demo.ts';
import { insertMembers } from '../store/members.ts';
import type { NewRow } from '../store/schema.ts';
import type { Unit } from '../unit.ts';
import { type DemoBranch, demoCompanies, demoOffers, demoTags } from './companies.ts';

const day = 86_400_000;

/** Puts 70 plainly fictional companies and 140 people on the list, marked as demo. Loaded already: does nothing. */
export async function loadDemo(unit: Unit): Promise<void> {
  if (await demoLoaded(unit.db)) return;
  const branches = new Set(await presentBranches(unit.db));
  const companies = Object.entries(demoCompanies).flatMap(([branch, names]) =>
    names.map((name, i) => demoCompany(unit, branch as DemoBranch, name, i, branches.has(branch))),
  );
  const people = companies.flatMap((c, i) => [1, 2].map((n) => demoPerson(unit, i * 2 + n, c.id)));
  await insertCompanies(unit.db, companies);
  await insertMembers(
    unit.db,
    people.map((p) => p.member),
  );
  await insertAccounts(
    unit.db,
    people.flatMap((p) => p.account ?? []),
  );
  for (const topic of ['companies', 'members', 'network']) unit.ring({ kind: 'changed', topic });
}

function demoCompany(unit: Unit, branch: DemoBranch, rest: string, i: number, branchPresent: boolean) {
  const id = unit.ids.next();
  const name = `Demo: ${rest}`;
  const offers = demoOffers[branch];
  const [offer_pl, offer_en] = offers[i % offers.length] ?? [null, null];
  const tag = demoTags[(i + branch.length) % demoTags.length] ?? '';
  const website = `https://${fold(rest).replace(/[^a-z0-9]+/g, '-')}.example`;
  const place = `budynek ${String.fromCharCode(65 + (i % 4))}, lokal ${i + 1}`;
  const fields = { offer_pl, offer_en, website, unit: place, tags: JSON.stringify([tag]), demo: 1 as const };
  const branch_id = branchPresent ? branch : null;
  return { ...newCompany(unit, id, { name, name_folded: fold(name), branch_id, ...fields }), id };
}

/** Person `n` of 140: one in three reads English, most are simulated, a few cannot be reached, as in life. */
function demoPerson(unit: Unit, n: number, companyId: string) {
  const id = unit.ids.next();
  const language: Language = n % 3 === 0 ? 'en' : 'pl';
  const name = unit.texts.translate(language, 'demo:person', { number: n });
  const joined = n % 28 !== 0;
  const stopped = n % 47 === 0;
  const at = unit.now - (n % 30) * day;
  const member = newMember(unit, id, {
    ...{ name, name_folded: fold(name), email: `demo-${n}@wici.example`, company_id: companyId },
    ...{ role: 'member', language, demo: 1, simulated: joined && !stopped && n % 7 !== 0 ? 1 : 0 },
    ...(joined && { status: 'active', consent_at: at, consent_version: consentVersion }),
    ...(stopped && { status: 'stopped', stopped_at: at + 1 }),
  });
  return { member, account: joined ? demoAccount(unit, n, id, name, language) : null };
}

function demoAccount(
  { ids, now }: Unit,
  n: number,
  member_id: string,
  display_name: string,
  language: Language,
): NewRow<'account'> {
  const left = n % 41 === 0;
  return {
    ...{ id: ids.next(), channel: 'webchat', external_id: `demo-${n}`, member_id, display_name, language },
    ...{ status: left ? 'gone' : 'open', gone_reason: left ? 'blocked' : null },
    ...{ last_used_at: now - n, created_at: now },
  };
}
