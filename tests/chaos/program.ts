import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../../runtime/paths.ts';
import { until } from '../support/until.ts';
import { speed } from './clock.ts';

const preload = fileURLToPath(new URL('preload.mjs', import.meta.url));
const entry = join(projectRoot, 'dist', 'runtime', 'wici.js');

/** The built program, its clock ours. */
export class Program {
  readonly child: ChildProcess;
  readonly roles: string;
  said = '';

  constructor(variables: Record<string, string>, clockFile: string, roles: string) {
    this.roles = roles;
    const { PATH = '' } = process.env;
    const env = { PATH, CHAOS_CLOCK: clockFile, CHAOS_SPEED: String(speed), ...variables };
    this.child = spawn(process.execPath, ['--import', preload, entry, 'start'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (data: Buffer) => {
        this.said += data;
      });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get started(): boolean {
    return this.said.includes('Ctrl-C stops it.') && !this.ended;
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** The others took it for dead. */
  get buried(): boolean {
    return this.said.includes('took over what it did.');
  }

  get url(): string {
    return /Wici runs at (\S+)/.exec(this.said)?.[1] ?? '';
  }

  /** Started, or ended before that. */
  async settled(): Promise<void> {
    await until(() => this.started || this.ended, 60_000, 'a started Wici');
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (!this.ended) {
      const gone = once(this.child, 'exit');
      this.child.kill(signal);
      await gone;
    }
    return this.child.exitCode;
  }
}
