import type { Message } from '../telegram/chats.ts';
import { TelegramEmulator } from '../telegram/server.ts';
import type { Hand, Shown, Stage } from './stage.ts';

/** Rates are the platform's own, so that what Wici does when told to wait can be watched too. */
const rates = { perSecond: 30, perChatPerSecond: 5, retryAfter: 1 };

export async function telegramStage(port: number): Promise<Stage> {
  const emulator = await TelegramEmulator.start({ port, rates });
  return {
    title: 'Telegram',
    variables: { TELEGRAM_BOT_TOKEN: emulator.token, TELEGRAM_API_URL: emulator.url },
    add: (name, language) => handOf(emulator, name, language),
    close: () => emulator.close(),
  };
}

function handOf(emulator: TelegramEmulator, name: string, language: string): Hand {
  const person = emulator.person({ first_name: name, language_code: language });
  const { chat } = person;
  const find = (id: string) => chat.messages.find(({ messageId }) => String(messageId) === id);
  return {
    id: person.id,
    name,
    about: () => `${language}, ${chat.state}`,
    messages: () => chat.messages.map(shown),
    press: (message, key) => void person.pressData(key, find(message)),
    say: (text, replyTo) => void person.say(text, find(replyTo ?? '')?.messageId),
    window: () => null,
    submit: () => undefined,
    deeds: { Block: () => person.block(), Unblock: () => person.unblock() },
  };
}

function shown({ messageId, from, text, entities, media, markup, replyTo, edits }: Message): Shown {
  const words: { text: string; kind?: string }[] = [];
  let at = 0;
  for (const { type, offset, length } of entities) {
    words.push({ text: text.slice(at, offset) }, { text: text.slice(offset, offset + length), kind: type });
    at = offset + length;
  }
  words.push({ text: text.slice(at) });
  return {
    ...{ id: String(messageId), from, words, edits },
    files: media ? [media.name] : [],
    rows: (markup?.inline_keyboard ?? []).map((row) =>
      row.map(({ text: label, url, callback_data: press }) =>
        url ? { label, url } : { label, press: press ?? '' },
      ),
    ),
    replyTo: replyTo === null ? null : String(replyTo),
  };
}
