import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { OperatorError } from './operator-error.ts';

/** The parts of Wici, in one process or several: the lines to the messengers, the work in the background, the pages and the API. */
export const roles = ['bots', 'jobs', 'console'] as const;
export type Role = (typeof roles)[number];

export const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** What the operator set, checked. What the network's own people set stands in the database instead. */
export interface Config {
  /** Where people reach Wici, without a trailing slash. */
  readonly url: string;
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** Absolute path. */
  readonly dataFolder: string;
  /** Signs and derives what must be kept from strangers; empty = made once and kept in the data folder. */
  readonly secret: string | undefined;
  /** One API token for every program that has no token of its own. */
  readonly apiToken: string | undefined;
  /** postgres://…, or undefined for a SQLite file in the data folder. */
  readonly databaseUrl: string | undefined;
  /** redis://…, or undefined for a queue of our own. */
  readonly redisUrl: string | undefined;
  readonly logLevel: (typeof logLevels)[number];
  readonly backup: BackupConfig;
  /** What this process does. */
  readonly roles: readonly Role[];
  readonly telegram: TelegramConfig | undefined;
  readonly slack: SlackConfig | undefined;
  readonly discord: DiscordConfig | undefined;
}

export interface BackupConfig {
  /** Absolute path. */
  readonly folder: string;
  /** "HH:MM" on the network's clock; null = none is made by itself. */
  readonly at: string | null;
  /** How many days', and how many weeks', newest ones are kept. */
  readonly keep: { readonly days: number; readonly weeks: number };
}

export interface TelegramConfig {
  readonly token: string;
  readonly apiUrl: string;
  /** The public address Telegram calls, or null for polling. */
  readonly webhook: string | null;
  /** In bulk, to all chats together. */
  readonly messagesPerSecond: number;
}

export interface SlackConfig {
  /** The bot's token, xoxb-…. */
  readonly token: string;
  /** Wici opens a socket to Slack (Socket Mode), or Slack calls Wici. */
  readonly receiving: { readonly appToken: string } | { readonly signingSecret: string };
  readonly apiUrl: string;
  /** To all of the workspace together. */
  readonly messagesPerSecond: number;
}

export interface DiscordConfig {
  readonly token: string;
  readonly apiUrl: string;
}

const telegramApi = 'https://api.telegram.org';

type Environment = Readonly<Record<string, string | undefined>>;

const address = (schemes: readonly string[], example: string) =>
  z
    .string()
    .refine((text) => hasScheme(text, schemes), { error: `must be an address such as ${example}` })
    .transform((text) => text.replace(/\/+$/, ''));

const rate = (usual: number) => {
  const error = `must be a number from 1 to 1000, such as ${usual}`;
  return z
    .string()
    .regex(/^\d{1,4}$/, error)
    .transform(Number)
    .refine((perSecond) => perSecond >= 1 && perSecond <= 1000, { error })
    .default(usual);
};

const keep = (example: string) =>
  z
    .string()
    .regex(/^\d{1,3}$/, `must be a number from 0 to 999, such as ${example}`)
    .transform(Number);

