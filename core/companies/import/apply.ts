import { DomainError } from '../../domain-error.ts';
import { endLowerInvitations, newMember } from '../../members/member.ts';
import { changeCompany, insertCompanies } from '../../store/companies.ts';
import { changeMember, insertMembers } from '../../store/members.ts';
import type { Unit } from '../../unit.ts';
import { newCompany } from '../company.ts';
import { type ImportPlan, type ImportWork, workOut } from './plan.ts';
import type { PersonWork } from './plan-people.ts';

/** Imports the file: the same plan as the preview's, worked out anew and written. People get status 'listed'. */
export async function applyImport(unit: Unit, bytes: Uint8Array): Promise<ImportPlan> {
  const work = await workOut(unit.db, bytes);
  const companyIds = await writeCompanies(unit, work);
  await writePeople(unit, work.people, companyIds);
  for (const topic of ['companies', 'members']) unit.ring({ kind: 'changed', topic });
  return work.plan;
}

/** Ids by folded name, the new ones included. */
async function writeCompanies(unit: Unit, { companies }: ImportWork): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const added = [];
  for (const { existing, name, folded, fields } of companies) {
    const id = existing?.id ?? unit.ids.next();
    ids.set(folded, id);
    if (!existing) added.push(newCompany(unit, id, { name, name_folded: folded, ...fields }));
    else if (Object.entries(fields).some(([key, value]) => existing[key as keyof typeof fields] !== value)) {
      mustChange(await changeCompany(unit.db, id, existing.revision, { ...fields, updated_at: unit.now }));
    }
  }
  await insertCompanies(unit.db, added);
  return ids;
}

async function writePeople(
  unit: Unit,
  people: readonly PersonWork[],
  companyIds: ReadonlyMap<string, string>,
): Promise<void> {
  const added = [];
  for (const { existing, fields, company } of people) {
    const company_id = company === null ? undefined : (companyIds.get(company) ?? null);
    const row = { ...fields, ...(company_id !== undefined && { company_id }) };
    if (!existing) added.push(newMember(unit, unit.ids.next(), row));
    else if (Object.entries(row).some(([key, value]) => existing[key as keyof typeof row] !== value)) {
      mustChange(
        await changeMember(unit.db, existing.id, existing.revision, { ...row, updated_at: unit.now }),
      );
      await endLowerInvitations(unit, existing, row.role);
    }
  }
  await insertMembers(unit.db, added);
}

function mustChange(changed: boolean): void {
  if (!changed) throw new DomainError('common:errors.conflict');
}
