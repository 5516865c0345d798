import { setMaxListeners } from 'node:events';
import { type WebchatPlatform, webchatCapabilities } from '../bots/webchat/adapter.ts';
import { limits } from '../bots/webchat/limits.ts';
import type { Posted } from '../bots/webchat/parse.ts';
import { type RenderedMessage, render, withoutPassing } from '../bots/webchat/render.ts';
import type { Media } from '../core/channels/outbound-message.ts';
import { composeMessages } from '../core/deliveries/messages.ts';
import { Serial } from '../core/deliveries/serial.ts';
import { lockTranscripts } from '../core/store/accounts.ts';
import { loadMedia } from '../core/store/attachments.ts';
import { findDelivery } from '../core/store/deliveries.ts';
import type { Db } from '../core/store/schema.ts';
import {
  editWebchatMessage,
  insertPersonMessage,
  insertWebchatMessage,
  type WebchatMessage,
  webchatBodiesWith,
  webchatErasedSince,
  webchatLast,
  webchatMessages,
  webchatPage,
  webchatSince,
} from '../core/store/webchat.ts';
import type { Core } from '../core/unit.ts';
import { LiveHub } from './live-hub.ts';
import { type Line, mentionsMedia, personBody, personId, toLine } from './webchat-line.ts';

export type { WebchatLimits } from '../bots/webchat/limits.ts';
export type { Posted } from '../bots/webchat/parse.ts';
export type { MediaReference, RenderedBlock, RenderedMessage } from '../bots/webchat/render.ts';
export type { Line, PersonLine, WiciLine } from './webchat-line.ts';

/** Nobody takes posts: the adapter is not connected yet, or no longer. The page offers to try again. */
export class NobodyListens extends Error {
  override readonly name = 'NobodyListens';
}

type Take = (externalId: string, posted: Posted) => Promise<void>;
type Work = (db: Db) => Promise<boolean>;

interface Write {
  readonly externalId: string;
  readonly work: Work;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * The platform behind the web chat: transcripts in the database, a bell for open pages, and the way in for what they post.
 * Presses of buttons are handed on and never written down: what a person chose stands in no transcript.
 */
export class WebchatHub implements WebchatPlatform {
  readonly limits = limits;
  readonly #core: Core;
  readonly #tell: ((externalId: string) => void) | null;
  /** Rung for each changed transcript, by its address. */
  readonly bells = new LiveHub();
  readonly #persons = new Serial();
  readonly #inHand = new Set<Promise<void>>();
  /** The moment of a post still being taken: answers to it stand after it. */
  readonly #floors = new Map<string, number>();
  readonly #closing = new AbortController();
  #take: Take | null = null;
  #writes: Write[] = [];
  #writing = false;

  /** With several processes `tell` hears of each transcript changed here: pages may be open on it elsewhere. */
  constructor(core: Core, tell: ((externalId: string) => void) | null = null) {
    // Every open chat listens for it.
    setMaxListeners(0, this.#closing.signal);
    this.#core = core;
    this.#tell = tell;
  }

  append(externalId: string, id: string, message: RenderedMessage): Promise<void> {
    const body = JSON.stringify(withoutPassing(message));
    return this.#write(externalId, (db) => {
      const at = Math.max(this.#core.clock.now(), (this.#floors.get(externalId) ?? 0) + 1);
      return insertWebchatMessage(db, { id, external_id: externalId, from: 'wici', body, at });
    });
  }

  edit(externalId: string, id: string, message: RenderedMessage): Promise<void> {
    const body = JSON.stringify(withoutPassing(message));
    return this.#write(externalId, (db) => editWebchatMessage(db, externalId, id, body));
  }

