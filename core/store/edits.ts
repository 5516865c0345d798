import { sql } from 'kysely';
import { groupBy } from '../group-by.ts';
import { inChunks } from './chunks.ts';
import { type Delivery, shown } from './deliveries.ts';
import { prepared } from './prepared.ts';
import type { Db } from './schema.ts';
import type { DeliverySubject } from './tables/flow.ts';

const wantEdit = prepared((db, { id }: { id: string }) =>
  db.updateTable('delivery').set({ edit_wanted: sql`edit_wanted + 1` }).where('id', '=', id),
);

export async function wantEdits(db: Db, ids: readonly string[]): Promise<void> {
  const [only] = ids;
  if (only !== undefined && ids.length === 1) {
    await wantEdit(db, { id: only });
    return;
  }
  await inChunks(ids, 500, async (chunk) => {
    await db
      .updateTable('delivery')
      .set({ edit_wanted: sql`edit_wanted + 1` })
      .where('id', 'in', chunk)
      .execute();
    return [];
  });
}

/** The ones of `ids` (all when null) whose shown message lags behind and may be changed: nothing is on a paused messenger. */
export async function editable(db: Db, ids: readonly string[] | null, limit: number): Promise<Delivery[]> {
  let query = db
    .selectFrom('delivery')
    .selectAll()
    .whereRef('edit_wanted', '>', 'edit_done')
    .where('external_message_id', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('channel_state')
            .select('channel_state.channel')
            .whereRef('channel_state.channel', '=', 'delivery.channel')
            .where('paused_at', 'is not', null),
        ),
      ),
    )
    .orderBy('id')
    .limit(limit);
  if (ids) query = query.where('id', 'in', ids);
  return query.execute();
}

/** These show the state they were read with; what was wanted since then is left to be edited. */
export async function markEdited(
  db: Db,
  shown: readonly Pick<Delivery, 'id' | 'edit_wanted'>[],
): Promise<void> {
  for (const [done, group] of groupBy(shown, (d) => d.edit_wanted)) {
    await db
      .updateTable('delivery')
      .set({ edit_done: done })
      .where(
        'id',
        'in',
        group.map((d) => d.id),
      )
      .execute();
  }
}

/** Asks that everything of a subject shown to anyone be edited. */
export async function wantEditsOf(db: Db, subjectKind: DeliverySubject, subjectId: string): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ edit_wanted: sql`edit_wanted + 1` })
    .where('subject_kind', '=', subjectKind)
    .where('subject_id', '=', subjectId)
    .where(shown)
    .where('content', 'is', null)
    .execute();
}

/** Ids of the first `limit` of a subject that lag behind. */
export async function laggingOf(
  db: Db,
  subjectKind: DeliverySubject,
  subjectId: string,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('delivery')
    .select('id')
    .where('subject_kind', '=', subjectKind)
    .where('subject_id', '=', subjectId)
    .whereRef('edit_wanted', '>', 'edit_done')
    .limit(limit)
    .execute();
  return rows.map((r) => r.id);
}