/** Each variable with what is wrong with it in words: the rest of the line is made in `complaint`. */
const each = z.object({
  WICI_URL: z
    .string()
    .refine(isSite, { error: 'must be an address without a path, such as https://wici.example.org' })
    .transform((text) => new URL(text).origin)
    .optional(),
  HOST: z
    .string()
    .regex(/^[^\s/]+$/, 'must be a host name or an IP address, such as 127.0.0.1')
    .default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a number from 0 to 65535, such as 8080')
    .transform(Number)
    .refine((port) => port <= 65_535, { error: 'must be a number from 0 to 65535, such as 8080' })
    .optional(),
  WICI_DATA: z.string().default('./data'),
  WICI_SECRET: z
    .string()
    .min(
      16,
      'must have at least 16 characters: leave it empty to have one made, or run "openssl rand -hex 32"',
    )
    .optional(),
  WICI_API_TOKEN: z
    .string()
    .regex(
      /^[\x21-\x7e]{8,512}$/,
      'must have 8 to 512 letters, digits or signs, no spaces and no letters such as ł: run "openssl rand -hex 32"',
    )
    .optional(),
  DATABASE_URL: address(
    ['postgres:', 'postgresql:'],
    'postgres://user:password@localhost:5432/wici (leave it empty for a SQLite file)',
  ).optional(),
  REDIS_URL: address(
    ['redis:', 'rediss:'],
    'redis://localhost:6379 (leave it empty for a queue of its own)',
  ).optional(),
  WICI_ROLES: z
    .string()
    .regex(
      /^\s*(bots|jobs|console)\s*(,\s*(bots|jobs|console)\s*)*$/,
      'must name one or more of bots, jobs, console, with commas between (leave it empty for all in one process)',
    )
    .transform((text) => roles.filter((role) => text.includes(role)))
    .default([...roles]),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  BACKUP_DIR: z.string().optional(),
  BACKUP_AT: z
    .string()
    .regex(/^(([01]\d|2[0-3]):[0-5]\d|off)$/, 'must be a time such as 03:30, or off')
    .default('03:30'),
  BACKUP_KEEP_DAYS: keep('7').default(7),
  BACKUP_KEEP_WEEKS: keep('4').default(4),
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]{3,}$/, 'must be the token @BotFather gave, such as 123456789:AAE…')
    .optional(),
  TELEGRAM_API_URL: address(['http:', 'https:'], telegramApi).default(telegramApi),
  TELEGRAM_WEBHOOK: z
    .string()
    .refine((text) => switched(text) !== null || hasScheme(text, ['http:', 'https:']), {
      error: 'must be true (Telegram then calls WICI_URL), an https:// address, or empty for polling',
    })
    .optional(),
  TELEGRAM_MESSAGES_PER_SECOND: rate(30),
  SLACK_BOT_TOKEN: z
    .string()
    .regex(/^xoxb-[\w-]{3,}$/, 'must be the bot token of the Slack app, which begins with xoxb-')
    .optional(),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-[\w-]{3,}$/, 'must be the app-level token of the Slack app, which begins with xapp-')
    .optional(),
  SLACK_SIGNING_SECRET: z
    .string()
    .regex(/^[0-9a-zA-Z]{8,}$/, 'must be the signing secret under "Basic Information" of the Slack app')
    .optional(),
  SLACK_API_URL: address(['http:', 'https:'], 'https://slack.com/api').default('https://slack.com/api'),
  SLACK_MESSAGES_PER_SECOND: rate(5),
  DISCORD_BOT_TOKEN: z
    .string()
    .regex(
      /^[\w-]+\.[\w-]+\.[\w-]+$/,
      'must be the token under "Bot" in the Discord developer portal, three parts joined by dots',
    )
    .optional(),
  DISCORD_API_URL: address(['http:', 'https:'], 'https://discord.com/api').default('https://discord.com/api'),
});

/** What only makes sense together; asked once each by itself is right. */
const variables = each
  .refine((set) => !set.SLACK_BOT_TOKEN || set.SLACK_APP_TOKEN || set.SLACK_SIGNING_SECRET, {
    path: ['SLACK_APP_TOKEN'],
    error: 'must be set beside SLACK_BOT_TOKEN (or SLACK_SIGNING_SECRET, when Slack is to call Wici)',
    when: ({ issues }) => issues.length === 0,
  })
  .refine((set) => set.SLACK_BOT_TOKEN || !(set.SLACK_APP_TOKEN || set.SLACK_SIGNING_SECRET), {
    path: ['SLACK_BOT_TOKEN'],
    error: 'must be set beside SLACK_APP_TOKEN or SLACK_SIGNING_SECRET: Slack needs both',
    when: ({ issues }) => issues.length === 0,
  })
  .refine((set) => !set.TELEGRAM_BOT_TOKEN || set.TELEGRAM_API_URL !== telegramApi || callable(set), {
    path: ['TELEGRAM_WEBHOOK'],
    error:
      'must lead to an https:// address, Telegram calls no other: set WICI_URL to one, or leave it empty for polling',
    when: ({ issues }) => issues.length === 0,
  });

/** Whether Telegram itself would call the address its webhook is given; polling needs none. */
function callable({ TELEGRAM_WEBHOOK, WICI_URL }: z.infer<typeof each>): boolean {
  const webhook = webhookAddress(TELEGRAM_WEBHOOK, WICI_URL ?? '');
  return webhook === null || hasScheme(webhook, ['https:']);
}

/** What processes that share the work need in common. */
function meetingPlaces(set: z.infer<typeof variables>): string[] {
  const needed = ['DATABASE_URL', 'REDIS_URL', 'WICI_URL'] as const;
  return needed.filter((name) => set[name] === undefined);
}

