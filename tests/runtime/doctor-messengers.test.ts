import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { pauseMessenger } from '../../core/messengers/pause.ts';
import { noteTraffic } from '../../core/messengers/traffic.ts';
import { readConfig } from '../../runtime/config.ts';
import { makeDataFolder } from '../../runtime/data-folder.ts';
import { messengers } from '../../runtime/doctor/messengers.ts';
import { openCore } from '../../runtime/open-core.ts';
import { DiscordEmulator } from '../emulators/discord/server.ts';
import { SlackEmulator, type EmulatorOptions as SlackOptions } from '../emulators/slack/server.ts';
import { TelegramEmulator } from '../emulators/telegram/server.ts';
import { manifestScopes } from '../support/slack-manifest.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A running Wici that says this of its messengers. */
async function runningWici(messengersNow: Record<string, string>): Promise<string> {
  const server = createServer((_, response) => response.end(JSON.stringify({ messengers: messengersNow })));
  closing.push(() => server.close());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What the doctor says, by what it is about. */
async function examined(variables: Record<string, string>, running: { local: string } | null = null) {
  const config = readConfig({ WICI_DATA: tempFolder(), ...variables });
  makeDataFolder(config);
  const findings = await messengers(config, running && { pid: 1, ...running });
  return Object.fromEntries(findings.map(({ what, state, line }) => [what, `${state}: ${line}`]));
}

describe('what the doctor says of Slack', () => {
  async function slack(options: SlackOptions = {}) {
    const emulator = await SlackEmulator.start({ scopes: manifestScopes, ...options });
    closing.push(() => void emulator.close());
    const address = { SLACK_API_URL: emulator.apiUrl };
    const tokens = { ...address, SLACK_BOT_TOKEN: emulator.token, SLACK_APP_TOKEN: emulator.appToken };
    return { emulator, address, tokens };
  }

  it('all is well: who the bot is, its scopes, its socket', async () => {
    const { tokens } = await slack();
    expect(await examined(tokens)).toMatchObject({
      Slack: 'ok: the token works, the bot is wici in Stand-in',
      'Slack scopes': 'ok: all that are needed',
      'Slack socket': 'ok: the app token works',
    });
  });

  it('names the missing scopes and where to click', async () => {
    const { emulator, tokens } = await slack({ scopes: ['chat:write', 'commands', 'im:history'] });
    emulator.fail('apps.connections.open', { kind: 'error', error: 'missing_scope' });
    const said = await examined(tokens);
    expect(said['Slack scopes']).toMatch(
      /^bad: missing .*files:write.*im:write.*users:read.*OAuth & Permissions/,
    );
    expect(said['Slack scopes']).not.toMatch(/missing .*chat:write/);
    expect(said['Slack socket']).toMatch(/^bad: the app token lacks connections:write.*App-Level Tokens/);
  });

  it('a refused token and a refused app token are told apart, and no token is repeated', async () => {
    const { address, tokens } = await slack();
    const wrong = { bot: 'xoxb-1-secret', app: 'xapp-1-secret' };
    const bot = await examined({ ...tokens, SLACK_BOT_TOKEN: wrong.bot });
    expect(bot.Slack).toMatch(/^bad: the bot token is refused \(invalid_auth\).*SLACK_BOT_TOKEN/);
    const app = await examined({ ...tokens, ...address, SLACK_APP_TOKEN: wrong.app });
    expect(app['Slack socket']).toMatch(/^bad: the app token is refused \(invalid_auth\).*SLACK_APP_TOKEN/);
    expect(JSON.stringify([bot, app])).not.toContain('secret');
  });

  it('called by Slack it needs an https address', async () => {
    const { emulator, address } = await slack();
    const calls = {
      ...address,
      SLACK_BOT_TOKEN: emulator.token,
      SLACK_SIGNING_SECRET: emulator.signingSecret,
    };
    expect((await examined(calls))['Slack calls']).toMatch(/^bad: .*must be https/);
    const said = await examined({ ...calls, WICI_URL: 'https://wici.example' });
    expect(said['Slack calls']).toBe('ok: Slack calls https://wici.example/webhooks/slack');
  });

  it('without an answer the network is to be looked at', async () => {
    const { tokens } = await slack();
    const said = await examined({ ...tokens, SLACK_API_URL: 'http://127.0.0.1:1' });
    expect(said.Slack).toMatch(/^bad: http:\/\/127.0.0.1:1 cannot be used \(no answer\).*SLACK_API_URL/);
  });
});

describe('what the doctor says of Discord', () => {
  async function discord() {
    const emulator = await DiscordEmulator.start();
    closing.push(() => void emulator.close());
    return { emulator, set: { DISCORD_BOT_TOKEN: emulator.token, DISCORD_API_URL: emulator.url } };
  }

  it('who the bot is, on how many servers', async () => {
    const { set } = await discord();
    const said = await examined(set);
    expect(said).toMatchObject({
      Discord: 'ok: the token works, the bot is wici-standin',
      'Discord servers': 'ok: on 1',
    });
    expect(said).not.toHaveProperty('Discord bot');
    expect(said).not.toHaveProperty('Discord permissions');
  });

  it('names what the bot may not do on a server and where to click, unless it may everything', async () => {
    const { emulator, set } = await discord();
    emulator.platform.permissions = String(1 << 10);
    expect((await examined(set))['Discord permissions']).toMatch(
      /^note: on Serwer testowy the bot lacks Send Messages, Attach Files: .*Roles/,
    );
    emulator.platform.permissions = String(1 << 3);
    expect(await examined(set)).not.toHaveProperty('Discord permissions');
  });

  it('on no server it gives the address that puts it on one', async () => {
    const { emulator, set } = await discord();
    Object.assign(emulator.platform, { onServer: false, botPublic: true });
    const said = await examined(set);
    expect(said['Discord servers']).toMatch(
      new RegExp(`^bad: .*client_id=${emulator.platform.bot.id}&scope=bot\\+applications.commands`),
    );
    expect(said['Discord bot']).toMatch(/^note: anybody may put it/);
  });

  it('a refused token says where a new one is made, and is not repeated', async () => {
    const { set } = await discord();
    const said = await examined({ ...set, DISCORD_BOT_TOKEN: 'a.b.secret' });
    expect(said.Discord).toMatch(/^bad: the token is refused.*Reset Token/);
    expect(JSON.stringify(said)).not.toContain('secret');
  });

  it('where Discord keeps to itself what it is asked, nothing is claimed', async () => {
    const { emulator, set } = await discord();
    const refusal = { kind: 'error', status: 403, code: 50_001, message: 'Missing Access' } as const;
    for (const call of ['application', 'servers'] as const) emulator.fail(call, refusal);
    expect(await examined(set)).not.toHaveProperty('Discord servers');
  });
});

describe('what the doctor says of Telegram’s webhook', () => {
  async function telegram() {
    const emulator = await TelegramEmulator.start();
    closing.push(() => void emulator.close());
    const polled = { TELEGRAM_BOT_TOKEN: emulator.token, TELEGRAM_API_URL: emulator.url };
    const called = { ...polled, WICI_URL: 'https://wici.example', TELEGRAM_WEBHOOK: 'true' };
    const said = async (set: Record<string, string>) => (await examined(set))['Telegram webhook'];
    return { emulator, polled, called, said };
  }

  it('is set, was not reached, is not set yet, or is another one’s', async () => {
    const { emulator, polled, called, said } = await telegram();
    expect(await said(called)).toMatch(/^note: not set yet/);
    expect(await said(polled)).toBeUndefined();
    await emulator.platform.call('setWebhook', { url: 'http://127.0.0.1:1/' });
    expect(await said(called)).toBe('ok: set, 0 waiting');
    expect(await said(polled)).toMatch(/^note: another one is set/);
    emulator.person().start();
    await until(() => emulator.platform.updates.lastWebhookError !== null);
    expect(await said(called)).toMatch(/^note: Telegram last could not call it \(.+\), 1 waiting/);
  });
});

describe('what the doctor says of the lines', () => {
  it('what is off is off, and nothing is claimed of it', async () => {
    const said = await examined({});
    expect(said.Slack).toMatch(/^note: off: set SLACK_BOT_TOKEN .*\/messengers\/slack says how/);
    expect(Object.keys(said)).not.toContain('Slack line');
    expect(said['web chat line']).toMatch(/^note: not known, the server does not run.*in never, out never$/);
  });

  it('the running server says how each is, the database what passed last', async () => {
    const local = await runningWici({ webchat: 'connected', telegram: 'failing' });
    const config = readConfig({
      WICI_DATA: tempFolder(),
      TELEGRAM_BOT_TOKEN: '1:a-b-c',
      TELEGRAM_API_URL: local,
    });
    makeDataFolder(config);
    const { core, database } = await openCore(config);
    await core.transaction(async (unit) => {
      await noteTraffic({ ...unit, now: Date.parse('2026-11-23T10:00:00Z') }, 'webchat', 'in');
    });
    const said = async () =>
      Object.fromEntries(
        (await messengers(config, { pid: 1, local })).map((f) => [f.what, `${f.state}: ${f.line}`]),
      );
    expect(await said()).toMatchObject({
      'web chat line': 'ok: connected; last message in 2026-11-23T10:00, out never',
      'Telegram line': expect.stringMatching(/^bad: failing: .*\/messengers say why/),
    });
    await core.transaction((unit) => pauseMessenger(unit, 'webchat'));
    expect((await said())['web chat line']).toMatch(/^note: paused by staff .*resumed at .*\/messengers/);
    await database.close();
  });
});
