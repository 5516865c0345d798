import { type ExpressionBuilder, sql } from 'kysely';
import type { Delivery } from './deliveries.ts';
import { prepared, preparedRows } from './prepared.ts';
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
  sums.add(subject, 'all', '', ['replies']);
  if (main && first) for (const [part, id] of placesOf(main)) sums.add(subject, part, id, ['replied']);
  await sums.write(db, main?.id ?? '');
}

/** A person voted for the first time. Of an anonymous poll only how many did is counted. */
export async function countVoter(db: Db, main: Counted, anonymous: boolean): Promise<void> {
  const sums = new Sums();
  for (const [part, id] of placesOf(main)) {
    if (part === 'all' || (!anonymous && (part === 'branch' || part === 'company'))) {
      sums.add(subjectOf(main), part, id, ['voted']);
    }
  }
  await sums.write(db, main.id);
}

function addDelivery(sums: Sums, delivery: Counted, sign: 1 | -1): void {
  const { language, status, reason, confirmed_at, subject_kind } = delivery;
  if (language === null) return;
  const asked = subject_kind === 'announcement';
  const arrived = status === 'accepted' || status === 'unknown';
  const counted: Figure[] = ['recipients', status === 'sending' ? 'pending' : status];
  if (asked && confirmed_at !== null) counted.push('confirmed');
  if (asked && confirmed_at === null && arrived) counted.push('unconfirmed');
  const subject = subjectOf(delivery);
  for (const [part, id] of placesOf(delivery)) sums.add(subject, part, id, counted, sign);
  if (status === 'unreachable') sums.add(subject, 'reason', reason ?? 'noAccount', ['unreachable'], sign);
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

  add({ subject_kind, subject_id }: Subject, part: Part, part_id: string, counted: readonly Figure[], n = 1) {
    const key = `${subject_kind}\t${subject_id}\t${part}\t${part_id}`;
    let line = this.#lines.get(key);
    if (!line) {
      line = { subject_kind, subject_id, part, part_id, slot: 0 };
      this.#lines.set(key, line);
    }
    for (const figure of counted) line[figure] = (line[figure] ?? 0) + n;
  }

  async write(db: Db, deliveryId: string): Promise<void> {
    const lines = [...this.#lines].sort(byKey).map(([, line]) => line);
    const moved = figures.filter((f) => lines.some((line) => line[f]));
    if (moved.length === 0) return;
    const slot = (deliveryId.codePointAt(deliveryId.length - 1) ?? 0) % slots;
    const rows = lines
      .filter((line) => moved.some((f) => line[f]))
      .map(({ subject_kind, subject_id, part, part_id, ...line }): Line => {
        // Companies are many and small: nobody waits there.
        const row: Line = { subject_kind, subject_id, part, part_id, slot: part === 'company' ? 0 : slot };
        for (const f of moved) row[f] = line[f] ?? 0;
        return row;
      });
    await addLines(db, rows);
  }
}

const byKey = ([a]: [string, Line], [b]: [string, Line]) => (a < b ? -1 : 1);

const addLines = preparedRows((db, rows: readonly Line[]) =>
  db
    .insertInto('subject_count')
    .values(rows)
    .onConflict((c) =>
      c
        .columns(['subject_kind', 'subject_id', 'part', 'part_id', 'slot'])
        .doUpdateSet(() =>
          Object.fromEntries(
            figures
              .filter((f) => rows[0] && f in rows[0])
              .map((f) => [f, sql<number>`${sql.ref(`subject_count.${f}`)} + ${sql.ref(`excluded.${f}`)}`]),
          ),
        ),
    ),
);

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
    .select((e) => figures.map((f) => sumOr0(e, f)))
    .where('subject_kind', '=', of.kind)
    .where('subject_id', '=', of.id)
    .where('part', '=', 'all'),
);

export type ConfirmedFigures = Pick<SubjectFigures, 'recipients' | 'confirmed'>;

/** How many an announcement was sent to, and how many of them confirmed it: asked with each confirmation. */
export async function confirmedOf(db: Db, announcementId: string): Promise<ConfirmedFigures> {
  return (await confirmed(db, { id: announcementId }))[0] ?? noFigures;
}

const confirmed = prepared((db, { id }: { id: string }) =>
  db
    .selectFrom('subject_count')
    .select((e) => [sumOr0(e, 'recipients'), sumOr0(e, 'confirmed')])
    .where('subject_kind', '=', 'announcement')
    .where('subject_id', '=', id)
    .where('part', '=', 'all'),
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

/** 0 where nothing is counted. For one sum over all, not grouped: SQLite 3.54 takes as long for grouping as for the rest. */
function sumOr0<F extends Figure>(e: ExpressionBuilder<Schema, 'subject_count'>, figure: F) {
  return e.fn.coalesce(e.fn.sum<number>(figure), e.lit(0)).as(figure);
}
