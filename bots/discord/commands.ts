import type { LocalizationMap, RESTPostAPIChatInputApplicationCommandsJSONBody } from 'discord.js';
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  ChannelType,
  InteractionContextType,
  PermissionFlagsBits,
} from 'discord.js';
import type { Language } from '../../core/language.ts';
import { commandName, maxCommandDescription, maxCommands } from './limits.ts';
import { setUpCommand } from './parse.ts';

type Localized = { readonly [L in Language]: string };
type CommandBody = RESTPostAPIChatInputApplicationCommandsJSONBody;

export interface DiscordCommand {
  /** Lower case letters (also Polish ones), digits, - and _. */
  readonly name: Localized;
  readonly description: Localized;
  /** What may be written after the command: what the platform calls it, and what it is for; nothing when absent. */
  readonly argument?: { readonly name: Localized; readonly description: Localized };
}

/** The words this messenger says by itself, in one language. */
export interface DiscordTexts {
  /** Answers a command or the Join button in a server, seen by that person alone. */
  readonly seeDirectMessages: string;
  /** Answers the same when the person takes no direct messages. */
  readonly openDirectMessages: string;
  /** Stands on a list of which several may be marked: the platform sends the marks by itself once it closes. */
  readonly markSeveral: string;
  /** What `/wici setup` does. */
  readonly setUp: string;
  /** Its choice of a channel: the choice's name, and what it is for. */
  readonly channel: string;
  readonly setUpWhere: string;
}

/** Commands as the platform takes them: English is what is shown where no other language is known. */
export function commandBodies(
  commands: readonly DiscordCommand[],
  texts: { readonly [L in Language]: DiscordTexts } | undefined,
): CommandBody[] {
  const usable = commands.filter(({ name }) => Object.values(name).every((n) => commandName.test(n)));
  const bodies = usable.slice(0, maxCommands - 1).map(bodyOf);
  return texts ? [...bodies, setUpBody(texts)] : bodies;
}

function bodyOf({ name, description, argument }: DiscordCommand): CommandBody {
  return {
    type: ApplicationCommandType.ChatInput,
    name: name.en,
    name_localizations: { pl: name.pl },
    ...described(description),
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
    integration_types: [ApplicationIntegrationType.GuildInstall],
    ...(argument ? { options: [optionOf(argument)] } : {}),
  };
}

function optionOf({ name, description }: NonNullable<DiscordCommand['argument']>) {
  return {
    type: ApplicationCommandOptionType.String as const,
    name: name.en,
    name_localizations: { pl: name.pl },
    ...described(description),
  };
}

/** Shown to those alone who manage the server. */
function setUpBody({ pl, en }: { readonly [L in Language]: DiscordTexts }): CommandBody {
  const description = { pl: pl.setUp, en: en.setUp };
  return {
    type: ApplicationCommandType.ChatInput,
    name: setUpCommand.name,
    ...described(description),
    contexts: [InteractionContextType.Guild],
    integration_types: [ApplicationIntegrationType.GuildInstall],
    default_member_permissions: String(PermissionFlagsBits.ManageGuild),
    options: [
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: setUpCommand.subcommand,
        ...described(description),
        options: [
          {
            type: ApplicationCommandOptionType.Channel,
            name: setUpCommand.option,
            name_localizations: { pl: pl.channel },
            ...described({ pl: pl.setUpWhere, en: en.setUpWhere }),
            channel_types: [ChannelType.GuildText, ChannelType.GuildAnnouncement],
          },
        ],
      },
    ],
  };
}

function described({ pl, en }: Localized): {
  description: string;
  description_localizations: LocalizationMap;
} {
  return {
    description: en.slice(0, maxCommandDescription),
    description_localizations: { pl: pl.slice(0, maxCommandDescription) },
  };
}
