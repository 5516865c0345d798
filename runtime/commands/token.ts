import { Command } from 'commander';
import { createApiToken, removeApiToken } from '../../core/api-tokens/api-tokens.ts';
import { listApiTokens } from '../../core/store/api-tokens.ts';
import { OperatorError } from '../operator-error.ts';
import { moment, print, printError, printTable } from './output.ts';
import { withCore } from './with-core.ts';

const examples = `
Examples:
  npx wici token create "newsletter"
  npx wici token list
  npx wici token revoke 01J0000000000000000000000`;

export function tokenCommand(): Command {
  return new Command('token')
    .description('make, list and revoke tokens for the API')
    .addHelpText('after', examples)
    .addCommand(create())
    .addCommand(list())
    .addCommand(revoke());
}

function create(): Command {
  return new Command('create')
    .description('make a token; it is shown once')
    .argument('[name]', 'what it is for', 'API')
    .action((name: string) =>
      withCore(async ({ core }) => {
        const { id, token } = await core.transaction((unit) => createApiToken(unit, name));
        // The token alone goes to standard output: TOKEN=$(npx wici token create)
        print(token);
        printError(`Keep it now: it is not shown again. Revoke it with: npx wici token revoke ${id}`);
      }),
    );
}

function list(): Command {
  return new Command('list').description('list all tokens').action(() =>
    withCore(async ({ core }) => {
      const tokens = await listApiTokens(core.db);
      if (tokens.length === 0) return print('There are no tokens yet: npx wici token create <name>');
      printTable([
        ['id', 'name', 'made', 'last used', 'state'],
        ...tokens.map((t) => [
          t.id,
          t.name,
          moment(t.created_at),
          t.last_used_at === null ? 'never' : moment(t.last_used_at),
          t.revoked_at === null ? 'works' : 'revoked',
        ]),
      ]);
    }),
  );
}

function revoke(): Command {
  return new Command('revoke')
    .description('make a token stop working at once')
    .argument('<id>', 'its id, from the list')
    .action((id: string) =>
      withCore(async ({ core }) => {
        const works = (await listApiTokens(core.db)).some((t) => t.id === id && t.revoked_at === null);
        if (!works) throw new OperatorError(`No token that works has the id ${id}: see npx wici token list`);
        await core.transaction((unit) => removeApiToken(unit, id));
        print('Revoked.');
      }),
    );
}
