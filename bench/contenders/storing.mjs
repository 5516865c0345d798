// What the two floors of storing share: a database of Wici's own tables, tokens, hundreds.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../dist/runtime/database.js';
import { sqliteDriver } from '../../dist/runtime/sqlite-driver.js';
import { card } from './serve.mjs';

/** A file of its own with Wici's tables; gone with the process. */
export async function emptyFile() {
  const folder = mkdtempSync(join(tmpdir(), 'wici-bench-floor-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'wici.db');
  const migrated = openDatabase(file);
  await migrated.migrate();
  await migrated.close();
  return file;
}

/** Every commit synced. */
export function open(file) {
  const database = new (sqliteDriver())(file);
  database.pragma('synchronous = FULL');
  return database;
}

/** Of the n-th message of a broadcast: sorted by time of making, as Wici's are. */
export function tokenOf(broadcast, n) {
  const made = `${String(broadcast).padStart(2, '0')}${String(n).padStart(5, '0')}`;
  return made + randomBytes(9).toString('base64url').slice(0, 9);
}

export function buttonsOf(token) {
  const [confirm, reply] = card.buttons;
  return [
    { ...confirm, callback_data: `${token}:confirm` },
    { ...reply, callback_data: `${token}:reply` },
  ];
}

export function hundredsOf(rows) {
  return Array.from({ length: Math.ceil(rows.length / 100) }, (_, n) => rows.slice(n * 100, n * 100 + 100));
}

/** `work` for each hundred, four of them under way. */
export async function fourAtOnce(hundreds, work) {
  const left = hundreds.values();
  const line = async () => {
    for (const hundred of left) await work(hundred);
  };
  await Promise.all([line(), line(), line(), line()]);
}
