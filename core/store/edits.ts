import { sql } from 'kysely';
import { groupBy } from '../group-by.ts';
import { type Delivery, shown } from './deliveries.ts';
import { preparedIds } from './prepared.ts';
import type { Db } from './schema.ts';
import type { DeliverySubject } from './tables/flow.ts';

const wantAnother = preparedIds((db, ids) =>
  db.updateTable('delivery').set({ edit_wanted: sql`edit_wanted + 1` }).where('id', 'in', ids),
);

export async function wantEdits(db: Db, ids: readonly string[]): Promise<void> {
  await wantAnother(db, ids);
}

/** The first whose shown message lags behind and may be changed: nothing is on a paused messenger. */
export async function editable(db: Db, limit: number): Promise<Delivery[]> {
  return lagging(db).limit(limit).execute();
}

/** The ones of `ids` that lag behind and may be changed. */
export async function editableByIds(db: Db, ids: readonly string[]): Promise<Delivery[]> {
  return laggingByIds(db, ids);
}

const laggingByIds = preparedIds((db, ids) => lagging(db).where('id', 'in', ids));

function lagging(db: Db) {
  return db
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
    .orderBy('id');
}

/** These show the state they were read with; what was wanted since then is left to be edited. */
export async function markEdited(
  db: Db,
  shown: readonly Pick<Delivery, 'id' | 'edit_wanted'>[],
): Promise<void> {
  for (const [done, group] of groupBy(shown, (d) => d.edit_wanted)) {
    const ids = group.map((d) => d.id);
    await setDone(db, ids, { done });
  }
}

const setDone = preparedIds((db, ids, { done }: { done: number }) =>
  db.updateTable('delivery').set({ edit_done: done }).where('id', 'in', ids),
);

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
