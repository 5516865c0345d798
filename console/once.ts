import { findIdempotent, insertIdempotent } from '../core/store/idempotency.ts';
import type { Core, Unit } from '../core/unit.ts';

/**
 * Does `work` once for a form however often its button was pressed: the second time returns what the first one made.
 * `key` came with the form; without one the work is simply done.
 */
export async function once(
  core: Core,
  key: string | null,
  work: (unit: Unit) => Promise<string>,
): Promise<string> {
  if (key === null) return core.transaction(work);
  try {
    return await doneOnce(core, `form:${key}`, work);
  } catch (error) {
    // The other press was faster: what it made is there now, and ours is undone.
    if (error instanceof LostRace) return doneOnce(core, `form:${key}`, work);
    throw error;
  }
}

class LostRace extends Error {}

function doneOnce(core: Core, name: string, work: (unit: Unit) => Promise<string>): Promise<string> {
  return core.transaction(async (unit) => {
    const done = await findIdempotent(unit.db, name);
    if (done) return done.body;
    const body = await work(unit);
    const row = { key: name, request_hash: '', status: 303, body, content_type: 'text/plain', at: unit.now };
    if (!(await insertIdempotent(unit.db, row))) throw new LostRace();
    return body;
  });
}
