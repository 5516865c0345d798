import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../runtime/config.ts';
import { OperatorError } from '../../runtime/operator-error.ts';
import { projectRoot } from '../../runtime/paths.ts';
import { keptSecret } from '../../runtime/secret.ts';
import { telegramSettings } from '../../runtime/telegram-settings.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe('Configuration', () => {
  it('is complete without any variable', () => {
    expect(readConfig({})).toEqual({
      url: 'http://localhost:8080',
      host: '127.0.0.1',
      port: 8080,
      dataFolder: resolve('./data'),
      secret: undefined,
      apiToken: undefined,
      databaseUrl: undefined,
      redisUrl: undefined,
      logLevel: 'info',
      roles: ['bots', 'jobs', 'console'],
      backup: { folder: resolve('./data/backups'), at: '03:30', keep: { days: 7, weeks: 4 } },
      telegram: undefined,
      slack: undefined,
      discord: undefined,
    });
  });

  it('keeps backups where and when it is told', () => {
    const set = { WICI_DATA: '/srv/wici', BACKUP_AT: 'off', BACKUP_KEEP_DAYS: '0', BACKUP_KEEP_WEEKS: '52' };
    expect(readConfig(set).backup).toEqual({
      ...{ folder: '/srv/wici/backups', at: null },
      keep: { days: 0, weeks: 52 },
    });
    expect(readConfig({ ...set, BACKUP_DIR: '/mnt/b' }).backup.folder).toBe('/mnt/b');
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ PORT: '', REDIS_URL: ' ', TELEGRAM_BOT_TOKEN: '' })).toEqual(readConfig({}));
  });

  it('makes the address from the port, and drops a slash at its end', () => {
    expect(readConfig({ PORT: '9000' }).url).toBe('http://localhost:9000');
    expect(readConfig({ WICI_URL: 'https://Wici.example.org:443/' }).url).toBe('https://wici.example.org');
  });

  const together = {
    DATABASE_URL: 'postgres://localhost/wici',
    REDIS_URL: 'redis://localhost',
    WICI_URL: 'https://wici.example.org',
  };

  it('knows which part a process does; only pages have a port of their own accord', () => {
    const config = readConfig({ ...together, WICI_ROLES: 'jobs, bots' });
    expect(config).toMatchObject({ roles: ['bots', 'jobs'], port: 0 });
    expect(readConfig({ ...together, WICI_ROLES: 'console' }).port).toBe(8080);
    expect(readConfig({ WICI_ROLES: 'console,bots,jobs' })).toEqual(readConfig({}));
  });

  it.each(['DATABASE_URL', 'REDIS_URL', 'WICI_URL'] as const)(
    'refuses a part without %s in one line: which, why, and what instead',
    (name) => {
      const refused = () => readConfig({ ...together, [name]: '', WICI_ROLES: 'jobs' });
      expect(refused).toThrow(
        `WICI_ROLES: a process for jobs alone works only beside others on one PostgreSQL and one Redis: set ${name} ` +
          'the same for all of them, or leave WICI_ROLES empty to run everything in one process.',
      );
    },
  );

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['PORT', '-1'],
    ['HOST', 'not a host'],
    ['WICI_URL', 'wici.example.org'],
    ['WICI_URL', 'ftp://wici.example.org'],
    ['WICI_URL', 'https://example.org/wici'],
    ['WICI_URL', 'https://wici.example.org/?from=mail'],
    ['WICI_URL', 'https://ala:kot@wici.example.org'],
    ['WICI_SECRET', 'short'],
    ['WICI_API_TOKEN', 'two words'],
    ['WICI_API_TOKEN', 'zażółć-gęślą-jaźń'],
    ['DATABASE_URL', 'mysql://localhost/wici'],
    ['REDIS_URL', 'localhost:6379'],
    ['LOG_LEVEL', 'loud'],
    ['BACKUP_AT', '3:30'],
    ['BACKUP_AT', 'never'],
    ['BACKUP_KEEP_DAYS', 'all'],
    ['BACKUP_KEEP_WEEKS', '-1'],
    ['WICI_ROLES', 'bots,cooks'],
    ['TELEGRAM_BOT_TOKEN', 'my-bot'],
    ['TELEGRAM_API_URL', 'api.telegram.org'],
    ['TELEGRAM_WEBHOOK', 'maybe'],
    ['TELEGRAM_MESSAGES_PER_SECOND', '0'],
    ['SLACK_BOT_TOKEN', 'xapp-1-A1-1-abc'],
    ['SLACK_APP_TOKEN', 'xoxb-1-abc'],
    ['SLACK_SIGNING_SECRET', 'with spaces'],
    ['SLACK_API_URL', 'slack.com'],
    ['SLACK_MESSAGES_PER_SECOND', '2000'],
    ['DISCORD_BOT_TOKEN', 'Bot abc'],
    ['DISCORD_API_URL', 'ws://localhost'],
  ])('refuses %s=%s in one line that names it and says what to write', (name, value) => {
    const error = thrownBy(() => readConfig({ [name]: value }));
    expect(error).toBeInstanceOf(OperatorError);
    const { message, exitCode } = error as OperatorError;
    expect(message).toMatch(new RegExp(`^${name} must `));
    expect(message).not.toContain('\n');
    expect(exitCode).toBe(2);
  });

  it('names every wrong variable, a line each, and repeats no value: it may be a secret', () => {
    const error = thrownBy(() => readConfig({ PORT: 'x', TELEGRAM_BOT_TOKEN: 'wrong-token' })) as Error;
    expect(error.message.split('\n')).toHaveLength(2);
    expect(error.message).not.toContain('wrong-token');
  });

  it.each([
    [undefined, null],
    ['false', null],
    ['true', 'https://wici.example.org'],
    ['1', 'https://wici.example.org'],
    ['https://hooks.example.org/telegram-in', 'https://hooks.example.org/telegram-in'],
  ])('takes TELEGRAM_WEBHOOK=%s for %s', (value, webhook) => {
    const config = readConfig({
      WICI_URL: 'https://wici.example.org',
      TELEGRAM_BOT_TOKEN: '123456:abcdefghij',
      TELEGRAM_WEBHOOK: value,
    });
    expect(config.telegram?.webhook).toBe(webhook);
  });

  it.each([
    { TELEGRAM_WEBHOOK: 'true' },
    { TELEGRAM_WEBHOOK: 'true', WICI_URL: 'http://wici.example.org' },
    { TELEGRAM_WEBHOOK: 'http://hooks.example.org' },
  ])('refuses %j: Telegram calls https alone, unless it is a server of our own', (given) => {
    const set = { TELEGRAM_BOT_TOKEN: '123456:abcdefghij', ...given };
    const { message } = thrownBy(() => readConfig(set)) as Error;
    expect(message).toMatch(/^TELEGRAM_WEBHOOK must lead to an https:\/\/ address.+set WICI_URL to one/);
    const own = readConfig({ ...set, TELEGRAM_API_URL: 'http://127.0.0.1:8081' });
    expect(own.telegram?.webhook).toMatch(/^http:/);
  });

  it('takes Slack with a socket or by calls, and the socket when both are set', () => {
    const bot = { SLACK_BOT_TOKEN: 'xoxb-1-abc' };
    const socket = { SLACK_APP_TOKEN: 'xapp-1-A1-abc' };
    const calls = { SLACK_SIGNING_SECRET: '0123456789abcdef' };
    const receiving = (given: Record<string, string>) => readConfig(given).slack?.receiving;
    expect(receiving({ ...bot, ...socket })).toEqual({ appToken: 'xapp-1-A1-abc' });
    expect(receiving({ ...bot, ...calls })).toEqual({ signingSecret: '0123456789abcdef' });
    expect(receiving({ ...bot, ...socket, ...calls })).toEqual({ appToken: 'xapp-1-A1-abc' });
  });

  it.each([
    [{ SLACK_BOT_TOKEN: 'xoxb-1-abc' }, /^SLACK_APP_TOKEN must be set beside SLACK_BOT_TOKEN .*\.$/],
    [{ SLACK_APP_TOKEN: 'xapp-1-A1-abc' }, /^SLACK_BOT_TOKEN must be set beside SLACK_APP_TOKEN .*\.$/],
  ])('says in one line what else Slack needs', (given, line) => {
    const error = thrownBy(() => readConfig(given)) as Error;
    expect(error.message).toMatch(line);
    expect(error.message).not.toContain('\n');
  });

  it('stands in .env.example, every variable with a line of explanation', () => {
    const lines = readFileSync(join(projectRoot, '.env.example'), 'utf8').split('\n');
    const names = [
      'WICI_URL',
      'HOST',
      'PORT',
      'WICI_DATA',
      'WICI_SECRET',
      'WICI_API_TOKEN',
      'DATABASE_URL',
      'REDIS_URL',
      'LOG_LEVEL',
      'TELEGRAM_BOT_TOKEN',
      'TELEGRAM_API_URL',
      'TELEGRAM_WEBHOOK',
      'TELEGRAM_MESSAGES_PER_SECOND',
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
      'SLACK_SIGNING_SECRET',
      'SLACK_API_URL',
      'SLACK_MESSAGES_PER_SECOND',
      'DISCORD_BOT_TOKEN',
      'DISCORD_API_URL',
    ];
    for (const name of names) {
      const at = lines.findIndex((line) => line.startsWith(`#${name}=`));
      expect(at, name).toBeGreaterThan(0);
      expect(lines[at - 1]).toMatch(/^# \S/);
    }
  });
});

