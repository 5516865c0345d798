import { commandName, maxCommandDescription, maxCommands } from '../limits.ts';
import { allowedUpdates } from '../parse.ts';
import type { BotApi } from './api.ts';
import type { Webhook } from './webhook.ts';

export interface Command {
  readonly command: string;
  readonly description: string;
}

export interface BotSetup {
  readonly webhook?: Webhook;
  readonly commands: { readonly [language: string]: readonly Command[] | undefined };
  readonly signal: AbortSignal;
  /** Something not needed for receiving was refused. */
  refused(what: string, error: unknown): void;
}

/** Asks who the bot is, says how it receives, and writes its menu. Returns its user name. Rejects as BotApi.call does. */
export async function setUpBot(api: BotApi, setup: BotSetup): Promise<string> {
  const options = { timeoutMs: 15_000, signal: setup.signal };
  const { username } = await api.call<{ username: string }>('getMe', {}, options);
  if (setup.webhook) {
    const { url, secret } = setup.webhook;
    await api.call('setWebhook', { url, secret_token: secret, allowed_updates: allowedUpdates }, options);
  } else {
    await api.call('deleteWebhook', {}, options);
  }
  for (const payload of menus(setup.commands)) {
    await api.call('setMyCommands', payload, options).catch((error) => setup.refused('menu', error));
  }
  return username;
}

/** One menu a language, and the last language's for everybody else. */
function menus(commands: BotSetup['commands']): object[] {
  const known = Object.entries(commands).flatMap(([language, list = []]) =>
    list.length > 0 ? [{ language_code: language, commands: sendable(list) }] : [],
  );
  const fallback = known.find((menu) => menu.language_code === 'en') ?? known.at(-1);
  return fallback ? [{ commands: fallback.commands }, ...known] : [];
}

function sendable(commands: readonly Command[]): Command[] {
  return commands
    .filter(({ command }) => commandName.test(command))
    .slice(0, maxCommands)
    .map(({ command, description }) => ({
      command,
      description: description.slice(0, maxCommandDescription),
    }));
}
