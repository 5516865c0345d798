import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { Line } from '../../runtime/webchat-hub.ts';
import { LineView } from './components/line.tsx';
import type { ChatDeps } from './deps.ts';
import { type ChatView, inLanguageOf, spokenLanguage } from './view.ts';

const batch = 50;

/** Tabs and devices of one conversation that hear it live; more would be a fault or an attack. */
const mostStreams = 20;

/** How many streams each conversation has open. */
export class OpenStreams {
  readonly #open = new Map<string, number>();

  /** False when it has as many as it may. */
  open(externalId: string): boolean {
    const open = this.#open.get(externalId) ?? 0;
    if (open >= mostStreams) return false;
    this.#open.set(externalId, open + 1);
    return true;
  }

  close(externalId: string): void {
    const open = (this.#open.get(externalId) ?? 1) - 1;
    if (open > 0) this.#open.set(externalId, open);
    else this.#open.delete(externalId);
  }
}

export interface Reading {
  readonly externalId: string;
  /** Told is what was added or changed after it. */
  readonly position: number;
  readonly ended: () => void;
}

/**
 * The live stream of one conversation: every line added or changed after `position`, as the page's own markup, each with
 * the new position as its event id. A page that comes back names the last id it saw and gets the rest. What was erased is
 * told as well, so that no open page goes on showing it.
 */
export function streamLines(
  c: Context,
  deps: ChatDeps,
  view: ChatView,
  { externalId, position, ended }: Reading,
): Response {
  const { hub, heartbeatMs = 15_000 } = deps;
  c.header('Cache-Control', 'no-store, no-transform');
  c.header('X-Accel-Buffering', 'no');
  const tell = async (stream: SSEStreamingApi) => {
    const bell = new Bell();
    const close = () => bell.close();
    const unsubscribe = hub.subscribe(externalId, () => bell.ring());
    stream.onAbort(close);
    hub.closing.addEventListener('abort', close);
    if (hub.closing.aborted) close();
    try {
      await stream.writeSSE({ event: 'hello', data: '', retry: 1500 });
      let last = position;
      let spoken = view;
      const forget = async () => {
        if (!(await hub.erasedSince(externalId, last))) return;
        last = 0;
        await stream.writeSSE({ event: 'erased', data: '' });
      };
      while (!bell.closed) {
        const lines = await hub.since(externalId, last, batch);
        // Positions mostly follow each other; those of an erased transcript never do.
        if (lines[0] && lines[0].position > last + 1) await forget();
        spoken = inLanguageOf(spoken, spokenLanguage(lines) ?? spoken.language);
        for (const line of lines) {
          last = line.position;
          await stream.writeSSE({ event: 'line', id: String(last), data: await html(spoken, line) });
        }
        if (lines.length === 0 && !(await bell.wait(heartbeatMs))) {
          await forget();
          await stream.writeSSE({ event: 'beat', data: '' });
        }
      }
    } finally {
      ended();
      unsubscribe();
      hub.closing.removeEventListener('abort', close);
    }
  };
  // A stream that breaks is opened anew by its page and catches up: nothing to do here but to end.
  return streamSSE(c, tell, async () => undefined);
}

async function html(view: ChatView, line: Line): Promise<string> {
  return String(await (<LineView view={view} line={line} />));
}

/** Remembers a ring until somebody waits for it. */
class Bell {
  closed = false;
  #rung = false;
  #wake: (() => void) | null = null;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  close(): void {
    this.closed = true;
    this.ring();
  }

  /** True when rung, false when `ms` passed in silence. */
  async wait(ms: number): Promise<boolean> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = null;
    const rung = this.#rung;
    this.#rung = false;
    return rung;
  }
}
