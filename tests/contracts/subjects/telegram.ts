import { expect, vi } from 'vitest';
import { TelegramAdapter } from '../../../bots/telegram/adapter.ts';
import type { Message } from '../../emulators/telegram/chats.ts';
import { buttonsOf, type Person } from '../../emulators/telegram/person.ts';
import { TelegramEmulator } from '../../emulators/telegram/server.ts';
import type { ContractPerson, ContractSubject, Seen } from '../channel-adapter.ts';
import { serveEndpoints } from '../endpoints.ts';

const quick = { backoffMs: () => 5, sendTimeoutMs: 1000 };

/** The adapter asks the stand-in for updates. */
export async function polledTelegram(): Promise<ContractSubject> {
  const emulator = await TelegramEmulator.start();
  const adapter = new TelegramAdapter({ token: emulator.token, apiUrl: emulator.url, ...quick });
  return subjectOf(emulator, adapter, async () => undefined);
}

/** The stand-in calls the adapter. */
export async function calledTelegram(): Promise<ContractSubject> {
  const emulator = await TelegramEmulator.start();
  const server = await serveEndpoints(() => adapter.endpoints);
  const url = `${server.url}/webhooks/telegram`;
  const adapter = new TelegramAdapter({
    token: emulator.token,
    apiUrl: emulator.url,
    webhook: { url, secret: 'webhook-secret' },
    ...quick,
  });
  return subjectOf(emulator, adapter, server.close);
}

function subjectOf(
  emulator: TelegramEmulator,
  adapter: TelegramAdapter,
  closeServer: () => Promise<void>,
): ContractSubject {
  const people = new Map<string, Person>();
  const personOf = (person: ContractPerson) => people.get(person.externalId) as Person;
  const error = (code: number, description: string, parameters?: object) => () =>
    emulator.fail('sendMessage', { kind: 'error', code, description, ...(parameters ? { parameters } : {}) });
  return {
    adapter,
    newPerson: async (language = 'pl') => {
      const person = emulator.person({ language_code: language });
      person.chat.state = 'open';
      people.set(person.id, person);
      return driver(person);
    },
    faults: {
      unavailable: error(502, 'Bad Gateway'),
      throttled: error(429, 'Too Many Requests: retry after 3', { retry_after: 3 }),
      silence: () => emulator.fail('sendMessage', { kind: 'silence', accepted: true }),
      refused: error(401, 'Unauthorized'),
    },
    blocking: {
      block: async (person) => personOf(person).block(),
      unblock: async (person) => personOf(person).unblock(),
    },
    groups: {
      open: async (title) => {
        const group = emulator.group(title);
        const founder = emulator.person();
        group.letIn(founder);
        return {
          externalId: group.id,
          title,
          seen: async () => group.shown().map((m) => seenOf(m, group.chat.messages)),
          write: async (person, text) => void group.say(personOf(person), text),
          press: async (person, label) => {
            const query = group.press(personOf(person), label);
            await vi.waitFor(() => expect(query.answered).toBe(true), { interval: 2 });
            return query.url ?? (query.alert ? (query.text ?? '') : '');
          },
          rename: async (named) => group.rename(founder, named),
          close: async () => group.letOut(founder),
        };
      },
    },
    close: async () => {
      await closeServer();
      await emulator.close();
    },
  };
}

function driver(person: Person): ContractPerson {
  return {
    externalId: person.id,
    write: async (text, replyTo) => {
      person.say(text, replyTo === undefined ? undefined : Number.parseInt(replyTo, 10));
    },
    press: async (label) => {
      person.press(label);
    },
    mark: async (labels) => {
      for (const label of labels) {
        const mark = () => person.labels().find((shown) => shown.slice(2) === label) ?? label;
        const before = mark();
        person.press(before);
        await vi.waitFor(() => expect(mark()).not.toBe(before), { interval: 2 });
      }
    },
    seen: async () => person.shown().map((message) => seenOf(message, person.chat.messages)),
  };
}

const idOf = (message: Message) => `${message.messageId}${message.media ? 'p' : ''}`;

function seenOf(message: Message, all: readonly Message[]): Seen {
  const answered = all.find((m) => m.messageId === message.replyTo);
  return {
    externalMessageId: idOf(message),
    text: message.text,
    labels: buttonsOf(message).map((button) => button.text),
    files: message.media ? [message.media.name] : [],
    ...(answered ? { replyTo: idOf(answered) } : {}),
  };
}
