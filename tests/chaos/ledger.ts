import type { Shown } from './people.ts';
import type { Person, Stage } from './stage.ts';

/** A message of Wici's in somebody's hand, as it first stood there. */
export interface Sighting {
  readonly person: Person;
  readonly id: string;
  readonly token: string | null;
  readonly text: string;
  /** In the rounds' time, to 40 ms. */
  readonly at: number;
}

export interface Asked {
  readonly person: Person;
  /** In the rounds' time: the first press or word. */
  readonly at: number;
  /** In the rounds' time: when the person was told it is taken. */
  toldAt: number | null;
}

export interface Confirmed extends Asked {
  readonly subjectId: string;
}

export interface Voted extends Asked {
  readonly subjectId: string;
  readonly option: number;
}

export interface Stopped extends Asked {
  /** From when on messages are welcome again. */
  until: number;
}

export interface Reported extends Asked {
  readonly text: string;
  number: number | null;
}

export interface Replied extends Asked {
  readonly subjectId: string;
  readonly text: string;
}

export interface Broadcast {
  readonly kind: 'announcement' | 'poll';
  readonly id: string;
  /** In every message of it. */
  readonly mark: string;
  readonly urgent: boolean;
  readonly anonymous: boolean;
}

/** What staff changed after sending it. */
export interface Corrected {
  readonly subjectId: string;
  /** In every message of it from then on. */
  readonly words: string;
}

/** What people saw and did: what the database is compared with. */
export class Ledger {
  readonly sightings: Sighting[] = [];
  readonly broadcasts: Broadcast[] = [];
  readonly corrected: Corrected[] = [];
  readonly confirmed: Confirmed[] = [];
  readonly voted: Voted[] = [];
  readonly stopped: Stopped[] = [];
  readonly reported: Reported[] = [];
  readonly replied: Replied[] = [];
  readonly #stage: Stage;
  readonly #seen = new Map<Person, number>();
  #closed = false;

  constructor(stage: Stage) {
    this.#stage = stage;
    void this.#watch();
  }

  /** Notes what has come since. */
  look(): void {
    const at = this.#stage.time.now();
    for (const person of this.#stage.people) {
      const before = this.#seen.get(person) ?? 0;
      const fresh = person.hand?.shown(before) ?? [];
      for (const message of fresh) {
        const { id, token, text } = message;
        this.sightings.push({ person, id, token, text, at });
      }
      this.#seen.set(person, before + fresh.length);
    }
  }

  /** The person's newest message with this in it. */
  card(person: Person, mark: string): Shown | undefined {
    return person.hand?.shown().findLast((message) => message.text.includes(mark));
  }

  close(): void {
    this.#closed = true;
  }

  async #watch(): Promise<void> {
    while (!this.#closed) {
      this.look();
      await this.#stage.time.wait(40);
    }
  }
}
