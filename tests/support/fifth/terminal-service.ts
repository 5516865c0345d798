/** A key under a sheet: pressed it sends `data`; a mark is kept at the terminal and goes along with the next press. */
export type Key =
  | { readonly label: string; readonly data: string }
  | { readonly label: string; readonly url: string }
  | { readonly label: string; readonly mark: string };

export interface Sheet {
  readonly text: string;
  readonly keys: readonly Key[];
  readonly files: readonly { readonly name: string; readonly data: Uint8Array }[];
  /** Number of the sheet answered. */
  readonly answers?: number;
}

export interface Typed {
  readonly id: number;
  readonly terminal: string;
  readonly text?: string;
  readonly answers?: number;
  /** `on` is the sheet's number. */
  readonly key?: { readonly on: number; readonly data: string; readonly marks: readonly string[] };
  readonly plug?: 'pulled' | 'back';
  /** The board whose key it was; the terminal is then that of the badge. */
  readonly board?: string;
}

/** A board in a hall: everybody reads it, and its keys know whose badge was held to it. */
export interface Board {
  name: string;
  /** Whether the office lets us print on it. */
  lent: boolean;
}

export type FaultCode = 'busy' | 'slow_down' | 'line_dropped' | 'bad_badge' | 'unplugged' | 'too_long';

export class TerminalFault extends Error {
  readonly code: FaultCode;

  constructor(code: FaultCode) {
    super(code);
    this.code = code;
  }
}

/**
 * The platform of the fifth messenger, with its SDK in one: an office of numbered terminals that print sheets. What people
 * type is handed over in order for each terminal, again until it is taken. It prints at most 2,000 characters a sheet.
 */
export class TerminalService {
  readonly #sheets = new Map<string, Map<number, Sheet>>();
  readonly #lines = new Map<string, Promise<void>>();
  readonly #unplugged = new Set<string>();
  readonly #faults: FaultCode[] = [];
  /** By their numbers, "B1". */
  readonly boards = new Map<string, Board>();
  /** Said to one terminal alone. */
  readonly whispers: { readonly terminal: string; readonly words: string }[] = [];
  #listener: ((typed: Typed) => Promise<void>) | null = null;
  #lastId = 0;

  listen(listener: ((typed: Typed) => Promise<void>) | null): void {
    this.#listener = listener;
  }

  failNext(code: FaultCode): void {
    this.#faults.push(code);
  }

  async print(terminal: string, sheet: Sheet, number?: number): Promise<number> {
    const fault = this.#faults.shift();
    if (fault && fault !== 'line_dropped') throw new TerminalFault(fault);
    if (this.#unplugged.has(terminal) || this.boards.get(terminal)?.lent === false) {
      throw new TerminalFault('unplugged');
    }
    if (sheet.text.length > 2000) throw new TerminalFault('too_long');
    const printed = number ?? this.#next();
    const sheets = this.#sheets.get(terminal) ?? new Map<number, Sheet>();
    this.#sheets.set(terminal, sheets.set(printed, sheet));
    if (fault) throw new TerminalFault(fault);
    return printed;
  }

  whisper(terminal: string, words: string): void {
    this.whispers.push({ terminal, words });
  }

  sheets(terminal: string): [number, Sheet][] {
    return [...(this.#sheets.get(terminal) ?? [])];
  }

  /** Somebody types; resolves once it is taken. */
  type(terminal: string, typed: Omit<Typed, 'id' | 'terminal'>): Promise<void> {
    if (typed.plug === 'pulled') this.#unplugged.add(terminal);
    if (typed.plug === 'back') this.#unplugged.delete(terminal);
    const whole = { ...typed, id: this.#next(), terminal };
    const line = (this.#lines.get(terminal) ?? Promise.resolve()).then(() => this.#hand(whole));
    this.#lines.set(terminal, line);
    return line;
  }

  async #hand(typed: Typed): Promise<void> {
    for (let tries = 0; this.#listener && tries < 100; tries++) {
      try {
        return await this.#listener(typed);
      } catch {
        // Not taken: handed over again.
      }
    }
  }

  #next(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}