describe('The secret', () => {
  it('is made once, kept, and readable by its owner only', async () => {
    const folder = tempFolder();
    const secret = keptSecret(folder);
    expect(secret.length).toBeGreaterThanOrEqual(43);
    expect(keptSecret(folder)).toBe(secret);
    const { statSync } = await import('node:fs');
    expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600);
  });
});

describe("Telegram's webhook", () => {
  const telegram = {
    token: '123456:abcdefghij',
    apiUrl: 'https://api.telegram.org',
    webhook: 'https://a.example',
    messagesPerSecond: 30,
  };

  it('has a path, and a secret that follows from ours and is not ours', () => {
    const { webhook } = telegramSettings(telegram, 'our secret');
    expect(webhook?.url).toBe('https://a.example/telegram');
    expect(webhook?.secret).toMatch(/^[\w-]{43}$/);
    expect(telegramSettings(telegram, 'our secret').webhook?.secret).toBe(webhook?.secret);
    expect(telegramSettings(telegram, 'another secret').webhook?.secret).not.toBe(webhook?.secret);
  });

  it('is left out when polling', () => {
    expect(telegramSettings({ ...telegram, webhook: null }, 's')).toEqual({
      token: telegram.token,
      apiUrl: telegram.apiUrl,
      messagesPerSecond: 30,
    });
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