  listen(take: Take): () => Promise<void> {
    this.#take = take;
    return async () => {
      if (this.#take === take) this.#take = null;
      await Promise.allSettled(this.#inHand);
    };
  }

  /** Hands a page's post on; resolves once it is durably taken. Rejects with NobodyListens or the taker's error: not taken. */
  async post(externalId: string, posted: Posted): Promise<void> {
    const work = this.#persons.run(externalId, () => this.#postNow(externalId, posted));
    this.#inHand.add(work);
    try {
      await work;
    } finally {
      this.#inHand.delete(work);
    }
  }

  /** The newest `limit` lines, those before the moment `before` when given; oldest first. */
  async page(externalId: string, limit: number, before?: number): Promise<Line[]> {
    return this.#lines(externalId, await webchatPage(this.#core.db, externalId, limit, before));
  }

  /** Lines added or changed after `position`, in the order it happened. */
  async since(externalId: string, position: number, limit: number): Promise<Line[]> {
    return this.#lines(externalId, await webchatSince(this.#core.db, externalId, position, limit));
  }

  /** Whether what was said up to `position` was erased. */
  erasedSince(externalId: string, position: number): Promise<boolean> {
    return webchatErasedSince(this.#core.db, externalId, position);
  }

  /** Where the transcript ends now. */
  async position(externalId: string): Promise<number> {
    return (await webchatLast(this.#core.db, externalId)).position;
  }

  /** One line of this transcript. */
  async line(externalId: string, id: string): Promise<Line | null> {
    const [row] = await webchatMessages(this.#core.db, externalId, [id]);
    return row ? this.#wholeLine(row) : null;
  }

  /** A picture or file, if Wici showed it in this transcript. */
  async media(externalId: string, id: string): Promise<Media | null> {
    if (!/^[A-Za-z0-9]{1,64}$/.test(id)) return null;
    const bodies = await webchatBodiesWith(this.#core.db, externalId, id);
    if (!bodies.some((body) => mentionsMedia(body, id))) return null;
    return loadMedia(this.#core.db, id).catch(() => null);
  }

  /** Rings after each change of this transcript until the returned function is called. */
  subscribe(externalId: string, bell: () => void): () => void {
    return this.bells.subscribe([externalId], bell);
  }

  /** Aborted when the program stops: open streams end. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  close(): void {
    this.#closing.abort();
  }

  async #postNow(externalId: string, posted: Posted): Promise<void> {
    const take = this.#take;
    if (!take) throw new NobodyListens();
    const last = await webchatLast(this.#core.db, externalId);
    const at = Math.max(this.#core.clock.now(), last.at + 1);
    this.#floors.set(externalId, at);
    try {
      await take(externalId, posted);
      if (posted.kind !== 'message') return;
      const row = { id: personId(externalId, posted.id), external_id: externalId, at };
      const body = personBody(posted);
      await this.#write(externalId, (db) => insertPersonMessage(db, { ...row, from: 'person', body }));
    } finally {
      this.#floors.delete(externalId);
    }
  }

  async #lines(externalId: string, rows: readonly WebchatMessage[]): Promise<Line[]> {
    const lines = await Promise.all(rows.map((row) => this.#wholeLine(row)));
    const wanted = lines.flatMap((line) => line.replyTo ?? []);
    const quoted = await webchatMessages(this.#core.db, externalId, [...new Set(wanted)]);
    const byId = new Map(quoted.map((row) => [row.id, toLine(row)]));
    return lines.map((line) => {
      const quote = line.replyTo === undefined ? undefined : byId.get(line.replyTo);
      return quote ? { ...line, quote } : line;
    });
  }

  /** A line with what was left out of the row as passing, as it is now. */
  async #wholeLine(row: WebchatMessage): Promise<Line> {
    const line = toLine(row);
    if (line.from !== 'wici' || !line.message.passing) return line;
    const delivery = await findDelivery(this.#core.db, row.id);
    if (!delivery?.account_id) return line;
    const { language } = line.message;
    const adapter = { capabilities: webchatCapabilities };
    const addressed = { delivery, to: { id: delivery.account_id }, language, adapter };
    const [message] = await composeMessages(this.#core, [addressed]);
    return message ? { ...line, message: render(message) } : line;
  }

  /** Writes that come together share a transaction: a broadcast is a few commits, not one a message. */
  #write(externalId: string, work: Work): Promise<void> {
    return new Promise((done, failed) => {
      this.#writes.push({ externalId, work, done, failed });
      void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    while (this.#writes.length > 0) {
      // One turn of the loop later, so that what is being sent at once is here.
      await new Promise((turn) => setImmediate(turn));
      const batch = this.#writes.slice(0, 100);
      this.#writes = this.#writes.slice(100);
      await this.#commit(batch);
    }
    this.#writing = false;
  }

  async #commit(batch: readonly Write[]): Promise<void> {
    try {
      const changed = await this.#core.transaction(async ({ db }) => {
        if (this.#tell) await lockTranscripts(db, [...new Set(batch.map((write) => write.externalId))]);
        const results: boolean[] = [];
        for (const { work } of batch) results.push(await work(db));
        return results;
      });
      for (const [index, { externalId, done }] of batch.entries()) {
        done();
        if (!changed[index]) continue;
        this.bells.publish(externalId);
        this.#tell?.(externalId);
      }
    } catch (error) {
      if (batch.length === 1) return batch[0]?.failed(error);
      // One bad message must not take the others with it.
      for (const write of batch) await this.#commit([write]);
    }
  }
}
