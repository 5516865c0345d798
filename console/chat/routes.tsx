import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import { HTTPException } from 'hono/http-exception';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { languageFromTag } from '../../core/language.ts';
import type { Posted } from '../../runtime/webchat-hub.ts';
import { ownForms, pageHeaders } from '../security.ts';
import { clientRoutes } from './client-files.ts';
import { ChatPage, Lines, ProblemPage } from './components/page.tsx';
import type { ChatDeps } from './deps.ts';
import { mediaResponse } from './media.ts';
import { postReader } from './posts.ts';
import { ensureSession, findSession, findStart, forgetStart, rememberStart } from './session.ts';
import { OpenStreams, streamLines } from './stream.tsx';
import { type ChatView, chatView, spokenLanguage } from './view.ts';

type Problem = 'tooFast' | 'tooLong' | 'session' | 'malformed' | 'unavailable' | 'notFound';
type Status = 400 | 401 | 404 | 413 | 429 | 503;

const pageSize = 30;
const codePattern = /^[A-Za-z0-9]{4,64}$/;

/** Stands in when the network itself cannot be read. */
const nameless = { name: 'Wici', timeZone: 'Europe/Warsaw', language: 'pl' } as const;

/** The web chat's pages, everything under /chat. */
export function chatRoutes(deps: ChatDeps): Hono {
  const app = new Hono();
  const { limits } = deps.hub;
  const reader = postReader(limits);
  const limiter = new RateLimiterMemory({ points: limits.postsPerHalfMinute, duration: 30 });
  const streams = new OpenStreams();
  const chat = new Hono();

  chat.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    deps.log?.error({ err: error, path: c.req.routePath }, 'the web chat could not answer');
    return refuse(deps, c, 503, 'unavailable');
  });
  chat.use(pageHeaders());
  chat.use(ownForms(deps.publicUrl));
  chat.use(bodyLimit({ maxSize: limits.postBytes, onError: (c) => refuse(deps, c, 413, 'tooLong') }));

  chat.get('/', async (c) => {
    const code = c.req.query('i');
    const externalId = await ensureSession(c, deps);
    if (code !== undefined) {
      if (codePattern.test(code)) await rememberStart(c, deps, code);
      return c.redirect('/chat', 303);
    }
    const starting = (await findStart(c, deps)) !== null;
    c.header('Cache-Control', 'no-store');
    return c.html(await pageOf(deps, c, externalId, starting));
  });

  chat.get('/older', signedIn(deps), async (c) => {
    const externalId = sessionOf(c);
    const lines = await deps.hub.page(externalId, pageSize + 1, number(c.req.query('before')));
    c.header('Cache-Control', 'no-store');
    c.header('X-Older', lines.length > pageSize ? '1' : '0');
    return c.html(<Lines view={await viewOf(deps, c, externalId)} lines={lines.slice(-pageSize)} />);
  });

  chat.get('/events', signedIn(deps), async (c) => {
    const externalId = sessionOf(c);
    const after = number(c.req.header('last-event-id') ?? c.req.query('after'));
    if (!streams.open(externalId)) return refuse(deps, c, 429, 'tooFast');
    try {
      const view = await viewOf(deps, c, externalId);
      const position = after ?? (await deps.hub.position(externalId));
      return streamLines(c, deps, view, { externalId, position, ended: () => streams.close(externalId) });
    } catch (error) {
      streams.close(externalId);
      throw error;
    }
  });

  chat.get('/media/:id', signedIn(deps), async (c) => {
    const media = await deps.hub.media(sessionOf(c), c.req.param('id') ?? '');
    return media ? mediaResponse(media) : refuse(deps, c, 404, 'notFound');
  });

  const take =
    (read: (body: unknown, c: Context) => Promise<Posted | null> | Posted | null) => async (c: Context) => {
      const externalId = sessionOf(c);
      const wait = await limiter.consume(externalId).then(
        () => 0,
        (over: RateLimiterRes) => over.msBeforeNext,
      );
      if (wait > 0) {
        c.header('Retry-After', String(Math.ceil(wait / 1000)));
        return refuse(deps, c, 429, 'tooFast');
      }
      const posted = await read(await bodyOf(c), c);
      if (!posted) return refuse(deps, c, 400, 'malformed');
      const before = await deps.hub.position(externalId);
      const hint = c.req.header('accept-language')?.split(',')[0]?.split(';')[0]?.trim();
      try {
        await deps.hub.post(externalId, hint ? { ...posted, languageHint: hint } : posted);
      } catch (error) {
        deps.log?.error({ err: error }, 'a post was not taken');
        return refuse(deps, c, 503, 'unavailable');
      }
      if (posted.kind === 'open') forgetStart(c);
      if (isScript(c)) return c.body(null, 204);
      await answered(deps, externalId, before + (posted.kind === 'message' ? 1 : 0));
      return c.redirect('/chat#composer', 303);
    };

  chat.post('/messages', signedIn(deps), take(reader.message));
  chat.post('/actions', signedIn(deps), take(reader.action));
  chat.post(
    '/open',
    signedIn(deps),
    take(async (body, c) => reader.open(body, (await findStart(c, deps)) ?? '')),
  );

  app.route('/chat/client', clientRoutes());
  app.route('/chat', chat);
  return app;
}

