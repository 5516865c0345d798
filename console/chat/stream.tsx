import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { Line } from '../../runtime/webchat-hub.ts';
import { LineView } from './components/line.tsx';
import type { ChatDeps } from './deps.ts';
import { type ChatView, inLanguageOf, spokenLanguage } from './view.ts';

const batch = 50;

/**
 * The live stream of one conversation: every line added or changed after `position`, as the page's own markup, each with
 * the new position as its event id. A page that comes back names the last id it saw and gets the rest.
 */
export function streamLines(
  c: Context,
  deps: ChatDeps,
  view: ChatView,
  externalId: string,
  position: number,
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
      while (!bell.closed) {
        const lines = await hub.since(externalId, last, batch);
        spoken = inLanguageOf(spoken, spokenLanguage(lines) ?? spoken.language);
        for (const line of lines) {
          last = line.position;
          await stream.writeSSE({ event: 'line', id: String(last), data: await html(spoken, line) });
        }
        if (lines.length === 0 && !(await bell.wait(heartbeatMs))) {
          await stream.writeSSE({ event: 'beat', data: '' });
        }
      }
    } finally {
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
