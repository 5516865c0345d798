import { setImmediate as nextTurn } from 'node:timers/promises';

/** What somebody pressed passes the loop some five times, and each time waits for the turn in hand. */
const longestMs = 1;

let began: number | null = null;

/** Long work awaits it between its steps: once a turn of the loop has lasted, counted from the first to ask, others have theirs. */
export function breath(): Promise<void> | null {
  const now = performance.now();
  if (began !== null) return now - began > longestMs ? nextTurn() : null;
  began = now;
  setImmediate(() => {
    began = null;
  });
  return null;
}
