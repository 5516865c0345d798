/** The platform's numbers. Lengths are UTF-16 units unless said otherwise. */

/** https://discord.com/developers/docs/resources/message#create-message */
export const maxText = 2000;
/** Left free for small print, so that "read at 12:04" still fits when a message is edited. */
export const editReserve = 256;
/** https://discord.com/developers/docs/resources/message#attachment-object */
export const maxDescription = 1024;
/** Bytes; servers with boosts take more, direct messages do not. */
export const maxFileBytes = 10 * 1024 * 1024;
export const maxFiles = 10;
/** https://discord.com/developers/docs/components/reference#button */
export const maxButtonLabel = 80;
export const maxButtonUrl = 512;
export const maxRowButtons = 5;
export const maxRows = 5;
/** https://discord.com/developers/docs/components/reference#string-select */
export const maxOptions = 25;
export const maxOptionLabel = 100;
export const maxPlaceholder = 150;
/** https://discord.com/developers/docs/components/reference#anatomy-of-a-component */
export const maxCustomId = 100;
/** https://discord.com/developers/docs/interactions/receiving-and-responding, modals */
export const maxModalTitle = 45;
/** https://discord.com/developers/docs/components/reference#label */
export const maxFieldLabel = 45;
/** https://discord.com/developers/docs/components/reference#text-input */
export const maxInputText = 4000;
/** https://discord.com/developers/docs/resources/message#message-object, `nonce` */
export const maxNonce = 25;
/** https://discord.com/developers/docs/topics/rate-limits#global-rate-limit: 50, some of which stay free for other calls. */
export const messagesPerSecond = 40;
/** Not published; the headers say 5 in 5 seconds for a channel. */
export const perAddressIntervalMs = 1000;
export const perAddressBurst = 3;
/** https://discord.com/developers/docs/interactions/receiving-and-responding: 3 seconds, less the way there. */
export const acknowledgeWithinMs = 2000;
/** https://discord.com/developers/docs/resources/message#get-channel-messages */
export const maxHistory = 100;
/** Not published ("opening direct messages too fast", 40003): one new conversation a second has been taken. */
export const openingIntervalMs = 1000;
export const openingRefusedMs = 30_000;
/** https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-naming */
export const commandName = /^[-_'\p{Ll}\p{Lm}\p{Lo}\p{N}]{1,32}$/u;
export const maxCommandDescription = 100;
export const maxCommands = 100;
/** https://discord.com/developers/docs/reference#snowflakes */
export const snowflake = /^\d{17,20}$/;
/** How a server's channel is named as an address: a person's is the bare number. Our decision. */
export const channelAddress = /^#(\d{17,20})$/;
