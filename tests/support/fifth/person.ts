import type { ContractPerson, Seen } from '../../contracts/channel-adapter.ts';
import type { Sheet, TerminalService } from './terminal-service.ts';

/** Somebody at a terminal. */
export class TerminalPerson implements ContractPerson {
  readonly externalId: string;
  readonly #service: TerminalService;
  readonly #marked = new Set<string>();

  constructor(service: TerminalService, externalId: string) {
    this.#service = service;
    this.externalId = externalId;
  }

  write(text: string, replyTo?: string): Promise<void> {
    return this.#service.type(this.externalId, {
      text,
      ...(replyTo === undefined ? {} : { answers: Number(replyTo) }),
    });
  }

  async press(label: string): Promise<void> {
    for (const [on, sheet] of this.#service.sheets(this.externalId).toReversed()) {
      const key = sheet.keys.find((k) => plain(k.label) === label);
      if (!key || !('data' in key)) continue;
      const marks = sheet.keys.flatMap((k) =>
        'mark' in k && this.#marked.has(plain(k.label)) ? [k.mark] : [],
      );
      return this.#service.type(this.externalId, { key: { on, data: key.data, marks } });
    }
    throw new Error(`no key "${label}"`);
  }

  /** Holds their badge to a board and presses its key with this label. */
  async pressOn(board: string, label: string): Promise<void> {
    const key = this.#service
      .sheets(board)
      .flatMap(([on, sheet]) => sheet.keys.map((k) => ({ on, ...k })))
      .findLast((k) => k.label === label);
    if (!key || !('data' in key)) throw new Error(`no key "${label}"`);
    await this.#service.type(this.externalId, { board, key: { on: key.on, data: key.data, marks: [] } });
  }

  async mark(labels: readonly string[]): Promise<void> {
    for (const label of labels) if (!this.#marked.delete(label)) this.#marked.add(label);
  }

  async seen(): Promise<readonly Seen[]> {
    return this.#service.sheets(this.externalId).map(([number, sheet]) => seenOf(number, sheet));
  }
}

export function seenOf(number: number, { text, keys, files, answers }: Sheet): Seen {
  return {
    externalMessageId: String(number),
    text,
    labels: keys.map((key) => key.label),
    files: files.map((file) => file.name),
    ...(answers === undefined ? {} : { replyTo: String(answers) }),
  };
}

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
