import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRedisProgram } from '../../runtime/queue/private-redis.ts';
import { TelegramEmulator } from '../emulators/telegram/server.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { type Environment, settlePeople, WiciProcess } from './wici.ts';

let temp: ReturnType<typeof makeTempFolder>;
let environment: Environment;
let running: WiciProcess[];

beforeEach(() => {
  temp = makeTempFolder();
  running = [];
  environment = { dataFolder: temp.folder, variables: {} };
});

afterEach(async () => {
  await Promise.all(running.map((wici) => wici.end('SIGKILL')));
  temp.remove();
});

async function start(variables: Record<string, string> = {}): Promise<WiciProcess> {
  const wici = await WiciProcess.start({
    ...environment,
    variables: { ...environment.variables, ...variables },
  });
  running.push(wici);
  return wici;
}

describe('A started Wici', () => {
  it('says in a few plain lines where it is, how to sign in, what is on and which queue it found', async () => {
    const wici = await start();
    const lines = wici.said.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(9);
    expect(wici.said).toMatch(/^Wici runs at http:\/\/localhost:\d+\n/);
    expect(wici.said).toMatch(/Sign in: +http:\/\/localhost:\d+\/sign-in\/[\w-]{43} /);
    expect(wici.said).toMatch(/Web chat: +on/);
    for (const name of ['Telegram', 'Slack', 'Discord']) {
      expect(wici.said).toMatch(new RegExp(`${name}: +off; ${name.toUpperCase()}_BOT_TOKEN`));
    }
    expect(wici.said).toMatch(/Queue: +(a private (redis|valkey)-server|a queue inside Wici)/);
    expect((await fetch(`${wici.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${wici.url}/readyz`)).status).toBe(200);
  });

  it('offers the sign-in link at every start until somebody has used one', async () => {
    const first = await start();
    const link = String(/http:\S+\/sign-in\/\S+/.exec(first.said)?.[0]);
    await first.end('SIGINT');
    const second = await start();
    expect(second.said).toMatch(/\/sign-in\/[\w-]{43}/);
    const { pathname } = new URL(link);
    // What a link preview does uses nothing up.
    expect((await fetch(second.url + pathname)).status).toBe(200);
    const pressed = await fetch(second.url + pathname, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: second.url },
    });
    expect(pressed.status).toBe(303);
    expect(pressed.headers.get('set-cookie')).toContain('HttpOnly');
    await second.end('SIGTERM');
    const third = await start();
    expect(third.said).not.toMatch(/\/sign-in\/[\w-]{43}/);
    expect(third.said).toContain('npx wici sign-in');
  });

  it('keeps a second one off its data folder, and says where the first is', async () => {
    const first = await start();
    const second = WiciProcess.launch(environment);
    expect(await second.exit()).toBe(1);
    expect(second.said.trim()).toMatch(
      /^Wici is already running at http:\/\/localhost:\d+ \(process \d+, data in .+\)\.$/,
    );
    expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
  });

  it('stops at Ctrl-C with everything it started', async () => {
    const wici = await start();
    const server = findRedisProgram()
      ? Number(readFileSync(join(temp.folder, 'queue', 'redis.pid'), 'utf8'))
      : null;
    // An open live page does not hold it up.
    const page = fetch(`${wici.url}/healthz`);
    await page;
    expect(await wici.end('SIGINT')).toBe(0);
    expect(wici.said).toMatch(/Stopping.*\nStopped\.\n$/);
    if (server) expect(() => process.kill(server, 0)).toThrow();
    await expect(fetch(`${wici.url}/healthz`)).rejects.toThrow();
  });

  it('killed leaves no server behind and starts again on its data', async () => {
    const first = await start();
    const server = findRedisProgram()
      ? Number(readFileSync(join(temp.folder, 'queue', 'redis.pid'), 'utf8'))
      : null;
    await first.end('SIGKILL');
    if (server) {
      await until(() => {
        try {
          process.kill(server, 0);
          return false;
        } catch {
          return true;
        }
      });
    }
    const second = await start();
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
  });
});

describe('A wrong start ends with one line and no stack trace', () => {
  it.each([
    [{ PORT: 'eighty' }, 2, /^PORT must be a number/],
    [{ REDIS_URL: 'redis://127.0.0.1:1' }, 1, /^REDIS_URL: the server at 127\.0\.0\.1:1 does not answer/],
    [
      { DATABASE_URL: 'postgres://wici@127.0.0.1:1/wici' },
      1,
      /^DATABASE_URL: 127\.0\.0\.1:1\/wici cannot be used/,
    ],
    [{ WICI_DATA: '/dev/null/wici' }, 2, /^WICI_DATA: \/dev\/null\/wici cannot be made/],
  ])('%j', async (variables, code, line) => {
    const wici = WiciProcess.launch({ ...environment, variables });
    expect(await wici.exit()).toBe(code);
    expect(wici.said.trim()).toMatch(line);
    expect(wici.said.trim()).not.toContain('\n');
  });

  it('on a port another program uses', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const wici = WiciProcess.launch({ ...environment, variables: { PORT: String(port) } });
    expect(await wici.exit()).toBe(1);
    expect(wici.said.trim()).toBe(
      `PORT: another program uses 127.0.0.1:${port}: end it, or set PORT to a free one.`,
    );
    other.close();
  });
});

describe('An answer a member saw confirmed', () => {
  it('is there after the process was killed at that moment', async () => {
    const emulator = await TelegramEmulator.start();
    const telegram = { TELEGRAM_BOT_TOKEN: emulator.token, TELEGRAM_API_URL: emulator.url };
    const people = await settlePeople(environment, emulator, { telegram: 3, webchat: 0 });
    const first = await start(telegram);
    const id = await first.announce();
    const [person] = people.telegram;
    await until(() => person?.shown().length === 1);
    const button = String(person?.labels().find((label) => label.includes('Przeczytane')));
    person?.press(button);
    await until(() => !person?.labels().includes(button));
    await first.end('SIGKILL');
    const second = await start(telegram);
    expect((await second.counts(id)).confirmed).toBe(1);
    await second.end('SIGKILL');
    await emulator.close();
  });
});
