import { type ExpressionBuilder, sql } from 'kysely';
import type { Delivery } from './deliveries.ts';
import { prepared } from './prepared.ts';
import type { Db, NewRow, Schema } from './schema.ts';
import type { Part, SubjectCountTable } from './tables/counts.ts';

type Subject = Pick<SubjectCountTable, 'subject_kind' | 'subject_id'>;
type Figure = (typeof figures)[number];
type Figures = Readonly<Record<Figure, number>>;

const figures = [
  'recipients',
  'pending',
  'accepted',
  'unknown',
  'unreachable',
  'failed',
  'confirmed',
  'unconfirmed',
  'replied',
  'replies',
  'voted',
] as const;

/** What of a delivery is counted, and where. Without a language it is not: a reminder, a message to a group. */
export type Counted = Pick<
  Delivery,
  | 'id'
  | 'subject_kind'
  | 'subject_id'
  | 'company_id'
  | 'branch_id'
  | 'language'
  | 'channel'
  | 'status'
  | 'reason'
  | 'confirmed_at'
>;

const slots = 8;

/** A main delivery changed from `before` (null = it was not there) to `after` (null = it is gone). */
export interface CountedChange {
  readonly before: Counted | null;
  readonly after: Counted | null;
}

/** Counts what changed, in the transaction that changed it. */
export async function count(db: Db, changes: readonly CountedChange[]): Promise<void> {
  const sums = new Sums();
  for (const { before, after } of changes) {
    if (before) addDelivery(sums, before, -1);
    if (after) addDelivery(sums, after, 1);
  }
  await sums.write(db, changes[0]?.after?.id ?? changes[0]?.before?.id ?? '');
}

/** A person the subject was sent to wrote back, for the first time or again; `main` is absent when it was not sent to them. */
export async function countReply(
  db: Db,
  subject: Subject,
  main: Counted | undefined,
  first: boolean,
): Promise<void> {
  const sums = new Sums();
  sums.add(subject, 'all', '', { replies: 1 });
  if (main && first) for (const [part, id] of placesOf(main)) sums.add(subject, part, id, { replied: 1 });
  await sums.write(db, main?.id ?? '');
}

/** A person voted for the first time. Of an anonymous poll only how many did is counted. */
export async function countVoter(db: Db, main: Counted, anonymous: boolean): Promise<void> {
  const sums = new Sums();
  for (const [part, id] of placesOf(main)) {
    if (part === 'all' || (!anonymous && (part === 'branch' || part === 'company'))) {
      sums.add(subjectOf(main), part, id, { voted: 1 });
    }
  }
  await sums.write(db, main.id);
}

function addDelivery(sums: Sums, delivery: Counted, sign: 1 | -1): void {
  if (delivery.language === null) return;
  const { status, reason, confirmed_at, subject_kind } = delivery;
  const asked = subject_kind === 'announcement';
  const arrived = status === 'accepted' || status === 'unknown';
  const counted: Partial<Figures> = {
    recipients: sign,
    [status === 'sending' ? 'pending' : status]: sign,
    ...(asked && confirmed_at !== null ? { confirmed: sign } : {}),
    ...(asked && confirmed_at === null && arrived ? { unconfirmed: sign } : {}),
  };
  for (const [part, id] of placesOf(delivery)) sums.add(subjectOf(delivery), part, id, counted);
  if (status === 'unreachable') {
    sums.add(subjectOf(delivery), 'reason', reason ?? 'noAccount', { unreachable: sign });
  }
}

function placesOf(d: Counted): [Part, string][] {
  const settled = d.status !== 'pending' && d.status !== 'sending';
  return [
    ['all', ''],
    ['branch', d.branch_id ?? ''],
    ['company', d.company_id ?? ''],
    ['language', d.language ?? ''],
    ['channel', settled ? (d.channel ?? '') : ''],
  ];
}

function subjectOf({ subject_kind, subject_id }: Counted): Subject {
  if (subject_kind !== 'announcement' && subject_kind !== 'poll') throw new Error('nothing counted');
  return { subject_kind, subject_id };
}

type Line = NewRow<'subject_count'>;

/** Sums by row; written in one order, so that two transactions never wait for each other. */
class Sums {
  readonly #lines = new Map<string, Line>();

  add(subject: Subject, part: Part, part_id: string, counted: Partial<Figures>): void {
    const key = [subject.subject_kind, subject.subject_id, part, part_id].join('\t');
    const line: Line = this.#lines.get(key) ?? { ...subject, part, part_id, slot: 0 };
    for (const [figure, n] of Object.entries(counted) as [Figure, number][]) {
      line[figure] = (line[figure] ?? 0) + n;
    }
    this.#lines.set(key, line);
  }

