import { Ajv2020 } from 'ajv/dist/2020.js';
import { Hono } from 'hono';
import { expect } from 'vitest';
import { apiRoutes } from '../../../console/api/app.ts';
import { openTestCore, type TestCore } from '../../support/test-core.ts';

export const apiToken = 'a-token-for-tests-only';

export interface ApiCall {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Sent as it is, instead of a JSON body. */
  raw?: { body: string; type: string };
}

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what an HTTP caller gets; its shape is asserted against the description
  body: any;
  headers: Headers;
}

export interface TestApi extends TestCore {
  /** Calls the API with the token; every answer is checked against the served OpenAPI description. */
  call(path: string, call?: ApiCall): Promise<Answer>;
  faults: object[];
}

export async function openTestApi(at?: string): Promise<TestApi> {
  const test = await openTestCore(at);
  const faults: object[] = [];
  const api = apiRoutes({
    core: test.core,
    adapters: new Map(Object.values(test.channels).map((c) => [c.name, c])),
    config: { url: 'http://localhost:8080', apiToken },
    log: { error: (fields) => faults.push(fields) },
  });
  // As the server mounts it: before the panel, which answers everything else with pages.
  const server = new Hono().route('/api/v1', api).all('*', (c) => c.html('a page'));
  const description = (await (await api.request('/openapi.json')).json()) as Description;
  const check = answerChecker(description);
  return { ...test, faults, call };

  async function call(path: string, { method, body, headers, raw }: ApiCall = {}): Promise<Answer> {
    const verb = method ?? (body === undefined && !raw ? 'GET' : 'POST');
    const response = await server.request(`/api/v1${path}`, {
      method: verb,
      headers: {
        authorization: `Bearer ${apiToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(raw ? { 'content-type': raw.type } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(raw ? { body: raw.body } : {}),
    });
    const answer = { status: response.status, body: await response.json(), headers: response.headers };
    check(verb, path.split('?')[0] ?? path, answer);
    return answer;
  }
}

interface Description {
  paths: Record<string, Record<string, { responses: Record<string, { content: Record<string, object> }> }>>;
  components: object;
}

function answerChecker(description: Description) {
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema({ $id: 'api', ...description });
  return (method: string, path: string, answer: Answer) => {
    const template = Object.keys(description.paths).find((t) =>
      new RegExp(`^${t.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
    );
    if (!template || !description.paths[template]?.[method.toLowerCase()] || answer.status === 401) return;
    const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
    const place = [template, method.toLowerCase(), 'responses', String(answer.status), 'content', type];
    const pointer = ['paths', ...place, 'schema'].map(escapePointer).join('/');
    const valid = ajv.validate({ $ref: `api#/${pointer}` }, answer.body);
    expect(valid, `${method} ${path} ${answer.status}: ${ajv.errorsText()}`).toBe(true);
  };
}

function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
