import { defineConfig } from 'vitest/config';
import { postgresFolder } from './tests/setup/parts.mjs';

const every = 'tests/**/*.test.{ts,tsx}';
/** Real processes, real browsers: one file at a time, after everything else. */
const whole = ['tests/reliability/**/*.test.ts', 'tests/browser/**/*.test.ts', 'tests/journeys/**/*.test.ts'];

/** The same tests of the core and its store once more, on PostgreSQL. */
const postgres = {
  test: {
    name: 'postgres',
    include: ['tests/core/**/*.test.ts', 'tests/store/**/*.test.ts'],
    globalSetup: ['tests/setup/postgres.mjs'],
    setupFiles: ['tests/setup/use-postgres.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    sequence: { groupOrder: 1 },
  },
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'wici',
          include: [every],
          exclude: [...whole, '**/node_modules/**'],
          testTimeout: 15_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      ...(postgresFolder() || process.env.CI === 'true' ? [postgres] : []),
      {
        test: {
          name: 'whole',
          include: whole,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
