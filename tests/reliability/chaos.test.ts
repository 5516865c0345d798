import { expect, it } from 'vitest';
import { chaos } from '../chaos/run.ts';

// `npm run chaos` plays as many rounds as one likes; docs/reliability.md tells what is promised and what was found.
it.each([
  ['the built program', { rounds: 1, seed: 1, lanes: 1 }],
  ['the core alone', { rounds: 5, seed: 1, lanes: 1, swift: true }],
])(
  'a storm of faults over %s leaves nothing lost, doubled, sent in quiet hours or after /stop',
  async (_, storm) => {
    const said: string[] = [];
    const { violations, rounds } = await chaos(storm, (line) => said.push(line));
    expect(violations, said.join('\n')).toEqual([]);
    expect(rounds).toBe(storm.rounds);
  },
);