/** Reads the environment. Throws OperatorError naming every wrong variable, a line each. */
export function readConfig(environment: Environment = process.env): Config {
  const given = Object.entries(environment).flatMap(([name, value]) => {
    const text = value?.trim();
    return name in each.shape && text ? [[name, text]] : [];
  });
  const parsed = variables.safeParse(Object.fromEntries(given));
  if (!parsed.success) throw new OperatorError(parsed.error.issues.map(complaint).join('\n'), 2);
  const set = parsed.data;
  const partial = roles.some((role) => !set.WICI_ROLES.includes(role));
  const missing = partial ? meetingPlaces(set) : [];
  if (missing.length > 0) {
    throw new OperatorError(
      `WICI_ROLES: a process for ${set.WICI_ROLES.join(' and ')} alone works only beside others on one PostgreSQL and one Redis: ` +
        `set ${missing.join(' and ')} the same for all of them, or leave WICI_ROLES empty to run everything in one process.`,
      2,
    );
  }
  const port = set.PORT ?? (set.WICI_ROLES.includes('console') ? 8080 : 0);
  const url = set.WICI_URL ?? `http://localhost:${port}`;
  return {
    url,
    host: set.HOST,
    port,
    dataFolder: resolve(set.WICI_DATA),
    secret: set.WICI_SECRET,
    apiToken: set.WICI_API_TOKEN,
    databaseUrl: set.DATABASE_URL,
    redisUrl: set.REDIS_URL,
    logLevel: set.LOG_LEVEL,
    backup: {
      folder: resolve(set.BACKUP_DIR ?? join(set.WICI_DATA, 'backups')),
      at: set.BACKUP_AT === 'off' ? null : set.BACKUP_AT,
      keep: { days: set.BACKUP_KEEP_DAYS, weeks: set.BACKUP_KEEP_WEEKS },
    },
    roles: set.WICI_ROLES,
    telegram: set.TELEGRAM_BOT_TOKEN
      ? {
          token: set.TELEGRAM_BOT_TOKEN,
          apiUrl: set.TELEGRAM_API_URL,
          webhook: webhookAddress(set.TELEGRAM_WEBHOOK, url),
          messagesPerSecond: set.TELEGRAM_MESSAGES_PER_SECOND,
        }
      : undefined,
    slack: slackOf(set),
    discord: set.DISCORD_BOT_TOKEN
      ? { token: set.DISCORD_BOT_TOKEN, apiUrl: set.DISCORD_API_URL }
      : undefined,
  };
}

/** With both the socket is used: it needs no public address. */
function slackOf(set: z.infer<typeof variables>): SlackConfig | undefined {
  const { SLACK_BOT_TOKEN: token, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = set;
  if (!token) return undefined;
  const rest = { token, apiUrl: set.SLACK_API_URL, messagesPerSecond: set.SLACK_MESSAGES_PER_SECOND };
  if (appToken) return { ...rest, receiving: { appToken } };
  return signingSecret ? { ...rest, receiving: { signingSecret } } : undefined;
}

/** Adds what .env in the working folder says; the environment itself is stronger. */
export function loadEnvironmentFile(file = '.env'): void {
  if (!existsSync(file)) return;
  try {
    process.loadEnvFile(file);
  } catch {
    throw new OperatorError(`${file} cannot be read: make it readable for this user, or remove it.`, 2);
  }
}

// The value is not repeated: it may be a secret, and the operator has it before their eyes.
function complaint({ path, message }: z.core.$ZodIssue): string {
  return `${path.join('.')} ${message}.`;
}

function hasScheme(text: string, schemes: readonly string[]): boolean {
  return URL.canParse(text) && schemes.includes(new URL(text).protocol);
}

/** Nothing but scheme, host and port: Wici answers at the root of an address only. */
function isSite(text: string): boolean {
  if (!hasScheme(text, ['http:', 'https:'])) return false;
  const { origin, href } = new URL(text);
  return href === `${origin}/`;
}

function switched(text: string): boolean | null {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  return /^(0|false|no|off|polling)$/i.test(text) ? false : null;
}

function webhookAddress(value: string | undefined, url: string): string | null {
  const on = switched(value ?? 'false');
  if (on === null) return value ?? null;
  return on ? url : null;
}
