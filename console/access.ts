import { HTTPException } from 'hono/http-exception';
import { DomainError } from '../core/domain-error.ts';
import { type Ctx, type StaffView, staffView } from './context.ts';

export const isAdministrator = (view: StaffView) => view.member.role === 'administrator';

/** The view of a page for administrators alone; staff is told so with 403. */
export function administratorView(c: Ctx): StaffView {
  const view = staffView(c);
  if (!isAdministrator(view)) throw new HTTPException(403);
  return view;
}

/** Ends the request with the page that says so: there is no such thing. */
export function missing(): never {
  throw new DomainError('common:errors.notFound');
}
