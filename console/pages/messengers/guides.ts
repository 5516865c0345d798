import type { ChannelName } from '../../../core/channels/channel-name.ts';
import type { Drawing } from './drawing.tsx';

/** One step of connecting a messenger: its words stand under messengers.json "guide.<channel>.<id>". */
export interface Step {
  readonly id: string;
  /** A page of the messenger's to open. */
  readonly link?: string;
  /** To be copied as it is. */
  readonly copy?: readonly string[];
  /** The messenger's own description of our app is shown here, to be copied. */
  readonly manifest?: true;
  readonly drawing?: Drawing;
}

/** Whoever runs the server writes these lines; the values are the person's own. */
const settings = (...lines: readonly string[]): Step => ({
  id: 'settings',
  copy: lines,
  drawing: {
    title: '.env',
    content: [{ draw: 'code', lines: lines.map((line) => `${line}•••••`), here: 1 }],
  },
});

const botFather = 'Telegram · BotFather ✓';
const slack = 'api.slack.com · Your Apps';
const slackMenu = (chosen: string) =>
  ['Basic Information', 'Install App', 'OAuth'].map((entry) => (entry === chosen ? `${entry}*` : entry));
const discord = 'Discord Developer Portal';
const discordMenu = (chosen: string) =>
  ['General', 'Installation', 'OAuth2', 'Bot'].map((entry) => (entry === chosen ? `${entry}*` : entry));

/** How each messenger is connected, from nothing to a test message. */
export const guides: Readonly<Record<ChannelName, readonly Step[]>> = {
  webchat: [
    { id: 'nothing' },
    { id: 'address', copy: ['WICI_URL=https://'] },
    { id: 'invite', link: '/invitations/new' },
  ],
  telegram: [
    {
      id: 'find',
      link: 'https://t.me/BotFather',
      drawing: {
        title: 'Telegram',
        content: [
          { draw: 'field', label: 'Szukaj · Search', value: 'BotFather', here: 1 },
          { draw: 'said', words: ['BotFather ✓'] },
          { draw: 'button', label: 'START', here: 2 },
        ],
      },
    },
    {
      id: 'create',
      copy: ['/newbot'],
      drawing: {
        title: botFather,
        content: [
          { draw: 'said', words: ['/newbot'], own: true, here: 1 },
          { draw: 'said', words: ['Alright, a new bot.', 'Please choose a name.'] },
          { draw: 'said', words: ['Wici'], own: true, here: 2 },
          { draw: 'said', words: ['Now choose a username.'] },
          { draw: 'said', words: ['wici_example_bot'], own: true, here: 3 },
        ],
      },
    },
    {
      id: 'token',
      drawing: {
        title: botFather,
        content: [
          { draw: 'said', words: ['Done! Use this token to access', 'the HTTP API:'] },
          { draw: 'said', words: ['123456789:AAE••••••••'], here: 1 },
        ],
      },
    },
    settings('TELEGRAM_BOT_TOKEN='),
    { id: 'check' },
    {
      id: 'groups',
      drawing: {
        title: 'Telegram',
        content: [
          { draw: 'said', words: ['Grupa Przykładowa · Example group'], here: 1 },
          { draw: 'field', label: 'Szukaj · Search', value: '@wici_example_bot', here: 2 },
        ],
      },
    },
  ],
  slack: [
    {
      id: 'app',
      link: 'https://api.slack.com/apps',
      drawing: {
        title: slack,
        content: [
          { draw: 'button', label: 'Create New App', here: 1 },
          { draw: 'button', label: 'From a manifest', quiet: true, here: 2 },
          { draw: 'button', label: 'From scratch', quiet: true },
        ],
      },
    },
    {
      id: 'manifest',
      manifest: true,
      drawing: {
        title: 'Create app from manifest',
        content: [
          { draw: 'button', label: 'YAML', quiet: true, here: 1 },
          { draw: 'code', lines: ['display_information:', '  name: Wici', 'features:'], here: 2 },
          { draw: 'button', label: 'Next', here: 3 },
        ],
      },
    },
    {
      id: 'appToken',
      copy: ['connections:write'],
      drawing: {
        title: slack,
        menu: slackMenu('Basic Information'),
        content: [
          { draw: 'button', label: 'Generate Token and Scopes', here: 1 },
          { draw: 'field', label: 'Add Scope', value: 'connections:write', here: 2 },
          { draw: 'button', label: 'Generate', here: 3 },
          { draw: 'field', label: 'App-Level Token', value: 'xapp-••••••••', here: 4 },
        ],
      },
    },
    {
      id: 'install',
      drawing: {
        title: slack,
        menu: slackMenu('Install App'),
        content: [
          { draw: 'button', label: 'Install to Workspace', here: 1 },
          { draw: 'button', label: 'Allow', here: 2 },
          { draw: 'field', label: 'Bot User OAuth Token', value: 'xoxb-••••••••', here: 3 },
        ],
      },
    },
    settings('SLACK_BOT_TOKEN=xoxb-', 'SLACK_APP_TOKEN=xapp-'),
    { id: 'check' },
    { id: 'groups', copy: ['/invite @Wici'] },
    {
      id: 'called',
      copy: ['SLACK_SIGNING_SECRET='],
      drawing: {
        title: slack,
        content: [
          { draw: 'field', label: 'App Credentials · Signing Secret', value: '••••••••', here: 1 },
          { draw: 'field', label: 'Event Subscriptions · Request URL', value: 'https://…/webhooks/slack' },
          { draw: 'button', label: 'Retry', quiet: true, here: 2 },
          { draw: 'button', label: 'Save Changes', here: 3 },
        ],
      },
    },
    { id: 'renew', link: 'https://api.slack.com/apps' },
  ],
  discord: [
    {
      id: 'app',
      link: 'https://discord.com/developers/applications',
      drawing: {
        title: discord,
        content: [
          { draw: 'button', label: 'New Application', here: 1 },
          { draw: 'field', label: 'Name', value: 'Wici', here: 2 },
          { draw: 'button', label: 'Create', here: 3 },
        ],
      },
    },
    {
      id: 'token',
      drawing: {
        title: discord,
        menu: discordMenu('Bot'),
        content: [
          { draw: 'button', label: 'Reset Token', here: 1 },
          { draw: 'field', label: 'Token', value: 'MTI••••.••••.••••••••', here: 2 },
          { draw: 'button', label: 'Copy', quiet: true, here: 3 },
        ],
      },
    },
    {
      id: 'intents',
      drawing: {
        title: discord,
        menu: discordMenu('Bot'),
        content: [
          { draw: 'switch', label: 'Presence Intent', on: false },
          { draw: 'switch', label: 'Server Members Intent', on: false },
          { draw: 'switch', label: 'Message Content Intent', on: false },
        ],
      },
    },
    {
      id: 'invite',
      drawing: {
        title: discord,
        menu: discordMenu('OAuth2'),
        content: [
          { draw: 'tick', label: 'bot', on: true, here: 1 },
          { draw: 'tick', label: 'applications.commands', on: true, here: 2 },
          { draw: 'tick', label: 'View Channels', on: true, here: 3 },
          { draw: 'tick', label: 'Send Messages', on: true, here: 4 },
          { draw: 'tick', label: 'Attach Files', on: true, here: 5 },
          { draw: 'field', label: 'Generated URL', value: 'https://discord.com/oauth2…', here: 6 },
        ],
      },
    },
    settings('DISCORD_BOT_TOKEN='),
    { id: 'check' },
    { id: 'setup', copy: ['/wici setup'] },
    { id: 'groups' },
  ],
};