  async write(db: Db, deliveryId: string): Promise<void> {
    const changed = [...this.#lines].filter(([, line]) => figures.some((f) => line[f])).sort(byKey);
    const moved = figures.filter((f) => changed.some(([, line]) => line[f]));
    const slot = (deliveryId.codePointAt(deliveryId.length - 1) ?? 0) % slots;
    const rows = changed.map(([, line]) => ({
      ...{ subject_kind: line.subject_kind, subject_id: line.subject_id },
      ...{ part: line.part, part_id: line.part_id },
      // Companies are many and small: nobody waits there.
      slot: line.part === 'company' ? 0 : slot,
      ...Object.fromEntries(moved.map((f) => [f, line[f] ?? 0])),
    }));
    for (let start = 0; start < rows.length; start += 1000) {
      await addTo(db, rows.slice(start, start + 1000), moved);
    }
  }
}

const byKey = ([a]: [string, Line], [b]: [string, Line]) => (a < b ? -1 : 1);

async function addTo(db: Db, rows: readonly Line[], moved: readonly Figure[]): Promise<void> {
  await db
    .insertInto('subject_count')
    .values(rows)
    .onConflict((c) =>
      c
        .columns(['subject_kind', 'subject_id', 'part', 'part_id', 'slot'])
        .doUpdateSet(() =>
          Object.fromEntries(
            moved.map((f) => [
              f,
              sql<number>`${sql.ref(`subject_count.${f}`)} + ${sql.ref(`excluded.${f}`)}`,
            ]),
          ),
        ),
    )
    .execute();
}

export type SubjectFigures = Figures;

export const noFigures: SubjectFigures = Object.fromEntries(figures.map((f) => [f, 0])) as Record<
  Figure,
  number
>;

/** How a subject stands. */
export async function figuresOf(db: Db, kind: Subject['subject_kind'], id: string): Promise<SubjectFigures> {
  return (await figuresOfOne(db, { kind, id }))[0] ?? noFigures;
}

const figuresOfOne = prepared((db, of: { kind: Subject['subject_kind']; id: string }) =>
  db
    .selectFrom('subject_count')
    .select(sums)
    .where('subject_kind', '=', of.kind)
    .where('subject_id', '=', of.id)
    .where('part', '=', 'all')
    // Of nothing there is no row, not one of nulls.
    .groupBy('subject_id'),
);

/** How these subjects stand; those of which nothing is counted are absent. */
export async function figuresOfMany(
  db: Db,
  kind: Subject['subject_kind'],
  ids: readonly string[],
): Promise<Map<string, SubjectFigures>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('subject_count')
    .select('subject_id')
    .select(sums)
    .where('subject_kind', '=', kind)
    .where('subject_id', 'in', ids)
    .where('part', '=', 'all')
    .groupBy('subject_id')
    .execute();
  return new Map(rows.map(({ subject_id, ...counted }) => [subject_id, counted]));
}

export interface PartFigures extends SubjectFigures {
  readonly id: string;
}

/** How the parts of a subject stand that have anybody in them, the largest first. */
export async function figuresOfPart(
  db: Db,
  kind: Subject['subject_kind'],
  subjectId: string,
  part: Exclude<Part, 'company'>,
): Promise<PartFigures[]> {
  const rows = await db
    .selectFrom('subject_count')
    .select('part_id as id')
    .select(sums)
    .where('subject_kind', '=', kind)
    .where('subject_id', '=', subjectId)
    .where('part', '=', part)
    .groupBy('part_id')
    .orderBy('recipients', 'desc')
    .orderBy('id')
    .execute();
  return rows.filter((r) => figures.some((f) => r[f] !== 0));
}

/** How its companies stand, those with most people first, behind the one given. */
export async function figuresOfCompanies(
  db: Db,
  kind: Subject['subject_kind'],
  subjectId: string,
  after: { readonly recipients: number; readonly id: string } | null,
  limit: number,
): Promise<PartFigures[]> {
  let query = db
    .selectFrom('subject_count')
    .select('part_id as id')
    .select(figures)
    .where('subject_kind', '=', kind)
    .where('subject_id', '=', subjectId)
    .where('part', '=', 'company')
    .where('recipients', '>', 0)
    .orderBy('recipients', 'desc')
    // The other way round too, as the index stands.
    .orderBy('part_id', 'desc')
    .limit(limit);
  if (after) {
    query = query
      .where('recipients', '<=', after.recipients)
      .where((e) => e.or([e('recipients', '<', after.recipients), e('part_id', '<', after.id)]));
  }
  return query.execute();
}

function sums(e: ExpressionBuilder<Schema, 'subject_count'>) {
  return figures.map((f) => e.fn.sum<number>(f).as(f));
}
