import { describe, expect, it } from 'vitest';
import { clockTime, dayKey, dayName, fileSize } from '../../../console/chat/times.ts';

const late = Date.parse('2026-11-23T23:30:00Z');

describe('moments as the chat shows them', () => {
  it('stand in the network’s zone', () => {
    expect(dayKey(late, 'Europe/Warsaw')).toBe('2026-11-24');
    expect(dayKey(late, 'UTC')).toBe('2026-11-23');
    expect(clockTime(late, 'pl', 'Europe/Warsaw')).toBe('00:30');
  });

  it('are written as people of the language write them', () => {
    expect(dayName(late, 'pl', 'Europe/Warsaw')).toBe('wtorek, 24 listopada 2026');
    expect(dayName(late, 'en', 'Europe/Warsaw')).toMatch(/^Tuesday,? 24 November 2026$/);
  });
});

describe('sizes of files', () => {
  it('are short', () => {
    expect(fileSize(70, 'pl')).toMatch(/^1\skB$/u);
    expect(fileSize(340_000, 'en')).toMatch(/^340\s?kB$/u);
    expect(fileSize(3_400_000, 'pl')).toMatch(/^3,4\sMB$/u);
  });
});
