import type { AdapterSettings } from '../bots/registry.ts';
import type { Language } from '../core/language.ts';
import type { Texts } from '../core/text.ts';
import type { DiscordConfig } from './config.ts';

type Settings = NonNullable<AdapterSettings['discord']>;
type Words = NonNullable<Settings['texts']>[Language];

/** What the adapter needs of the operator's settings, its slash commands and the words it says by itself. */
export function discordSettings(discord: DiscordConfig, texts: Texts): Settings {
  return {
    ...discord,
    commands: commandsOf(texts),
    texts: { pl: wordsOf(texts, 'pl'), en: wordsOf(texts, 'en') },
  };
}

type Commands = NonNullable<Settings['commands']>;

/** What may be written after these commands, by their English names. */
const argumentOf: { readonly [command: string]: 'code' | 'text' | undefined } = {
  start: 'code',
  link: 'code',
  report: 'text',
};

/**
 * The way in, the commands /help lists, one a line as "/name – what it does" (the same line in each language is the same
 * command), and /help itself.
 */
function commandsOf(texts: Texts): Commands {
  const said = (key: string) => ({
    pl: texts.translate('pl', `servers:commands.${key}`),
    en: texts.translate('en', `servers:commands.${key}`),
  });
  const [polish, english] = [linesOf(texts, 'pl'), linesOf(texts, 'en')];
  const listed = english.flatMap((en, line) => {
    const pl = polish[line];
    if (!pl) return [];
    const description = { pl: pl.description, en: en.description };
    return [{ name: { pl: pl.command, en: en.command }, description }];
  });
  const named = (command: string) => ({
    name: said(`${command}.name`),
    description: said(`${command}.description`),
  });
  return [named('start'), ...listed, named('help')].map((command) => {
    const argument = argumentOf[command.name.en];
    return argument ? { ...command, argument: named(argument) } : command;
  });
}

function linesOf(texts: Texts, language: Language) {
  const lines = texts.translate(language, 'chat:help.commands').matchAll(/^\/(\S+)\s+–\s+(.+)$/gmu);
  return [...lines].map(([, command = '', description = '']) => ({ command, description }));
}

function wordsOf(texts: Texts, language: Language): Words {
  return {
    seeDirectMessages: texts.translate(language, 'servers:begin.seeDirectMessages'),
    openDirectMessages: texts.translate(language, 'servers:begin.openDirectMessages'),
    markSeveral: texts.translate(language, 'servers:begin.markSeveral'),
    setUp: texts.translate(language, 'servers:begin.setUp'),
    channel: texts.translate(language, 'servers:begin.channel'),
    setUpWhere: texts.translate(language, 'servers:begin.setUpWhere'),
  };
}
