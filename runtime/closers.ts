import type { Logger } from './logger.ts';

/** What has been opened, to be closed in the opposite order. */
export class Closers {
  readonly #steps: { readonly name: string; readonly close: () => Promise<void> | void }[] = [];
  #closed: Promise<void> | null = null;

  add(name: string, close: () => Promise<void> | void): void {
    this.#steps.push({ name, close });
  }

  /** A step that fails does not keep the others from closing. Asked twice it closes once. */
  close(log: Logger): Promise<void> {
    this.#closed ??= this.#closeAll(log);
    return this.#closed;
  }

  async #closeAll(log: Logger): Promise<void> {
    for (const { name, close } of this.#steps.splice(0).reverse()) {
      log.debug({ step: name }, 'closing');
      try {
        await close();
      } catch (error) {
        log.warn({ step: name, err: error }, 'closing failed');
      }
    }
  }
}
