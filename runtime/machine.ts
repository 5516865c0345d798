import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Equal where a process's number means the same process: the machine since it was last started, and the container. */
export function thisMachine(): string {
  const bootId = readOrNothing(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const container = readOrNothing(() => readlinkSync('/proc/self/ns/pid'));
  return [hostname(), bootId, container].filter(Boolean).join(' ');
}

/** Whether no process of this machine has that number any more. */
export function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function readOrNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
