import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChannelName } from '../../../core/channels/channel-name.ts';
import { projectRoot } from '../../../runtime/paths.ts';

/** Stands in a manifest where the address people reach Wici at belongs. */
const placeholder = 'https://WICI_ADDRESS';
const manifestName = /^manifest(-[a-z]+)?\.yaml$/;

export interface Manifest {
  readonly name: string;
  /** With our address filled in. */
  readonly text: string;
}

/** The app descriptions a messenger's folder offers for pasting, "manifest.yaml" first; none when it has none. */
export function manifestsOf(channel: ChannelName, url: string): Manifest[] {
  const folder = join(projectRoot, 'bots', channel);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => manifestName.test(name))
    .sort((a, b) => a.length - b.length || a.localeCompare(b, 'en'))
    .map((name) => ({
      name,
      text: readFileSync(join(folder, name), 'utf8').replaceAll(placeholder, url),
    }));
}
