import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sql } from 'kysely';
import {
  announcementCompanies,
  announcementReport,
  createAnnouncement,
  listAnnouncements,
  unconfirmedPeople,
} from '../core/announcements/index.ts';
import { sendAnnouncement } from '../core/announcements/send.ts';
import { audienceReach } from '../core/audiences/reach.ts';
import { listCompanies } from '../core/companies/list.ts';
import { sweep } from '../core/deliveries/sweep.ts';
import { listMembers } from '../core/members/view.ts';
import { seedNetwork } from '../core/network/seed.ts';
import { resultsByGroup } from '../core/polls/groups.ts';
import { pollResults } from '../core/polls/results.ts';
import { listReplies } from '../core/replies/list.ts';
import type { Core } from '../core/unit.ts';
import { createCore } from '../runtime/core.ts';
import { type Database, openDatabase } from '../runtime/database.ts';
import { loadTexts } from '../runtime/i18n.ts';
import { systemClock, systemIds } from '../runtime/ids.ts';
import { type Findings, figure, median } from './figures.ts';
import { type MadeNetwork, makeNetwork } from './network.ts';

interface Options {
  readonly quick: boolean;
  readonly say: (line: string) => void;
}

interface Size {
  readonly kind: Database['kind'];
  readonly members: number;
  readonly subjects: number;
}

/** What was measured, and at each size how many milliseconds. */
type Column = Map<string, number>;

const sizes: readonly Size[] = [
  { kind: 'sqlite', members: 100, subjects: 10 },
  { kind: 'sqlite', members: 10_000, subjects: 10 },
  { kind: 'sqlite', members: 100_000, subjects: 10 },
  { kind: 'sqlite', members: 1_000_000, subjects: 10 },
  { kind: 'postgres', members: 10_000, subjects: 10 },
  { kind: 'postgres', members: 1_000_000, subjects: 10 },
];

const postgres = () => process.env.WICI_BENCH_POSTGRES;
const only = () => process.env.WICI_BENCH_MEMBERS;

/** How long what people wait for takes in a network of a hundred, ten thousand, a million. */
export async function scale({ quick, say }: Options): Promise<Findings> {
  const chosen = sizes
    .filter((s) => !quick || s.members <= 10_000)
    .filter((s) => s.kind === 'sqlite' || postgres() !== undefined)
    .filter((s) => only() === undefined || String(s.members) === only());
  const columns: Column[] = [];
  for (const size of chosen) columns.push(await measureSize(size, say));
  const names = [...(columns[0]?.keys() ?? [])];
  const of = (name: string) => columns.map((c) => c.get(name) ?? Number.NaN);
  const most = (name: string) => Math.max(...of(name));
  const held = (goal: string, name: string, limit: number, unit = 'ms') => ({
    goal: `${goal} < ${limit} ${unit} at every size`,
    found: `${figure(most(name))} ${unit} at most`,
    held: most(name) < limit,
  });
  return {
    title: '5. Scale',
    tables: [
      {
        head: ['median of nine', ...chosen.map(headOf)],
        rows: names.map((name) => [name, ...of(name).map(figure)]),
      },
    ],
    goals: [
      held('report', reportName, 50),
      held('poll results', resultsName, 50),
      held('start', startName, 2000),
      held('memory the fan-out takes', memoryName, 64, 'MB'),
      held('audience preview', previewName, 500),
    ],
    notes: [
      'Each network is made by bench/network.ts, the same each time: as many members as said, ten subjects sent to all of them.',
      'Milliseconds unless said otherwise. PostgreSQL only with WICI_BENCH_POSTGRES=postgres://… of a server whose user may create databases; WICI_BENCH_MEMBERS=100 measures one size alone.',
    ],
  };
}

const headOf = ({ kind, members, subjects }: Size) =>
  `${kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'}, ${members.toLocaleString('en')} members, ${(members * subjects).toLocaleString('en')} deliveries`;

const startName = 'start: open, migrate, seed, first sweep';
const reportName = 'announcement report';
const resultsName = 'poll results with branches';
const previewName = 'audience preview: everybody';
const memoryName = 'fan-out to all: memory at most, MB over the beginning';
const keptName = 'fan-out to all: heap still in use after it, MB over the beginning';

async function measureSize(size: Size, say: (line: string) => void): Promise<Column> {
  const { location, bytes, remove } = await place(size);
  say(headOf(size));
  try {
    const began = performance.now();
    const network = await fill(location, size);
    const column: Column = new Map();
    const start = performance.now();
    const { core, close } = await open(location);
    column.set(startName, performance.now() - start);
    for (const [name, work] of Object.entries(works(core, network))) {
      column.set(name, await timed(work));
      say(`${name}: ${figure(column.get(name) ?? 0)} ms`);
    }
    await fanOutTo(core, size.members, column);
    await close();
    column.set('on disk, MB', (await bytes()) / 1e6);
    say(`done in ${figure((performance.now() - began) / 1000)} s`);
    return column;
  } finally {
    await remove();
  }
}

