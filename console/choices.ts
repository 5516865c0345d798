import { polishOrder } from '../core/fold.ts';
import { listBranches } from '../core/network/branches.ts';
import { companyNames } from '../core/store/companies.ts';
import type { Db } from '../core/store/schema.ts';
import type { Choice } from './components/fields.tsx';
import type { View } from './context.ts';

/** Every company, by the Polish alphabet. */
export async function companyChoices(db: Db): Promise<Choice[]> {
  const companies = await companyNames(db);
  return companies
    .map(({ id, name }) => ({ value: id, label: name }))
    .sort((a, b) => polishOrder.compare(a.label, b.label));
}

/** The branches in use, in the network's order, in the page's language. */
export async function branchChoices(view: View): Promise<Choice[]> {
  const branches = await listBranches(view.deps.core.db);
  return branches.map((b) => ({ value: b.id, label: view.language === 'pl' ? b.namePl : b.nameEn }));
}
