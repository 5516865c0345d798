/** The platform's numbers. Lengths are UTF-16 units unless said otherwise. */

/** https://core.telegram.org/bots/api#sendmessage, after entities are parsed */
export const maxText = 4096;
/** https://core.telegram.org/bots/api#sendphoto */
export const maxCaption = 1024;
/** Left free when a message is first sent, so that "read at 12:04" still fits when it is edited. */
export const editReserve = 256;
/** https://core.telegram.org/bots/api#inlinekeyboardbutton, bytes */
export const maxCallbackData = 64;
/** Longer labels are cut short by the apps: the full words then stand in the text. */
export const maxButtonLabel = 40;
/** Labels of buttons side by side, together, that a narrow phone still shows whole. */
export const maxRowLabels = 30;
/** https://core.telegram.org/bots/features#deep-linking: [A-Za-z0-9_-] */
export const maxStartPayload = 64;
/** https://core.telegram.org/bots/api#sending-files, bytes */
export const maxPhotoBytes = 10 * 1024 * 1024;
export const maxFileBytes = 50 * 1024 * 1024;
/** https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this */
export const messagesPerSecond = 30;
export const perAddressIntervalMs = 1000;
/** "Short bursts" are allowed there: the mark of a pressed button and the next question come together. */
export const perAddressBurst = 3;
/** https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: 20 a minute in one group. */
export const perGroupIntervalMs = 3000;
/** https://core.telegram.org/bots/api#answercallbackquery */
export const maxAlert = 200;
/** https://core.telegram.org/bots/api#getupdates */
export const maxUpdates = 100;
export const longPollSeconds = 25;
/** https://core.telegram.org/bots/api#setwebhook: 1-256 characters of [A-Za-z0-9_-] */
export const webhookSecret = /^[A-Za-z0-9_-]{1,256}$/;
/** https://core.telegram.org/bots/api#botcommand */
export const commandName = /^[a-z0-9_]{1,32}$/;
export const maxCommandDescription = 256;
export const maxCommands = 100;
/** No update of the kinds asked for is larger, bytes. */
export const maxUpdateBytes = 1024 * 1024;
/** Open to the platform at once: at a hundred milliseconds an answer enough for paid broadcasts' thousand a second. */
export const connections = 128;
