import type { SlackConfig } from '../config.ts';
import { askSlack } from '../slack-probe.ts';
import { bad, type Finding, note, ok, unusable } from './finding.ts';

const refusedTokens = ['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'account_inactive'];
const slackApps = 'https://api.slack.com/apps > your app';

/** The bot's token, its scopes, and the way Slack's events come in. `url`: where people reach Wici. */
export async function examineSlack(slack: SlackConfig, url: string): Promise<Finding[]> {
  const answer = await askSlack(slack);
  if ('refused' in answer) {
    if (!refusedTokens.includes(answer.refused))
      return [unusable('Slack', slack.apiUrl, answer.refused, 'SLACK_API_URL')];
    return [
      bad(
        'Slack',
        `the bot token is refused (${answer.refused}): copy SLACK_BOT_TOKEN again from ${slackApps} > Install App`,
      ),
    ];
  }
  const { handle, workspace, missingScopes, socket } = answer;
  return [
    ok('Slack', `the token works, the bot is ${handle} in ${workspace}`),
    ...scopes(missingScopes),
    socketFinding(socket, url),
  ];
}

function scopes(missing: readonly string[] | null): Finding[] {
  if (missing === null) return [note('Slack scopes', 'Slack did not say which the token has')];
  if (missing.length === 0) return [ok('Slack scopes', 'all that are needed')];
  return [
    bad(
      'Slack scopes',
      `missing ${missing.join(', ')}: ${slackApps} > OAuth & Permissions > Bot Token Scopes, add them, then Install App > Reinstall`,
    ),
  ];
}

function socketFinding(socket: 'ok' | { readonly refused: string } | null, url: string): Finding {
  if (socket === 'ok') return ok('Slack socket', 'the app token works');
  if (socket === null) {
    const line = `Slack calls ${url}/webhooks/slack`;
    return url.startsWith('https:')
      ? ok('Slack calls', line)
      : bad('Slack calls', `${line}, which must be https: set WICI_URL, or use SLACK_APP_TOKEN instead`);
  }
  const where = `${slackApps} > Basic Information > App-Level Tokens`;
  return bad(
    'Slack socket',
    socket.refused === 'missing_scope'
      ? `the app token lacks connections:write: make a new one with it at ${where}`
      : `the app token is refused (${socket.refused}): copy SLACK_APP_TOKEN again from ${where}, and see that Socket Mode is on`,
  );
}
