import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** postgres://… of a server where databases may be made. */
    postgres: string;
  }
}

process.env.WICI_TEST_POSTGRES = inject('postgres');
