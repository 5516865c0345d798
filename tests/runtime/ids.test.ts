import fc from 'fast-check';
import { expect, it } from 'vitest';
import { systemIds } from '../../runtime/ids.ts';

const moment = fc.integer({ min: 0, max: Date.parse('2080-01-01') });

it('what buttons carry sorts by time of making, and no two of one millisecond are alike', () => {
  const property = fc.property(moment, moment, (one, other) => {
    const [earlier, later] = [one, other].toSorted((a, b) => a - b);
    let now = earlier ?? 0;
    const ids = systemIds({ now: () => now }, 'secret');
    const before = [ids.actionToken(), ids.actionToken()];
    now = (later ?? 0) + 1;
    const after = ids.actionToken();
    expect([...new Set([...before, after])].toSorted().at(-1)).toBe(after);
    expect(new Set([...before, after]).size).toBe(3);
    for (const token of [...before, after]) expect(token).toMatch(/^[A-Za-z0-9]{16}$/);
  });
  fc.assert(property);
});

it('an invitation code tells nothing of when it was made', () => {
  const ids = systemIds({ now: () => 0 }, 'secret');
  const codes = Array.from({ length: 200 }, () => ids.token());
  for (const place of Array.from({ length: 16 }, (_, i) => i)) {
    expect(new Set(codes.map((code) => code[place])).size).toBeGreaterThan(20);
  }
});
