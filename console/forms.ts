import { HTTPException } from 'hono/http-exception';
import { DomainError } from '../core/domain-error.ts';
import type { FormError, Values } from './components/fields.tsx';
import type { Ctx, View } from './context.ts';
import { errorWords } from './errors.tsx';
import { setFlash } from './flash.ts';

/** What a form sent: the last value of each field, or all of them. Missing fields are empty, never an error. */
export class Fields {
  readonly #values: Map<string, (string | File)[]>;

  constructor(values: Map<string, (string | File)[]>) {
    this.#values = values;
  }

  text(name: string): string {
    const value = this.#values.get(name)?.at(-1);
    return typeof value === 'string' ? value.replaceAll('\r\n', '\n').trim() : '';
  }

  /** The text, or null when the field was left empty. */
  optional(name: string): string | null {
    return this.text(name) || null;
  }

  all(name: string): string[] {
    const values = this.#values.get(name) ?? [];
    return values.filter((v) => typeof v === 'string' && v !== '') as string[];
  }

  checked(name: string): boolean {
    return this.#values.has(name);
  }

  /** A whole number within bounds, or `fallback`. */
  number(name: string, fallback: number, [least, most]: readonly [number, number]): number {
    const text = this.text(name);
    const value = text === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value)) return fallback;
    return Math.min(most, Math.max(least, Math.round(value)));
  }

  /** The revision the form was made from, so far that the database can still count the next; 0 when it says none. */
  revision(): number {
    return this.number('revision', 0, [0, 2_147_483_646]);
  }

  file(name: string): File | null {
    const value = this.#values.get(name)?.at(-1);
    return value instanceof File && value.size > 0 ? value : null;
  }

  hasFiles(): boolean {
    return [...this.#values.keys()].some((name) => this.file(name) !== null);
  }

  /** What is in each field. */
  values(): Values {
    return Object.fromEntries([...this.#values.keys()].map((name) => [name, this.all(name)]));
  }

  /** Every text field as sent, to be handed on in hidden fields. */
  entries(): [string, string][] {
    return [...this.#values].flatMap(([name, values]) =>
      values.filter((v) => typeof v === 'string').map((v) => [name, v as string] as [string, string]),
    );
  }
}

/** What a form sent. A body that is no form is the browser's fault: 400. */
export async function readForm(c: Ctx): Promise<Fields> {
  const data = await c.req.formData().catch(() => {
    throw new HTTPException(400);
  });
  const values = new Map<string, (string | File)[]>();
  for (const [name, value] of data.entries()) values.set(name, [...(values.get(name) ?? []), value]);
  return new Fields(values);
}

/**
 * A refusal as the form shows it; anything else is thrown on. `saved` is what the form would hold if opened now: when
 * somebody was faster, it is said at each field that differs.
 */
export function refusal(view: View, error: unknown, saved?: Values): FormError {
  if (!(error instanceof DomainError)) throw error;
  const why = { field: error.field, words: errorWords(view, error) };
  if (!saved || error.key !== 'common:errors.conflict') return why;
  const say = (value: string) => view.t('console:errors.savedNow', { value: value || '–' });
  return { ...why, saved: { values: saved, say } };
}

/** A path of this site, for going back where a form came from; anything else becomes home. */
export function ownPath(value: unknown): string {
  return typeof value === 'string' && /^\/(?![/\\])[^\s\\]*$/.test(value) ? value : '/';
}

/** Does what a button asked for, then goes to `to` saying so; a refusal goes to the same place saying why. */
export async function act(
  c: Ctx,
  to: string,
  done: { key: string; params?: Record<string, string | number> },
  work: () => Promise<unknown>,
): Promise<Response> {
  try {
    await work();
    setFlash(c, { kind: 'success', ...done });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    setFlash(c, {
      kind: 'danger',
      key: 'console:flash.said',
      params: { words: errorWords(c.get('view'), error) },
    });
  }
  return c.redirect(to, 303);
}
