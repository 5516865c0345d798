import { prepared } from './prepared.ts';
import type { Change, Db, NewRow, Row } from './schema.ts';

export type Network = Row<'network'>;

const only = prepared((db) => db.selectFrom('network').selectAll());

/** The network's own settings; made by the first start, so always there. */
export async function findNetwork(db: Db): Promise<Network> {
  const [network] = await only(db, {});
  if (!network) throw new Error('the network has no settings');
  return network;
}

export async function networkExists(db: Db): Promise<boolean> {
  return (await db.selectFrom('network').select('id').executeTakeFirst()) !== undefined;
}

export async function insertNetwork(db: Db, network: NewRow<'network'>): Promise<void> {
  await db
    .insertInto('network')
    .values(network)
    .onConflict((c) => c.column('id').doNothing())
    .execute();
}

/** Changes the settings if they still stand at `revision`; false when somebody was faster. */
export async function changeNetwork(db: Db, revision: number, change: Change<'network'>): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('network')
    .set({ ...change, revision: revision + 1 })
    .where('revision', '=', revision)
    .executeTakeFirst();
  return numUpdatedRows > 0;
}
