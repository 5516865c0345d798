import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** An empty folder, gone when the test is over. */
export function tempFolder(): string {
  const { folder, remove } = makeTempFolder();
  onTestFinished(remove);
  return folder;
}

/** An empty folder for longer than a test. */
export function makeTempFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'wici-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }) };
}
