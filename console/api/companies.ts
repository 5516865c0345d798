import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { type CompanyView, findCompanyView } from '../../core/companies/company.ts';
import { applyImport } from '../../core/companies/import/apply.ts';
import { type ImportPlan, planImport } from '../../core/companies/import/plan.ts';
import { listCompanies } from '../../core/companies/list.ts';
import { DomainError } from '../../core/domain-error.ts';
import type { Language } from '../../core/language.ts';
import { resolve } from '../../core/text.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { postOnce } from './post-once.ts';
import { problemResponses, requestLanguage } from './problem.ts';
import { newRouter } from './router.ts';
import { IdempotencyHeader, IdParam, json, PageQuery, pageOf, present } from './schemas.ts';

const Company = z
  .object({
    id: z.string(),
    name: z.string(),
    branch: z.object({ id: z.string(), namePl: z.string(), nameEn: z.string() }).nullable(),
    offer: z.object({ pl: z.string().nullable(), en: z.string().nullable() }),
    website: z.string().nullable(),
    unit: z.string().nullable(),
    tags: z.array(z.string()),
    people: z.int(),
    demo: z.boolean(),
  })
  .openapi('Company');

const Verdict = z.enum(['add', 'change', 'same', 'refuse']);

const ImportResult = z
  .object({
    preview: z.boolean(),
    counts: z.record(Verdict, z.int()),
    ignored: z.array(z.string()).openapi({ description: 'Titles of columns that are not read' }),
    lines: z.array(
      z.object({
        line: z.int(),
        verdict: Verdict,
        kind: z.enum(['company', 'person']),
        label: z.string(),
        changes: z.array(
          z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
        ),
        problem: z.string().nullable(),
      }),
    ),
  })
  .openapi('ImportResult');

const list = createRoute({
  method: 'get',
  path: '/companies',
  summary: 'Companies, by name',
  request: {
    query: PageQuery.extend({
      search: z.string().max(200).optional(),
      branch: z.string().max(64).optional(),
    }),
  },
  responses: { 200: json('A page of companies', pageOf(Company)), ...problemResponses },
});

const one = createRoute({
  method: 'get',
  path: '/companies/{id}',
  summary: 'One company',
  request: { params: IdParam },
  responses: { 200: json('The company', Company), ...problemResponses },
});

const importCsv = createRoute({
  method: 'post',
  path: '/companies/import',
  summary: 'Add and change companies and people from a CSV file',
  description: 'UTF-8 or Windows-1250, separated by ";" or ",". A line that cannot be taken spoils no other.',
  request: {
    headers: IdempotencyHeader,
    query: z.object({ preview: z.enum(['true', 'false']).optional() }),
    body: { required: true, content: { 'text/csv': { schema: z.string() } } },
  },
  responses: { 200: json('What each line did, or would do', ImportResult), ...problemResponses },
});

export function companyRoutes(deps: ApiDeps): OpenAPIHono<ApiEnv> {
  const { core } = deps;
  const api = newRouter();
  api.openapi(list, async (c) => {
    const page = await listCompanies(core.db, present(c.req.valid('query')));
    return c.json({ items: page.items.map(toCompany), next: page.next }, 200);
  });
  api.openapi(importCsv, async (c) => {
    const preview = c.req.valid('query').preview === 'true';
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const language = requestLanguage(c);
    return postOnce(c, deps, async (unit) => {
      const plan = preview ? await planImport(unit.db, bytes) : await applyImport(unit, bytes);
      return { status: 200, body: toResult(plan, preview, language) };
    });
  });
  api.openapi(one, async (c) => {
    const company = await findCompanyView(core.db, c.req.valid('param').id);
    if (!company) throw new DomainError('common:errors.notFound');
    return c.json(toCompany(company), 200);
  });
  return api;

  function toResult(plan: ImportPlan, preview: boolean, language: Language): z.infer<typeof ImportResult> {
    return {
      preview,
      counts: plan.counts,
      ignored: [...plan.ignored],
      lines: plan.lines.map(({ line, verdict, kind, label, changes, problem }) => ({
        ...{ line, verdict, kind, label, changes: changes.map((change) => ({ ...change })) },
        problem: problem ? resolve(core.texts, language, problem) : null,
      })),
    };
  }
}

function toCompany(c: CompanyView): z.infer<typeof Company> {
  return {
    id: c.id,
    name: c.name,
    branch: c.branch && { id: c.branch.id, namePl: c.branch.namePl, nameEn: c.branch.nameEn },
    offer: { pl: c.offerPl, en: c.offerEn },
    website: c.website,
    unit: c.unit,
    tags: c.tags,
    people: c.people,
    demo: c.demo,
  };
}
