import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertAttachment } from '../../core/store/attachments.ts';
import type { NewRow } from '../../core/store/schema.ts';
import { openDatabase } from '../../runtime/database.ts';
import { projectRoot } from '../../runtime/paths.ts';
import { TelegramEmulator } from '../emulators/telegram/server.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { apiToken, WiciProcess } from './wici.ts';

const { folder, remove } = makeTempFolder();
let emulator: TelegramEmulator;
let server: WiciProcess;
let telegram: Record<string, string>;

interface Outcome {
  readonly code: number;
  readonly said: string;
}

/** One command beside the running server. */
async function wici(args: readonly string[], variables: Record<string, string> = {}): Promise<Outcome> {
  const { PATH = '' } = process.env;
  const program = join(projectRoot, 'dist', 'runtime', 'wici.js');
  const env = { PATH, WICI_DATA: folder, WICI_API_TOKEN: apiToken, ...variables };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...args], {
      env,
      cwd: folder,
    });
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: stdout + stderr };
  }
}

/** A line for the shell, in which $WICI is the program. */
const shell = async (line: string) => {
  const { PATH = '' } = process.env;
  const program = join(projectRoot, 'dist', 'runtime', 'wici.js');
  const env = { PATH, WICI_DATA: folder, WICI: `${process.execPath} ${program}` };
  return promisify(execFile)('/bin/sh', ['-c', line], { env, cwd: folder });
};

/** Node dies, as by a power cut, as soon as a backup is on its way to the disk. */
function killedWhileWriting(): string {
  const file = join(folder, 'kill.cjs');
  writeFileSync(
    file,
    "const { WriteStream } = require('node:fs'); const write = WriteStream.prototype._write;" +
      'WriteStream.prototype._write = function (...all) { setImmediate(() => process.kill(process.pid, "SIGKILL")); return write.apply(this, all); };',
  );
  return `--require ${file}`;
}

beforeAll(async () => {
  emulator = await TelegramEmulator.start();
  telegram = { TELEGRAM_BOT_TOKEN: emulator.token, TELEGRAM_API_URL: emulator.url };
  server = await WiciProcess.start({ dataFolder: folder, variables: telegram });
});

afterAll(async () => {
  await server.end('SIGKILL');
  await emulator.close();
  remove();
});

describe('wici', () => {
  it('has a --help for every command', async () => {
    const { said } = await wici(['--help']);
    for (const name of [
      'start',
      'migrate',
      'import',
      'invite',
      'token',
      'backup',
      'restore',
      'move',
      'doctor',
      'sign-in',
    ]) {
      expect(said).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
      const help = await wici([name, '--help']);
      expect(help.code).toBe(0);
      expect(help.said).toContain('Example');
    }
  });

  it('says what there is when a command is not known', async () => {
    const { code, said } = await wici(['dance']);
    expect(code).toBe(1);
    expect(said).toContain("unknown command 'dance'");
  });

  it('is the command npx runs in the project', () => {
    expect(readFileSync(join(projectRoot, 'node_modules', '.bin', 'wici'), 'utf8')).toMatch(
      /^#!\/usr\/bin\/env node/,
    );
  });
});

describe('a data folder others may look into', () => {
  it('holds nothing they can read, and is told at once where no backup can go', async () => {
    const open = join(folder, 'open');
    mkdirSync(open, { mode: 0o755 });
    chmodSync(open, 0o755);
    const other = await WiciProcess.start({ dataFolder: open, variables: { BACKUP_DIR: '/dev/null' } });
    expect(other.said).toContain('No backup can be made: /dev/null is not a folder');
    const readable = readdirSync(open).filter((name) => statSync(join(open, name)).mode & 0o077);
    expect(await other.end('SIGTERM')).toBe(0);
    expect(readable).toEqual([]);
  });
});

describe('wici import', () => {
  const csv = () => {
    const file = join(folder, 'firmy.csv');
    writeFileSync(file, 'nazwa;branża;e-mail;osoba\nPrzykładowa Budowa;budownictwo;;\n;ICT;;\n');
    return file;
  };

  it('previews line by line and changes nothing', async () => {
    const { said, code } = await wici(['import', csv(), '--preview']);
    expect(said).toContain('line 2: add company Przykładowa Budowa');
    expect(said).toMatch(/line 3: refuse/);
    expect(said).toContain('To be added 1, changed 0, unchanged 0, refused 1.');
    expect(said).toContain('Nothing was changed');
    expect(code).toBe(1);
    expect((await server.api<{ items: unknown[] }>('GET', '/companies')).items).toEqual([]);
  });

  it('adds the good lines, also while the server runs', async () => {
    const { said } = await wici(['import', csv()]);
    expect(said).toContain('Added 1, changed 0, unchanged 0, refused 1.');
    const { items } = await server.api<{ items: { name: string }[] }>('GET', '/companies');
    expect(items.map((c) => c.name)).toEqual(['Przykładowa Budowa']);
  });

  it('names a file it cannot read', async () => {
    expect(await wici(['import', 'missing.csv'])).toEqual({
      code: 1,
      said: 'missing.csv cannot be read: check its name and that this user may read it.\n',
    });
  });
});

