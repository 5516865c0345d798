/** Runs work of one key in the order it came, works of different keys side by side. */
export class Serial {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Whether work of this key is being done or waits. */
  busy(key: string): boolean {
    return this.#tails.has(key);
  }

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const result = before.then(work, work);
    const tail = result
      .catch(() => undefined)
      .then(() => {
        if (this.#tails.get(key) === tail) this.#tails.delete(key);
      });
    this.#tails.set(key, tail);
    return result;
  }
}
