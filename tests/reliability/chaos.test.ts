import { expect, it } from 'vitest';
import { chaos } from '../chaos/run.ts';

// `npm run chaos` plays as many rounds as one likes; docs/reliability.md tells what is promised and what was found.
it('a storm of faults leaves nothing lost, doubled, sent in quiet hours or after /stop', async () => {
  const said: string[] = [];
  const { violations, rounds } = await chaos({ rounds: 2, seed: 7, lanes: 1 }, (line) => said.push(line));
  expect(violations, said.join('\n')).toEqual([]);
  expect(rounds).toBe(2);
});
