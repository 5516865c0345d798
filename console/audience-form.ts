import type { Audience, Role } from '../core/audiences/audience.ts';
import { isLanguage, languages } from '../core/language.ts';
import { listBranches } from '../core/network/branches.ts';
import { companiesByIds } from '../core/store/companies.ts';
import type { Db } from '../core/store/schema.ts';
import { listTags } from '../core/store/tags.ts';
import { companyChoices } from './choices.ts';
import type { Choice } from './components/fields.tsx';
import type { View } from './context.ts';
import type { Fields } from './forms.ts';

/** What an audience can be chosen from, by the list's name in Audience. */
export type AudienceOptions = Readonly<Record<AudienceList, readonly Choice[]>>;

export const audienceLists = ['branches', 'companies', 'roles', 'languages', 'tags'] as const;
export type AudienceList = (typeof audienceLists)[number];

const roles: readonly Role[] = ['member', 'staff', 'administrator'];

export async function audienceOptions(db: Db, view: View): Promise<AudienceOptions> {
  const [branches, companies, tags] = await Promise.all([listBranches(db), companyChoices(db), listTags(db)]);
  return {
    branches: branches.map((b) => ({ value: b.id, label: branchName(view, b) })),
    companies,
    tags: tags.map((tag) => ({ value: tag, label: tag })),
    ...fixedOptions(view),
  };
}

/** What names the parts of this audience: of the companies, however many there are, only its own are read. */
async function optionsOf(db: Db, view: View, { companies = [], except }: Audience): Promise<AudienceOptions> {
  const named = await companiesByIds(db, [...companies, ...(except?.companies ?? [])]);
  return {
    branches: (await listBranches(db)).map((b) => ({ value: b.id, label: branchName(view, b) })),
    companies: named.map((c) => ({ value: c.id, label: c.name })),
    tags: [],
    ...fixedOptions(view),
  };
}

function fixedOptions(view: View): Pick<AudienceOptions, 'roles' | 'languages'> {
  return {
    roles: roles.map((role) => ({ value: role, label: view.t(`people:role.${role}`) })),
    languages: languages.map((language) => ({
      value: language,
      label: view.t(`common:language.${language}`),
    })),
  };
}

export const branchName = (view: View, branch: { namePl: string; nameEn: string }) =>
  view.language === 'pl' ? branch.namePl : branch.nameEn;

/** The audience a form describes; nothing chosen = everyone. */
export function readAudience(fields: Fields): Audience {
  const chosen = readLists(fields, 'audience');
  const except = readLists(fields, 'except');
  return Object.keys(except).length > 0 ? { ...chosen, except } : chosen;
}

function readLists(fields: Fields, prefix: string): Omit<Audience, 'except'> {
  const lists = {
    branches: fields.all(`${prefix}.branches`),
    companies: fields.all(`${prefix}.companies`),
    roles: fields.all(`${prefix}.roles`).filter((r): r is Role => roles.includes(r as Role)),
    languages: fields.all(`${prefix}.languages`).filter(isLanguage),
    tags: fields.all(`${prefix}.tags`),
  };
  return Object.fromEntries(Object.entries(lists).filter(([, values]) => values.length > 0));
}

/** The audience in words: "budownictwo, ICT · bez: Firma A"; null for everyone. */
export async function audienceWords(db: Db, view: View, audience: Audience): Promise<string | null> {
  const options = await optionsOf(db, view, audience);
  const include = listWords(view, options, audience);
  const except = listWords(view, options, audience.except ?? {});
  if (!include && !except) return null;
  const base = include || view.t('console:audience.everyone');
  return except ? view.t('console:audience.minus', { base, except }) : base;
}

function listWords(view: View, options: AudienceOptions, audience: Omit<Audience, 'except'>): string {
  const people = audience.members?.length ?? 0;
  const parts = audienceLists.flatMap((list) => {
    const values = audience[list] ?? [];
    if (values.length === 0) return [];
    const names = values.map((v) => options[list].find((o) => o.value === v)?.label ?? v);
    const shown = names.length > 4 ? [...names.slice(0, 3), `+${names.length - 3}`] : names;
    return [shown.join(', ')];
  });
  // Only the API names single people; their names would say nothing in so little room.
  if (people > 0) parts.push(view.t('console:count.people', { count: people }));
  return parts.join(' · ');
}
