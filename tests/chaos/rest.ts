import type { Row } from './database.ts';
import type { Stage } from './stage.ts';

/** How long what is due may take once every fault is over, real: Redis keeps a lost job locked for half a minute of its own. */
const patienceMs = 50_000;

const work = `
  select 'delivery' as what, id, status, case when status = 'sending' then 0 else not_before end as at, attempts, reason, lane, quiet,
    coalesce(put_off_at, 0) as put_off from delivery where status in ('pending', 'sending')
  union all select 'moment', id, kind, at, 0, null, null, 0, 0 from due_moment where done_at is null
  union all select 'edit', d.id, d.status, 0, d.edit_wanted - d.edit_done, d.channel, d.lane, 0, 0 from delivery d join account a on a.id = d.account_id
    where edit_wanted > edit_done and d.external_message_id is not null and a.status = 'open'`;

/** Longer than any messenger asks to wait. */
const longestWaitMs = 600_000;

/**
 * What could leave now and is kept for later by nothing but the hour at which it was written: a clock that was ahead then
 * and is right again.
 */
export async function heldByTheClock(stage: Stage): Promise<string[]> {
  const since = stage.time.now();
  for (;;) {
    const now = stage.clock.machine();
    const left = await stage.rows(work);
    const held = left.filter(
      (r) =>
        r.what === 'delivery' &&
        (Number(r.put_off) > now || (r.quiet === 0 && Number(r.at) > now + longestWaitMs)),
    );
    if (held.length === 0 || stage.time.now() - since > patienceMs)
      return held.map((r) => `held by the clock: ${told(r)}`);
    await stage.time.wait(60);
  }
}

/**
 * Lets the world's time run on, from one thing due to the next, until nothing is left to do. While a messenger still holds
 * what somebody pressed or wrote no hour passes: a poll must not close meanwhile. Returns what is not done although it is
 * due; empty when all came to rest.
 */
export async function comeToRest(stage: Stage): Promise<string[]> {
  let since = stage.time.now();
  for (;;) {
    const left = await stage.rows(work);
    const unheard = stage.unheard();
    if (left.length === 0 && unheard === 0) return [];
    const now = stage.clock.machine();
    const due = left.filter((row) => Number(row.at) <= now);
    if (due.length > 0 || unheard > 0) {
      const never = [
        ...due.slice(0, 5).map(told),
        ...(unheard > 0 ? [`never heard: ${unheard} updates`] : []),
      ];
      if (stage.time.now() - since > patienceMs) return never;
      await stage.time.wait(60);
    } else {
      stage.clock.advance(Math.min(...left.map((row) => Number(row.at))) - now + 1);
      since = stage.time.now();
      await stage.time.wait(120);
    }
  }
}

function told({ what, id, status, at, attempts, reason, lane }: Row): string {
  return `never done: ${what} ${id} ${status} ${reason ?? ''} ${lane ?? ''} due ${new Date(Number(at)).toISOString()} (${attempts})`;
}
