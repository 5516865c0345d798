import { Command, Option } from 'commander';
import type { Role } from '../../core/audiences/audience.ts';
import { matchCompanies } from '../../core/companies/match.ts';
import { createInvitation } from '../../core/invitations/invitation.ts';
import { type Language, languages } from '../../core/language.ts';
import { findCompany } from '../../core/store/companies.ts';
import type { Db } from '../../core/store/schema.ts';
import type { Config } from '../config.ts';
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
        for (const link of await links(config, code)) print(link);
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
  const end = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T23:59:59`) : Number.NaN;
  if (Number.isNaN(end)) throw new OperatorError('--expires: write a date such as 2027-01-31, or never.', 2);
  return end;
}

async function links(config: Config, code: string): Promise<string[]> {
  const all = [`Web chat:  ${addressOf(config)}/chat?i=${code}`];
  if (config.telegram) {
    const answer = await askTelegram(config.telegram);
    if ('handle' in answer) all.push(`Telegram:  https://t.me/${answer.handle}?start=${code}`);
  }
  return all;
}
