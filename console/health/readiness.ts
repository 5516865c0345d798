import { findNetwork } from '../../core/store/network.ts';
import type { HealthDeps } from './deps.ts';

export interface Readiness {
  readonly status: 'ready' | 'not ready';
  readonly database: 'ok' | 'failing';
  readonly queue: 'ok' | 'failing';
  /** A messenger that is down does not take the others with it: it is shown, and does not change the status. */
  readonly messengers: Readonly<Record<string, string>>;
  /** How many processes do what, when several share the work. */
  readonly processes?: Readonly<Record<string, number>>;
}

/** How long a part may take to answer before it counts as failing. */
const patienceMs = 2000;

export async function checkReadiness(deps: HealthDeps): Promise<Readiness> {
  const { core, adapters, queueAnswers, processes } = deps;
  const [database, queue] = await Promise.all([answers(findNetwork(core.db)), answers(queueAnswers())]);
  const messengers = Object.fromEntries([...adapters].map(([name, a]) => [name, a.health().state]));
  const status = database === 'ok' && queue === 'ok' ? 'ready' : 'not ready';
  return { status, database, queue, messengers, ...(processes ? { processes: processes() } : {}) };
}

async function answers(attempt: Promise<unknown>): Promise<'ok' | 'failing'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'failing'>((resolve) => {
    timer = setTimeout(() => resolve('failing'), patienceMs);
  });
  try {
    return await Promise.race([
      attempt.then(
        () => 'ok' as const,
        () => 'failing' as const,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
