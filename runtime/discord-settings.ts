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

/** The commands /help lists, one a line as "/name – what it does": the same line in each language is the same command. */
function commandsOf(texts: Texts): NonNullable<Settings['commands']> {
  const [polish, english] = [linesOf(texts, 'pl'), linesOf(texts, 'en')];
  return english.flatMap((en, line) => {
    const pl = polish[line];
    if (!pl) return [];
    return [
      {
        name: { pl: pl.command, en: en.command },
        description: { pl: pl.description, en: en.description },
      },
    ];
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
    setUp: texts.translate(language, 'servers:begin.setUp'),
    channel: texts.translate(language, 'servers:begin.channel'),
    setUpWhere: texts.translate(language, 'servers:begin.setUpWhere'),
  };
}