function works(
  core: Core,
  { announcementId, pollId }: MadeNetwork,
): Readonly<Record<string, () => Promise<unknown>>> {
  const { db } = core;
  const channels = ['telegram', 'webchat'] as const;
  return {
    [reportName]: () => announcementReport(db, announcementId),
    'its companies, the first fifty': () => announcementCompanies(db, announcementId),
    'its unconfirmed, a hundred': () => unconfirmedPeople(db, announcementId, { limit: 100 }),
    [resultsName]: async () => [await pollResults(db, pollId), await resultsByGroup(db, pollId, 'branch')],
    'list of announcements with figures': () => listAnnouncements(db),
    [previewName]: () => audienceReach(db, {}, channels),
    'audience preview: a branch, one language': () =>
      audienceReach(db, { branches: ['ict'], languages: ['pl'] }, channels),
    'audience preview: all but a tag': () => audienceReach(db, { except: { tags: ['t7'] } }, channels),
    'member list, first page': () => listMembers(db),
    'member search: a word of many': () => listMembers(db, { search: 'osoba' }),
    'member search: a word of a few': () => listMembers(db, { search: 'w1077' }),
    'member search: one person': () => listMembers(db, { search: 'n1000077@wici' }),
    'member search: nobody': () => listMembers(db, { search: 'xyzzy' }),
    'member search: by company': () => listMembers(db, { search: 'f100001' }),
    'company search: one': () => listCompanies(db, { search: 'f100001' }),
    'inbox, open replies': () => listReplies(db, { open: true }),
    'sweep with nothing to do': () => sweep(core),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let n = 0; n < 9; n++) {
    const began = performance.now();
    await work();
    taken.push(performance.now() - began);
    // What takes long needs no nine proofs.
    if (taken.length >= 3 && taken.every((t) => t > 1000)) break;
  }
  return median(taken);
}

/** An announcement more, to everybody: how long and how much memory writing it down takes. */
async function fanOutTo(core: Core, members: number, column: Column): Promise<void> {
  const text = { pl: 'Treść', en: 'Text' };
  const { id } = await core.transaction((unit) =>
    createAnnouncement(unit, { title: text, text, confirm: true, urgent: true }, null),
  );
  collect();
  const { rss: before, heapUsed: inUse } = process.memoryUsage();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 100);
  const [began, worked] = [performance.now(), process.cpuUsage()];
  await sendAnnouncement(core, id);
  const took = performance.now() - began;
  const { user, system } = process.cpuUsage(worked);
  clearInterval(watch);
  column.set('fan-out to all: seconds', took / 1000);
  column.set('fan-out to all: microseconds a member', (took * 1000) / members);
  column.set('fan-out to all: of these CPU', (user + system) / members);
  column.set(memoryName, Math.max(0, most - before) / 1e6);
  collect();
  column.set(keptName, (process.memoryUsage().heapUsed - inUse) / 1e6);
}

/** What nobody uses any more is no memory anything takes, only memory V8 has not yet given back. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

async function fill(location: string, { members, subjects }: Size): Promise<MadeNetwork> {
  const { core, database, close } = await open(location);
  if (database.kind === 'sqlite') {
    for (const pragma of ['synchronous = off', 'cache_size = -1000000'])
      await sql.raw(`pragma ${pragma}`).execute(core.db);
  }
  const network = await makeNetwork(core.db, members, subjects, Date.now());
  if (database.kind === 'postgres') await sql`vacuum analyze`.execute(core.db);
  await close();
  return network;
}

async function open(
  location: string,
): Promise<{ core: Core; database: Database; close: () => Promise<void> }> {
  const database = openDatabase(location);
  await database.migrate();
  const core = createCore({
    database,
    clock: systemClock,
    ids: systemIds(systemClock, 'bench'),
    texts: await loadTexts(),
    channels: () => ['telegram', 'webchat'],
    wayIn: () => null,
    hear: () => undefined,
    url: 'http://localhost:8080',
  });
  await core.transaction((unit) => seedNetwork(unit));
  await sweep(core);
  return { core, database, close: () => database.close() };
}

/** A new database to fill, and the way to be rid of it. */
async function place({ kind, members }: Size) {
  if (kind === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'wici-scale-'));
    const file = join(folder, 'wici.db');
    return {
      location: file,
      bytes: async () => statSync(file).size,
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  }
  const server = openDatabase(postgres() ?? '');
  const name = `wici_scale_${members}_${process.pid}`;
  await sql.raw(`create database ${name}`).execute(server.db);
  const url = new URL(postgres() ?? '');
  url.pathname = `/${name}`;
  return {
    location: url.href,
    bytes: async () => {
      const { rows } = await sql<{ n: number }>`select pg_database_size(${name}) as n`.execute(server.db);
      return Number(rows[0]?.n ?? 0);
    },
    remove: async () => {
      await sql.raw(`drop database ${name} with (force)`).execute(server.db);
      await server.close();
    },
  };
}
