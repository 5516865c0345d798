import { Command } from 'commander';
import type { Language } from '../../core/language.ts';
import { firstAdministrator } from '../../core/sign-in/first-administrator.ts';
import { createSignInLink } from '../../core/sign-in/sign-in.ts';
import type { Core } from '../../core/unit.ts';
import { print } from './output.ts';
import { addressOf, withCore } from './with-core.ts';

export interface SignInOffer {
  readonly url: string;
  /** The administrator has been signed in before: the link is a spare one. */
  readonly signedIn: boolean;
}

/** A one-time link for the first administrator, who is made when there is none. */
export function offerSignIn(core: Core, address: string): Promise<SignInOffer> {
  return core.transaction(async (unit) => {
    const { id, signedIn } = await firstAdministrator(unit, languageOfMachine());
    return { url: `${address}/sign-in/${await createSignInLink(unit, id)}`, signedIn };
  });
}

/** The same, unless an administrator has been in already: then nothing is made. */
export function offerFirstSignIn(core: Core, address: string): Promise<SignInOffer | null> {
  return core.transaction(async (unit) => {
    const { id, signedIn } = await firstAdministrator(unit, languageOfMachine());
    if (signedIn) return null;
    return { url: `${address}/sign-in/${await createSignInLink(unit, id)}`, signedIn };
  });
}

export function signInCommand(): Command {
  return new Command('sign-in')
    .description('print a fresh one-time sign-in link for the administrator')
    .addHelpText('after', '\nExample:\n  npx wici sign-in')
    .action(async () => {
      await withCore(async ({ core, config }) => {
        const { url } = await offerSignIn(core, addressOf(config));
        print(`Open within 24 hours, it works once:\n  ${url}`);
      });
    });
}

/** The console's first language: the operator's own; it is changed there with one press. */
function languageOfMachine(): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  return /^en/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'en' : 'pl';
}
