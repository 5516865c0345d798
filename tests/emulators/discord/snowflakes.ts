const discordEpoch = 1_420_070_400_000n;

/** Ids of 18 or 19 digits that grow, as the platform's do. */
export class Snowflakes {
  readonly #now: () => number;
  #last = 0n;

  constructor(now: () => number) {
    this.#now = now;
  }

  next(): string {
    const wanted = (BigInt(this.#now()) - discordEpoch) << 22n;
    this.#last = wanted > this.#last ? wanted : this.#last + 1n;
    return String(this.#last);
  }
}
