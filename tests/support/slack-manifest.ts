import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../runtime/paths.ts';

const manifest = readFileSync(join(projectRoot, 'bots', 'slack', 'manifest.yaml'), 'utf8');
const [, list = ''] = /scopes:\n\s+bot:\n((?:\s+- \S+\n)+)/.exec(manifest) ?? [];

/** What an app made from the ready-made manifest may do. */
export const manifestScopes: readonly string[] = [...list.matchAll(/- (\S+)/g)].map(
  ([, scope = '']) => scope,
);
