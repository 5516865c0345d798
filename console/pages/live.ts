import { getCookie } from 'hono/cookie';
import { streamSSE } from 'hono/streaming';
import { sessionMember } from '../../core/sign-in/sign-in.ts';
import { type App, sessionCookie, staffView } from '../context.ts';

const topicPattern = /^[a-z]+(?::[0-9A-Za-z]+)?$/;
/** A page asks for itself at most this often, however fast its figures move. */
const restMs = 1000;
const heartbeatMs = 20_000;
/** How long a stream goes on by itself after its reader signed out. */
const recheckMs = 20_000;

/** The stream behind live pages: says "changed" when a topic of the page changed; the page then asks for its parts again. */
export function livePage(app: App): void {
  app.get('/live', (c) => {
    const { live, core } = staffView(c).deps;
    const session = getCookie(c, sessionCookie) ?? '';
    let known = performance.now();
    /** Looked up again now and then: who signed out or is of the staff no more hears nothing more. */
    const mayStay = async () => {
      if (performance.now() - known < recheckMs) return true;
      known = performance.now();
      return (await sessionMember(core.db, session, core.clock.now())) !== null;
    };
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
        while (!stream.aborted && (await mayStay())) {
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
