import type { Migration } from 'kysely';
import * as foundation from './0001-foundation.ts';
import * as messengers from './0002-messengers.ts';
import * as threads from './0003-threads.ts';
import * as groups from './0004-groups.ts';
import * as counts from './0005-counts.ts';
import * as processes from './0006-processes.ts';
import * as copies from './0007-copies.ts';
import * as putOff from './0008-put-off.ts';
import * as ways from './0009-ways.ts';

/** Every migration by its name, in order. A name once released is never changed. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-foundation': foundation,
  '0002-messengers': messengers,
  '0003-threads': threads,
  '0004-groups': groups,
  '0005-counts': counts,
  '0006-processes': processes,
  '0007-copies': copies,
  '0008-put-off': putOff,
  '0009-ways': ways,
};
