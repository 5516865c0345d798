import type { TestProject } from 'vitest/node';

export default function setup(project: TestProject): Promise<() => void>;
export function startPostgres(
  more?: Readonly<Record<string, string>>,
): Promise<{ readonly url: string; restart(): void; stop(): void }>;
