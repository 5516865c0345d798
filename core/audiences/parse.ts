import { DomainError } from '../domain-error.ts';
import { isLanguage, type Language } from '../language.ts';
import { unknownIds } from '../store/audiences.ts';
import type { Db } from '../store/schema.ts';
import type { Audience, Role } from './audience.ts';

const roles: readonly Role[] = ['member', 'staff', 'administrator'];
const longestList = 5000;
/** Each tag is a condition of its own, and databases take only so many. */
const mostTags = 100;

/**
 * An audience from outside (a form, the API): lists of texts without repetition, empty lists left out.
 * Throws DomainError 'announcements:errors.audience' with the field at fault when it is anything else.
 */
export function parseAudience(input: unknown): Audience {
  const given = asObject(input ?? {}, 'audience');
  const { except, ...filter } = given;
  const taken = parseFilter(asObject(except ?? {}, 'audience.except'), 'audience.except');
  const audience = parseFilter(filter, 'audience');
  return Object.keys(taken).length > 0 ? { ...audience, except: taken } : audience;
}

/** Throws DomainError 'announcements:errors.audienceUnknown' when it names a branch, company or member there is not. */
export async function checkAudience(db: Db, { except, ...audience }: Audience): Promise<void> {
  for (const [filter, path] of [
    [audience, 'audience'],
    [except ?? {}, 'audience.except'],
  ] as const) {
    for (const [list, table] of [
      ['branches', 'branch'],
      ['companies', 'company'],
      ['members', 'member'],
    ] as const) {
      const unknown = await unknownIds(db, table, filter[list] ?? []);
      if (unknown.length === 0) continue;
      throw new DomainError(
        'announcements:errors.audienceUnknown',
        { id: unknown[0] ?? '' },
        `${path}.${list}`,
      );
    }
  }
}

type Filter = Omit<Audience, 'except'>;

function parseFilter(given: Record<string, unknown>, path: string): Filter {
  const { branches, companies, roles: inRoles, languages, tags, members, ...rest } = given;
  const [stray] = Object.keys(rest);
  if (stray !== undefined) throw invalid(`${path}.${stray}`);
  const lists = {
    branches: texts(branches, `${path}.branches`),
    companies: texts(companies, `${path}.companies`),
    roles: texts(inRoles, `${path}.roles`, (x): x is Role => roles.includes(x as Role)),
    languages: texts(languages, `${path}.languages`, (x): x is Language => isLanguage(x)),
    tags: texts(tags, `${path}.tags`, undefined, mostTags),
    members: texts(members, `${path}.members`),
  };
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}

function texts<T extends string = string>(
  value: unknown,
  path: string,
  allowed: (text: string) => text is T = (_text): _text is T => true,
  most = longestList,
): T[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > most) throw invalid(path);
  const list = value.map((item: unknown) => (typeof item === 'string' ? item.trim() : ''));
  if (!list.every((text): text is T => text !== '' && allowed(text))) throw invalid(path);
  return [...new Set(list)];
}

function asObject(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(path);
  return value as Record<string, unknown>;
}

const invalid = (path: string) => new DomainError('announcements:errors.audience', {}, path);
