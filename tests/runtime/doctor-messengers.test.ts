import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { pauseMessenger } from '../../core/messengers/pause.ts';
import { noteTraffic } from '../../core/messengers/traffic.ts';
import { readConfig } from '../../runtime/config.ts';
import { makeDataFolder } from '../../runtime/data-folder.ts';
import { messengers } from '../../runtime/doctor/messengers.ts';
import { openCore } from '../../runtime/open-core.ts';
import { tempFolder } from '../support/temp-folder.ts';

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: object;
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A platform that answers these paths; "<bearer> <path>" goes before "<path>". */
async function platform(answers: Record<string, Answer>): Promise<string> {
  const server = createServer((request, response) => {
    const { url = '', headers } = request;
    const {
      status = 200,
      headers: more,
      body,
    } = answers[`${headers.authorization} ${url}`] ?? answers[url] ?? { status: 404, body: {} };
    response.writeHead(status, { 'content-type': 'application/json', ...more }).end(JSON.stringify(body));
  });
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

const allScopes =
  'chat:write,commands,files:write,im:history,im:write,users:read,users:read.email,channels:read';
const slackTokens = { SLACK_BOT_TOKEN: 'xoxb-1-secret', SLACK_APP_TOKEN: 'xapp-1-secret' };
const rightBot = (scopes = allScopes): Answer => ({
  headers: { 'x-oauth-scopes': scopes },
  body: { ok: true, user: 'wici', team: 'Sieć Przykładowa' },
});

describe('what the doctor says of Slack', () => {
  it('all is well: who the bot is, its scopes, its socket', async () => {
    const url = await platform({
      'Bearer xoxb-1-secret /auth.test': rightBot(),
      'Bearer xapp-1-secret /apps.connections.open': { body: { ok: true, url: 'wss://x.example' } },
    });
    expect(await examined({ ...slackTokens, SLACK_API_URL: url })).toMatchObject({
      Slack: 'ok: the token works, the bot is wici in Sieć Przykładowa',
      'Slack scopes': 'ok: all that are needed',
      'Slack socket': 'ok: the app token works',
    });
  });

  it('names the missing scopes and where to click', async () => {
    const url = await platform({
      '/auth.test': rightBot('chat:write,commands,im:history'),
      '/apps.connections.open': { body: { ok: false, error: 'missing_scope' } },
    });
    const said = await examined({ ...slackTokens, SLACK_API_URL: url });
    expect(said['Slack scopes']).toMatch(
      /^bad: missing .*files:write.*im:write.*users:read.*OAuth & Permissions/,
    );
    expect(said['Slack scopes']).not.toMatch(/missing .*chat:write/);
    expect(said['Slack socket']).toMatch(/^bad: the app token lacks connections:write.*App-Level Tokens/);
  });

  it('a refused token and a refused app token are told apart, and no token is repeated', async () => {
    const refused: Answer = { body: { ok: false, error: 'invalid_auth' } };
    const bot = await examined({ ...slackTokens, SLACK_API_URL: await platform({ '/auth.test': refused }) });
    expect(bot.Slack).toMatch(/^bad: the bot token is refused \(invalid_auth\).*SLACK_BOT_TOKEN/);
    const url = await platform({ '/auth.test': rightBot(), '/apps.connections.open': refused });
    const app = await examined({ ...slackTokens, SLACK_API_URL: url });
    expect(app['Slack socket']).toMatch(/^bad: the app token is refused \(invalid_auth\).*SLACK_APP_TOKEN/);
    expect(JSON.stringify([bot, app])).not.toContain('secret');
  });

  it('called by Slack it needs an https address', async () => {
    const url = await platform({ '/auth.test': rightBot() });
    const calls = {
      SLACK_BOT_TOKEN: 'xoxb-1-secret',
      SLACK_SIGNING_SECRET: '0123456789abcdef',
      SLACK_API_URL: url,
    };
    expect((await examined(calls))['Slack calls']).toMatch(/^bad: .*must be https/);
    const said = await examined({ ...calls, WICI_URL: 'https://wici.example' });
    expect(said['Slack calls']).toBe('ok: Slack calls https://wici.example/webhooks/slack');
  });

  it('without an answer the network is to be looked at', async () => {
    const said = await examined({ ...slackTokens, SLACK_API_URL: 'http://127.0.0.1:1' });
    expect(said.Slack).toMatch(/^bad: http:\/\/127.0.0.1:1 cannot be used \(no answer\).*SLACK_API_URL/);
  });
});

describe('what the doctor says of Discord', () => {
  const token = { DISCORD_BOT_TOKEN: 'a.b.secret' };

  it('who the bot is, on how many servers', async () => {
    const url = await platform({
      'Bot a.b.secret /v10/users/@me': { body: { id: '1', username: 'wici' } },
      '/v10/applications/@me': { body: { id: '12345678901234567', bot_public: false } },
      '/v10/users/@me/guilds': { body: [{ id: '2' }] },
    });
    const said = await examined({ ...token, DISCORD_API_URL: url });
    expect(said).toMatchObject({
      Discord: 'ok: the token works, the bot is wici',
      'Discord servers': 'ok: on 1',
    });
    expect(said).not.toHaveProperty('Discord bot');
  });

  it('on no server it gives the address that puts it on one', async () => {
    const url = await platform({
      '/v10/users/@me': { body: { username: 'wici' } },
      '/v10/applications/@me': { body: { id: '12345678901234567', bot_public: true } },
      '/v10/users/@me/guilds': { body: [] },
    });
    const said = await examined({ ...token, DISCORD_API_URL: url });
    expect(said['Discord servers']).toMatch(
      /^bad: .*client_id=12345678901234567&scope=bot\+applications.commands/,
    );
    expect(said['Discord bot']).toMatch(/^note: anybody may put it/);
  });

  it('a refused token says where a new one is made, and is not repeated', async () => {
    const url = await platform({ '/v10/users/@me': { status: 401, body: {} } });
    const said = await examined({ ...token, DISCORD_API_URL: url });
    expect(said.Discord).toMatch(/^bad: the token is refused.*Reset Token/);
    expect(JSON.stringify(said)).not.toContain('secret');
  });

  it('where Discord keeps to itself what it is asked, nothing is claimed', async () => {
    const url = await platform({ '/v10/users/@me': { body: { username: 'wici' } } });
    expect(await examined({ ...token, DISCORD_API_URL: url })).not.toHaveProperty('Discord servers');
  });
});

describe('what the doctor says of Telegram’s webhook', () => {
  const variables = {
    TELEGRAM_BOT_TOKEN: '1:abc',
    WICI_URL: 'https://wici.example',
    TELEGRAM_WEBHOOK: 'true',
  };
  const asked = async (result: object, more = variables as Record<string, string>) => {
    const url = await platform({
      '/bot1:abc/getMe': { body: { ok: true, result: { username: 'wici_bot' } } },
      '/bot1:abc/getWebhookInfo': { body: { ok: true, result } },
    });
    return (await examined({ ...more, TELEGRAM_API_URL: url }))['Telegram webhook'];
  };

  it('is set, was not reached, is not set yet, or is another one’s', async () => {
    expect(await asked({ url: 'https://x', pending_update_count: 0 })).toBe('ok: set, 0 waiting');
    expect(await asked({ url: 'https://x', pending_update_count: 3, last_error_message: 'timeout' })).toMatch(
      /^note: Telegram last could not call it \(timeout\), 3 waiting/,
    );
    expect(await asked({ url: '' })).toMatch(/^note: not set yet/);
    const polled = { TELEGRAM_BOT_TOKEN: '1:abc' };
    expect(await asked({ url: 'https://x' }, polled)).toMatch(/^note: another one is set/);
    expect(await asked({ url: '' }, polled)).toBeUndefined();
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
    const local = await platform({
      '/readyz': { body: { messengers: { webchat: 'connected', telegram: 'failing' } } },
    });
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
