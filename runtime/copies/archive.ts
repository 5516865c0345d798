import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import { type Batch, type Batches, differences, type Sums, Tally, tallied, until } from './batch.ts';

/**
 * A backup's file: gzip over lines of JSON. The first line is the header; then for each table a line that names it with its
 * columns, and a line a row; the last line has every table's count and checksum and the SHA-256 of all lines before it.
 */
const format = 1;

const headers = z.object({
  wiciBackup: z.number().int().positive(),
  version: z.string(),
  migration: z.string(),
  database: z.enum(['sqlite', 'postgres']),
  takenAt: z.number(),
  secret: z.string(),
});
const tables = z.object({ table: z.string(), columns: z.array(z.string()) });
const ends = z.object({
  tables: z.record(z.string(), z.object({ rows: z.number(), digest: z.string() })),
  sha256: z.string(),
});

/** What is known of a backup as a whole. */
export interface Header {
  /** Of the program that made it. */
  readonly version: string;
  readonly migration: string;
  readonly database: 'sqlite' | 'postgres';
  /** Epoch ms. */
  readonly takenAt: number;
  /** The installation's own: people's web chats open by it. */
  readonly secret: string;
}

/** The file is not a backup, not all of one, or damaged. */
export class ArchiveFault extends Error {
  override readonly name = 'ArchiveFault';
}

/** Writes a new file, for its owner only, and brings it to the disk; returns what it holds. */
export async function writeArchive(file: string, header: Header, batches: Batches): Promise<Sums> {
  const tally = new Tally();
  await pipeline(
    textOf(header, tallied(batches, tally), tally),
    createGzip({ level: 5 }),
    createWriteStream(file, { flags: 'wx', mode: 0o600 }),
  );
  await bringToDisk(file);
  return tally.sums();
}

/** What was written to a file, or into a folder, survives a power cut from here on. */
export async function bringToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}

async function* textOf(header: Header, batches: Batches, tally: Tally): AsyncGenerator<string> {
  const sum = createHash('sha256');
  const summed = (text: string) => {
    sum.update(text);
    return text;
  };
  yield summed(`${JSON.stringify({ wiciBackup: format, ...header })}\n`);
  let last: string | null = null;
  for await (const { table, columns, lines } of batches) {
    if (table !== last) yield summed(`${JSON.stringify({ table, columns })}\n`);
    last = table;
    if (lines.length > 0) yield summed(`${lines.join('\n')}\n`);
  }
  yield `${JSON.stringify({ tables: tally.sums(), sha256: sum.digest('hex') })}\n`;
}

/** Reads the whole backup through and compares it with its own checksums. Throws ArchiveFault when anything is amiss. */
export async function checkArchive(
  file: string,
  stop?: AbortSignal,
): Promise<{ header: Header; sums: Sums }> {
  const header = await readHeader(file);
  const tally = new Tally();
  let sums: Sums = {};
  const keep = (end: Sums) => {
    sums = end;
  };
  for await (const batch of until(readArchive(file, keep), stop)) tally.add(batch);
  if (differences(sums, tally.sums()).length > 0) throw new ArchiveFault('its tables are not what they were');
  return { header, sums };
}

/** The rows of a backup. Throws ArchiveFault at the end when something was missing or changed. */
export async function* readArchive(
  file: string,
  end: (sums: Sums) => void = () => undefined,
): AsyncGenerator<Batch> {
  const sum = createHash('sha256');
  let table: z.infer<typeof tables> | null = null;
  let lines: string[] = [];
  let ended: string | null = null;
  for await (const line of linesOf(file)) {
    if (ended !== null) throw new ArchiveFault('something follows its end');
    if (line.startsWith('{"tables"')) {
      ended = line;
      continue;
    }
    sum.update(`${line}\n`);
    if (line.startsWith('{"wiciBackup"')) continue;
    if (line.startsWith('{"table"')) {
      if (table) yield { ...table, lines };
      table = parsed(tables, line);
      lines = [];
      continue;
    }
    if (!table) throw new ArchiveFault('a row belongs to no table');
    lines.push(line);
    if (lines.length < together && line.length < largeLine) continue;
    yield { ...table, lines };
    lines = [];
  }
  if (table) yield { ...table, lines };
  if (ended === null) throw new ArchiveFault('its end is missing');
  const { tables: sums, sha256 } = parsed(ends, ended);
  if (sha256 !== sum.digest('hex')) throw new ArchiveFault('its checksum is another');
  end(sums);
}

const together = 250;
/** A row with a whole file in it goes on by itself. */
const largeLine = 100_000;

/** The first line. A backup in a format this program does not know has a newer number in it: `newer`. */
export async function readHeader(file: string): Promise<Header> {
  for await (const line of linesOf(file)) {
    const { wiciBackup, ...header } = parsed(headers, line);
    return wiciBackup > format ? { ...header, migration: `format ${wiciBackup}` } : header;
  }
  throw new ArchiveFault('it is empty');
}

function parsed<T>(schema: z.ZodType<T>, line: string): T {
  try {
    return schema.parse(JSON.parse(line));
  } catch (cause) {
    throw new ArchiveFault('a line is not its own', { cause });
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const text = createGunzip();
  // An error of the file is one of the text; ending early ends both.
  pipeline(createReadStream(file), text).catch(() => undefined);
  try {
    let rest: Buffer[] = [];
    for await (const chunk of text as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        rest.push(chunk.subarray(from, at));
        yield Buffer.concat(rest).toString();
        rest = [];
        from = at + 1;
      }
      rest.push(chunk.subarray(from));
    }
    if (rest.some((part) => part.length > 0)) throw new ArchiveFault('its last line is not whole');
  } catch (error) {
    const { code } = error as { code?: string };
    if (code?.startsWith('Z_')) throw new ArchiveFault('it cannot be unpacked', { cause: error });
    throw error;
  }
}
