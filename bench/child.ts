import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../runtime/paths.ts';

export interface ChildOptions {
  readonly argument?: unknown;
  readonly nodeFlags?: readonly string[];
  readonly cwd?: string;
}

/** A process of the bench that does what it is told and answers. */
export class Child<Ready> {
  readonly ready: Ready;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #orders = 0;

  private constructor(process: ChildProcess, ready: Ready) {
    this.#process = process;
    this.ready = ready;
    process.on('message', (message: { id: number; result?: unknown; error?: string }) => {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error === undefined) waiting?.resolve(message.result);
      else waiting?.reject(new Error(message.error));
    });
    process.once('exit', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`ended with ${code}`));
    });
  }

  /** `file` below bench/. Resolves once the process says that it is ready. */
  static async start<Ready>(file: string, options: ChildOptions = {}): Promise<Child<Ready>> {
    const { argument = {}, nodeFlags = [], cwd = projectRoot } = options;
    const child = fork(join(projectRoot, 'bench', file), [JSON.stringify(argument)], {
      cwd,
      execArgv: [...nodeFlags],
      serialization: 'advanced',
    });
    const [message] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`${file} ended with ${code} before it was ready`);
      }),
    ])) as [{ ready: Ready }];
    return new Child(child, message.ready);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  ask<Result>(order: string, options: object = {}): Promise<Result> {
    this.#orders += 1;
    const id = this.#orders;
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.set(id, { resolve: (value) => resolve(value as Result), reject });
      this.#process.send({ id, order, options });
    });
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.disconnect();
    await gone;
  }
}
