import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { projectRoot } from '../runtime/paths.ts';

interface Asset {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly hash: string;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Files of packages; several are served as one, in this order. */
const borrowed: Readonly<Record<string, string | readonly string[]>> = {
  'theme.css': '@digdir/designsystemet-theme/src/themes/designsystemet.css',
  'design.css': '@digdir/designsystemet-css/dist/src/index.css',
  'inter-latin.woff2': '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  'inter-latin-ext.woff2': '@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2',
  // In one file: htmx looks over the page once, soon after it has loaded; an extension that came later would find its parts looked over.
  'htmx.js': ['htmx.org/dist/htmx.min.js', 'htmx.org/dist/ext/hx-sse.min.js'],
};

let loaded: ReadonlyMap<string, Asset> | null = null;

function assets(): ReadonlyMap<string, Asset> {
  loaded ??= loadAssets();
  return loaded;
}

function loadAssets(): ReadonlyMap<string, Asset> {
  const own = join(projectRoot, 'console', 'assets');
  const files = [
    ...Object.entries(borrowed).map(
      ([name, paths]) =>
        [name, [paths].flat().map((path) => join(projectRoot, 'node_modules', path))] as const,
    ),
    ...readdirSync(own).map((name) => [name, [join(own, name)]] as const),
  ];
  return new Map(
    files.map(([name, paths]) => {
      const body = new Uint8Array(Buffer.concat(paths.map((path) => readFileSync(path))));
      const hash = createHash('sha256').update(body).digest('base64url').slice(0, 12);
      return [name, { body, hash, type: types[extname(name)] ?? 'application/octet-stream' }];
    }),
  );
}

/** The address of a static file; it changes with its content, so browsers may keep it for ever. */
export function assetUrl(name: string): string {
  const asset = assets().get(name);
  if (!asset) throw new Error(`no asset ${name}`);
  return `/assets/${name}?v=${asset.hash}`;
}

export function assetRoutes(): Hono {
  const app = new Hono();
  app.use(compress());
  app.get('/:name', (c) => {
    const asset = assets().get(c.req.param('name'));
    if (!asset) return c.notFound();
    const etag = `"${asset.hash}"`;
    const lasting = c.req.query('v') === asset.hash;
    c.header('ETag', etag);
    c.header('Cache-Control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (c.req.header('if-none-match')?.includes(etag)) return c.body(null, 304);
    c.header('Content-Type', asset.type);
    return c.body(asset.body);
  });
  return app;
}
