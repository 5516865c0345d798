type Listener = (topic: string) => void;

/**
 * Tells live pages that something changed, within this process. A bell without content: whoever hears it reads the
 * present state itself, so a lost or doubled ring is harmless.
 */
export class LiveHub {
  readonly #listeners = new Map<string | null, Set<Listener>>();

  publish(topic: string): void {
    for (const key of [topic, null]) for (const listener of this.#listeners.get(key) ?? []) listener(topic);
  }

  /** Rings for everything: what was rung elsewhere was not heard for a while. */
  publishAll(): void {
    for (const key of this.#listeners.keys()) if (key !== null) this.publish(key);
  }

  /** Calls `listener` at each ring of `topics` (null = all) until the returned function is called. */
  subscribe(topics: readonly string[] | null, listener: Listener): () => void {
    const keys = topics ?? [null];
    for (const key of keys) this.#heard(key).add(listener);
    return () => {
      for (const key of keys) this.#forget(key, listener);
    };
  }

  #heard(key: string | null): Set<Listener> {
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners);
    return listeners;
  }

  #forget(key: string | null, listener: Listener): void {
    const listeners = this.#listeners.get(key);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#listeners.delete(key);
  }
}
