import { streamSSE } from 'hono/streaming';
import { type App, staffView } from '../context.ts';

const topicPattern = /^[a-z]+(?::[0-9A-Za-z]+)?$/;
/** A page asks for itself at most this often, however fast its figures move. */
const restMs = 500;
const heartbeatMs = 20_000;

/** The stream behind live pages: says "changed" when a topic of the page changed; the page then asks for its parts again. */
export function livePage(app: App): void {
  app.get('/live', (c) => {
    const { live } = staffView(c).deps;
    const topics = (c.req.query('topics') ?? '').split(',').filter((t) => topicPattern.test(t));
    return streamSSE(c, async (stream) => {
      let dirty = true;
      let wake: () => void = () => undefined;
      const leave = live.subscribe(topics, () => {
        dirty = true;
        wake();
      });
      stream.onAbort(() => {
        leave();
        wake();
      });
      try {
        while (!stream.aborted) {
          const said = dirty;
          dirty = false;
          if (said) await stream.writeSSE({ event: 'changed', data: '1' });
          else await stream.write(': still here\n\n');
          await stream.sleep(restMs);
          if (!dirty && !stream.aborted) {
            await new Promise<void>((done) => {
              const timer = setTimeout(done, heartbeatMs);
              wake = () => {
                clearTimeout(timer);
                done();
              };
            });
          }
        }
      } finally {
        leave();
      }
    });
  });
}
