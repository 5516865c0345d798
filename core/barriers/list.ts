import { DomainError } from '../domain-error.ts';
import { decodeCursor, type Page, type PageRequest, pageLimit, toPage } from '../page.ts';
import {
  type BarrierFilter,
  barrierRecords,
  findBarrierRecord,
  messagesOfBarrier,
} from '../store/barriers.ts';
import type { Db } from '../store/schema.ts';
import {
  type BarrierMessageView,
  type BarrierStatus,
  type BarrierView,
  toBarrierView,
  toMessageView,
} from './barrier.ts';

export interface BarrierWithMessages extends BarrierView {
  /** Oldest first. */
  readonly messages: readonly BarrierMessageView[];
}

/** The highest the column can count; a cursor that says more is none of ours. */
const highestNumber = 2_147_483_647;

/** What staff see, newest first. */
export async function listBarriers(
  db: Db,
  { status, ...request }: PageRequest & { readonly status?: BarrierStatus } = {},
): Promise<Page<BarrierView>> {
  return page(db, request, status ? { status } : {});
}

/** The subject of messages that list shared reports: what is listed can be taken out of them when its person is erased. */
export const sharedListId = 'shared';

/** What every member may see of each other's reports: the shared ones, none with a name. */
export async function sharedBarriers(db: Db, request: PageRequest = {}): Promise<Page<BarrierView>> {
  const { items, next } = await page(db, request, { visibility: 'shared' });
  return { items: items.map((barrier) => ({ ...barrier, reporter: null, company: null })), next };
}

export async function findBarrier(db: Db, id: string): Promise<BarrierWithMessages> {
  const row = await findBarrierRecord(db, id);
  if (!row) throw new DomainError('common:errors.notFound');
  return { ...toBarrierView(row), messages: (await messagesOfBarrier(db, id)).map(toMessageView) };
}

/** A member's own reports, newest first; only for showing to that member. */
export async function barriersOf(db: Db, memberId: string): Promise<BarrierView[]> {
  return (await barrierRecords(db, { reporterId: memberId, limit: 200 })).map(toBarrierView);
}

/** Whether this report is this member's: their words in reply to its messages belong to it. */
export async function isReporter(db: Db, id: string, memberId: string): Promise<boolean> {
  return (await findBarrierRecord(db, id))?.reporter_id === memberId;
}

async function page(
  db: Db,
  { cursor, limit }: PageRequest,
  filter: Omit<BarrierFilter, 'below' | 'limit'>,
): Promise<Page<BarrierView>> {
  const size = pageLimit(limit);
  const below = Number(decodeCursor(cursor)?.[0]);
  const rows = await barrierRecords(db, {
    ...filter,
    ...(Number.isInteger(below) && below > 0 && below <= highestNumber ? { below } : {}),
    limit: size + 1,
  });
  return toPage(rows.map(toBarrierView), size, (barrier) => [String(barrier.number)]);
}