describe('wici invite', () => {
  it('prints a link for each messenger that is on', async () => {
    const { said, code } = await wici(
      ['invite', '--name', 'Jan Przykład', '--company', 'przykladowa budowa', '--language', 'pl'],
      telegram,
    );
    expect(code).toBe(0);
    const [, invitation] = /chat\?i=([A-Za-z0-9]{16})/.exec(said) ?? [];
    expect(said).toContain(`${server.url}/chat?i=${invitation}`);
    expect(said).toContain(`https://t.me/wici_standin_bot?start=${invitation}`);
  });

  it('says what to write to the app where a link can carry no code, and why Telegram has none', async () => {
    const on = { SLACK_BOT_TOKEN: 'xoxb-1-abc', SLACK_APP_TOKEN: 'xapp-1-abc', DISCORD_BOT_TOKEN: 'a.b.c' };
    const { said } = await wici(['invite'], { ...telegram, ...on, TELEGRAM_API_URL: 'http://127.0.0.1:1' });
    const [, invitation] = /chat\?i=([A-Za-z0-9]{16})/.exec(said) ?? [];
    expect(said).toContain(`Slack:     a message to the app that says ${invitation}\n`);
    expect(said).toContain(`Discord:   a message to the bot that says ${invitation}\n`);
    expect(said).toContain('Telegram:  no link now,');
  });

  it.each([
    [['--company', 'Nieznana'], /^--company: there is no company like "Nieznana"/],
    [['--expires', 'soon'], /^--expires: write a date/],
    [['--expires', '2027-02-31'], /^--expires: write a date/],
    [['--name', 'Jan', '--role', 'king'], /Allowed choices are member, staff, administrator/],
  ])('refuses %j in words', async (args, line) => {
    const { code, said } = await wici(['invite', ...args]);
    expect(code).toBeGreaterThan(0);
    expect(said).toMatch(line);
    expect(said).not.toContain('    at ');
  });
});

describe('wici token', () => {
  it('makes a token that works at once, lists it, and revokes it at once', async () => {
    const made = await wici(['token', 'create', 'newsletter']);
    const token = String(made.said.split('\n')[0]);
    const id = String(/revoke (\S+)/.exec(made.said)?.[1]);
    const ask = () =>
      fetch(`${server.url}/api/v1/members`, { headers: { authorization: `Bearer ${token}` } });
    expect((await ask()).status).toBe(200);
    const listed = await wici(['token', 'list']);
    expect(listed.said).toMatch(new RegExp(`${id}  newsletter.*works`));
    expect(listed.said).not.toContain(token);
    expect((await wici(['token', 'revoke', id])).said).toBe('Revoked.\n');
    expect((await ask()).status).toBe(401);
    for (const none of [id, 'nonsense']) {
      expect(await wici(['token', 'revoke', none])).toEqual({
        code: 1,
        said: `No token that works has the id ${none}: see npx wici token list\n`,
      });
    }
  });
});

describe('what a shell does with the lines', () => {
  it('keeps a token as it is', async () => {
    const { stdout } = await shell('TOKEN=$($WICI token create shell 2>/dev/null); printf "[%s]" "$TOKEN"');
    expect(stdout).toMatch(/^\[\S+\]$/);
  });

  it('may stop reading', async () => {
    expect((await shell('$WICI sign-in | true')).stderr).toBe('');
  });
});

describe('wici sign-in', () => {
  it('prints a link the running server takes', async () => {
    const { said } = await wici(['sign-in']);
    const link = String(/http\S+/.exec(said)?.[0]);
    expect(link.startsWith(`${server.url}/sign-in/`)).toBe(true);
    expect((await fetch(link)).status).toBe(200);
  });
});

