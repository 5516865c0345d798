import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { projectRoot } from '../../runtime/paths.ts';

const types = {
  'chat.js': 'text/javascript; charset=utf-8',
  'chat.css': 'text/css; charset=utf-8',
} as const;
type Name = keyof typeof types;

interface ClientFile {
  readonly body: string;
  readonly hash: string;
}

const loaded = new Map<Name, ClientFile>();

function load(name: Name): ClientFile {
  let file = loaded.get(name);
  if (!file) {
    const body = readFileSync(join(projectRoot, 'console/chat/client', name), 'utf8');
    file = { body, hash: createHash('sha256').update(body).digest('base64url').slice(0, 12) };
    loaded.set(name, file);
  }
  return file;
}

/** The address of a file of the page's own; it changes with its content, so browsers may keep it for ever. */
export function clientUrl(name: Name): string {
  return `/chat/client/${name}?v=${load(name).hash}`;
}

export function clientRoutes(): Hono {
  const app = new Hono();
  app.use(compress());
  app.get('/:name{chat\\.(?:js|css)}', (c) => {
    const name = c.req.param('name') as Name;
    const { body, hash } = load(name);
    c.header('Cache-Control', c.req.query('v') === hash ? 'public, max-age=31536000, immutable' : 'no-cache');
    return c.body(body, 200, { 'Content-Type': types[name] });
  });
  return app;
}
