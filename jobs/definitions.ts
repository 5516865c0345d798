import { z } from 'zod';

/** Ids a job carries at most: what it loads at once. */
export const chunkSize = 100;

const id = z.string().min(1).max(64);
const ids = z.array(id).min(1).max(chunkSize);

/**
 * Every job by its name: what it carries (ids only, the database has the rest) and how many run side by side. Each is tried
 * once. One that fails is forgotten: what it was to do stands in the database and the sweep rings for it again.
 */
export const definitions = {
  /** A due moment has come. */
  due: { schema: z.object({ id }), concurrency: 2 },
  /** Broadcast deliveries leave. Three side by side: what a crash leaves unknown stays small, and one waits for its slots while one sends and one is written down. */
  deliver: { schema: z.object({ ids }), concurrency: 3 },
  /** Shown messages change. */
  edit: { schema: z.object({ ids }), concurrency: 2 },
} as const;

export type JobName = keyof typeof definitions;
export type JobData<N extends JobName> = z.infer<(typeof definitions)[N]['schema']>;
export const jobNames = Object.keys(definitions) as JobName[];