async function pageOf(deps: ChatDeps, c: Context, externalId: string, starting: boolean) {
  const before = number(c.req.query('before'));
  const reply = c.req.query('reply');
  // Asked first: what comes while the page is made is told again by the stream.
  const position = await deps.hub.position(externalId);
  const lines = await deps.hub.page(externalId, pageSize + 1, before);
  const opening = before === undefined && (starting || lines.length === 0);
  const view = await viewOf(deps, c, externalId);
  const replyTo = reply === undefined ? null : await deps.hub.line(externalId, reply);
  const past = before !== undefined;
  const older = lines.length > pageSize;
  const shown = lines.slice(-pageSize);
  return html`<!doctype html>${<ChatPage {...{ view, lines: shown, older, past, opening, replyTo, position }} />}`;
}

/** Refuses who has no conversation; the rest find its address under 'externalId'. */
function signedIn(deps: ChatDeps): MiddlewareHandler {
  return async (c, next) => {
    const externalId = await findSession(c, deps);
    if (externalId === null) return refuse(deps, c, 401, 'session');
    c.set('externalId', externalId);
    return next();
  };
}

function sessionOf(c: Context): string {
  const externalId: unknown = c.get('externalId');
  if (typeof externalId !== 'string') throw new Error('a conversation was asked for before its session');
  return externalId;
}

/** Speaks as Wici spoke last in this conversation, else as the browser asks, else as the network does. */
async function viewOf(deps: ChatDeps, c: Context, externalId: string | null): Promise<ChatView> {
  const network = await deps.network();
  const spoken = externalId === null ? null : spokenLanguage(await deps.hub.page(externalId, 20));
  const asked = languageFromTag(c.req.header('accept-language')?.split(',')[0]);
  return chatView(deps, network, spoken ?? asked ?? network.language);
}

async function refuse(deps: ChatDeps, c: Context, status: Status, problem: Problem): Promise<Response> {
  const view = await viewOf(deps, c, await findSession(c, deps)).catch(() => chatView(deps, nameless, 'pl'));
  if (isScript(c)) return c.json({ message: view.t(`problems.${problem}`) }, status);
  return c.html(html`<!doctype html>${<ProblemPage view={view} problem={problem} />}`, status);
}

/** Waits up to 1.5 s for Wici's answer, so that a browser without the page's script finds it on the next page. */
async function answered(deps: ChatDeps, externalId: string, beyond: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(finish, 1500);
    const unsubscribe = deps.hub.subscribe(externalId, look);
    function finish() {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    }
    function look() {
      deps.hub.position(externalId).then((position) => position > beyond && finish(), finish);
    }
    look();
  });
}

const isScript = (c: Context) => c.req.header('content-type')?.startsWith('application/json') ?? false;

async function bodyOf(c: Context): Promise<unknown> {
  try {
    return isScript(c) ? await c.req.json() : await c.req.parseBody({ all: true });
  } catch {
    return null;
  }
}

function number(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,16}$/.test(value) ? Number(value) : undefined;
}
