import { Command, Option } from 'commander';
import type { Role } from '../../core/audiences/audience.ts';
import { matchCompanies } from '../../core/companies/match.ts';
import { createInvitation } from '../../core/invitations/invitation.ts';
import { type Language, languages } from '../../core/language.ts';
import { findCompany } from '../../core/store/companies.ts';
import type { Db } from '../../core/store/schema.ts';
import type { Config, TelegramConfig } from '../config.ts';
import { OperatorError } from '../operator-error.ts';
import { askTelegram } from '../telegram-probe.ts';
import { moment, print } from './output.ts';
import { addressOf, withCore } from './with-core.ts';

interface Options {
  readonly name?: string;
  readonly company?: string;
  readonly role?: Role;
  readonly language?: Language;
  readonly expires?: string;
}

const examples = `
With --company and without --name the invitation serves the whole company, otherwise one person.

Examples:
  npx wici invite --name "Jan Przykład" --company "Przykładowa Budowa" --language pl
  npx wici invite --company "Przykładowa Budowa" --expires 2027-01-31
  npx wici invite --name "Anna Przykład" --role staff`;

export function inviteCommand(): Command {
  return new Command('invite')
    .description('make an invitation and print its links')
    .option('--name <name>', 'the person it is for')
    .option('--company <company>', "the company's name or id")
    .addOption(
      new Option('--role <role>', 'what the person will be').choices([
        'member',
        'staff',
        'administrator',
      ] satisfies Role[]),
    )
    .addOption(new Option('--language <language>', 'the language to begin in').choices(languages))
    .option('--expires <date>', 'last day it works, YYYY-MM-DD, or "never"')
    .addHelpText('after', examples)
    .action((options: Options) =>
      withCore(async ({ core, config }) => {
        const company = options.company ? await theCompany(core.db, options.company) : undefined;
        const { code, expires_at } = await core.transaction((unit) =>
          createInvitation(unit, {
            kind: company && !options.name && !options.role ? 'company' : 'personal',
            name: options.name,
            companyId: company,
            language: options.language,
            role: options.role,
            expiresAt: expiry(options.expires),
          }),
        );
        for (const way of await ways(config, code)) print(way);
        print(expires_at === null ? 'Works until it is revoked.' : `Works until ${moment(expires_at)}.`);
      }),
    );
}

async function theCompany(db: Db, typed: string): Promise<string> {
  const byId = await findCompany(db, typed);
  if (byId) return byId.id;
  const [best, second] = await matchCompanies(db, typed, 2);
  if (!best)
    throw new OperatorError(`--company: there is no company like "${typed}": check it on the console.`);
  const exact = best.name.localeCompare(typed, 'pl', { sensitivity: 'base' }) === 0;
  if (second && !exact) {
    throw new OperatorError(
      `--company: "${typed}" may be ${best.name} or ${second.name}: write the whole name.`,
    );
  }
  return best.id;
}

/** The end of that day on this machine's clock. */
function expiry(day: string | undefined): number | null | undefined {
  if (day === undefined) return undefined;
  if (day === 'never') return null;
  const end = isDay(day) ? Date.parse(`${day}T23:59:59`) : Number.NaN;
  if (Number.isNaN(end)) throw new OperatorError('--expires: write a date such as 2027-01-31, or never.', 2);
  return end;
}

/** A day of the calendar: JavaScript takes 31 February for 3 March. */
function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return at !== null && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** A line for each messenger that is on. Slack's and Discord's links carry no code: the person writes it themselves. */
async function ways(config: Config, code: string): Promise<string[]> {
  const { telegram, slack, discord } = config;
  return [
    `Web chat:  ${addressOf(config)}/chat?i=${code}`,
    ...(telegram ? [`Telegram:  ${await telegramWay(telegram, code)}`] : []),
    ...(slack ? [`Slack:     a message to the app that says ${code}`] : []),
    ...(discord ? [`Discord:   a message to the bot that says ${code}`] : []),
  ];
}

async function telegramWay(telegram: TelegramConfig, code: string): Promise<string> {
  const answer = await askTelegram(telegram);
  if ('handle' in answer) return `https://t.me/${answer.handle}?start=${code}`;
  return 'no link now, since Telegram does not say who the bot is: npx wici doctor says why';
}