describe('wici backup and wici restore', () => {
  it('bring a network to another folder while the server runs, where it starts', async () => {
    const target = join(folder, 'copies', 'monday.jsonl.gz');
    expect((await wici(['backup', target])).said).toMatch(
      /^Backed up to \S+monday.jsonl.gz \(\d.+ rows, read back\)/,
    );
    const again = await wici(['backup', target]);
    expect(again.code).toBe(1);
    expect(again.said).toContain('exists already');
    const elsewhere = { WICI_DATA: join(folder, 'elsewhere') };
    expect((await wici(['restore', target, '--check'])).said).toMatch(/^company +1 /m);
    const restored = await wici(['restore', target], elsewhere);
    expect(restored.said).toMatch(/^Restored \d+ rows as of /);
    const other = await WiciProcess.start({ dataFolder: elsewhere.WICI_DATA, variables: {} });
    const { items } = await other.api<{ items: { name: string }[] }>('GET', '/companies');
    expect(items.map((c) => c.name)).toEqual(['Przykładowa Budowa']);
    expect(await other.end('SIGTERM')).toBe(0);
  });

  it('say in a line why not', async () => {
    const full = await wici(['restore', join(folder, 'copies', 'monday.jsonl.gz')]);
    expect(full.said.trim()).toMatch(/^Wici is already running at/);
    const place = await wici(['backup', '/dev/null/nowhere/a.jsonl.gz']);
    expect(place.said.trim()).toMatch(/^\/dev\/null\/nowhere/);
    expect(place.said.trim()).not.toContain('\n');
    expect(place.code).toBe(1);
  });

  it('leave no half backup when the disk is full', async () => {
    const data = randomBytes(3_000_000);
    const big = {
      ...{ id: 'big', kind: 'file', file_name: 'a', content_type: 'a/b' },
      ...{ size: 1, data, created_at: 1 },
    };
    const { db, close } = openDatabase(join(folder, 'wici.db'));
    await insertAttachment(db, big as NewRow<'attachment'>);
    const { stderr } = await shell('ulimit -f 2000; $WICI backup full/a.jsonl.gz || true');
    expect(stderr.trim()).toMatch(/^There is no room for a\.jsonl\.gz in \S+full: make room there/);
    expect(readdirSync(join(folder, 'full'))).toEqual([]);
    await db.deleteFrom('attachment').where('id', '=', 'big').execute();
    await close();
  });

  it('leave no half backup when killed in the middle', async () => {
    const target = join(folder, 'killed');
    const { code } = await wici(['backup', join(target, 'a.jsonl.gz')], {
      NODE_OPTIONS: killedWhileWriting(),
    });
    expect(code).not.toBe(0);
    expect(readdirSync(target).filter((name) => !name.endsWith('.part'))).toEqual([]);
  });
});

describe('wici migrate', () => {
  it('says that the database is up to date', async () => {
    expect(await wici(['migrate'])).toEqual({ code: 0, said: 'The database is up to date.\n' });
  });
});

describe('wici doctor', () => {
  it('finds everything in order', async () => {
    const { code, said } = await wici(['doctor'], telegram);
    expect(said).toMatch(/server: runs at http:\/\/localhost/);
    expect(said).toContain('the bot is @wici_standin_bot');
    expect(said).toMatch(/database: SQLite/);
    expect(said).toMatch(/disk: \d+ MB free/);
    expect(said).toMatch(/clock: .+ right within a minute/);
    expect(said).toContain('Everything needed works.');
    expect(code).toBe(0);
  });

  it('says what to mend, and never a token', async () => {
    const { code, said } = await wici(['doctor'], {
      ...telegram,
      TELEGRAM_BOT_TOKEN: '1:wrong-wrong-wrong',
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    expect(code).toBe(1);
    expect(said).toMatch(/BAD .+Telegram: the token is refused/);
    expect(said).toMatch(/BAD .+queue: REDIS_URL: the server at 127\.0\.0\.1:1 does not answer/);
    expect(said).not.toContain('wrong-wrong-wrong');
  });

  it('says when others can read the file with the tokens', async () => {
    const file = join(folder, '.env');
    writeFileSync(file, 'LOG_LEVEL=warn\n', { mode: 0o600 });
    expect((await wici(['doctor'], telegram)).said).not.toContain('.env:');
    chmodSync(file, 0o644);
    const { said, code } = await wici(['doctor'], telegram);
    rmSync(file);
    expect(said).toContain('note  .env: other users of this machine can read it: chmod 600 .env\n');
    expect(code).toBe(0);
  });

  it('tells before the night that no backup can be made', async () => {
    const { code, said } = await wici(['doctor'], { ...telegram, BACKUP_DIR: '/dev/null' });
    expect(code).toBe(1);
    expect(said).toMatch(/BAD .+backup: \/dev\/null is not a folder: name another one \(BACKUP_DIR\)/);
  });

  it('says what is wrong with the configuration', async () => {
    const { code, said } = await wici(['doctor'], { PORT: 'eighty' });
    expect(code).toBe(1);
    expect(said).toMatch(/BAD .+configuration: PORT must be a number/);
  });
});
