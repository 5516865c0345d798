import type { TestProject } from 'vitest/node';

export default function setup(project: TestProject): Promise<() => void>;
export function startPostgres(): Promise<{ readonly url: string; restart(): void; stop(): void }>;
