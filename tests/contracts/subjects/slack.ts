import { expect, vi } from 'vitest';
import { SlackAdapter, type SlackOptions } from '../../../bots/slack/adapter.ts';
import { type Person, type PressableElement, pressable } from '../../emulators/slack/person.ts';
import { SlackEmulator } from '../../emulators/slack/server.ts';
import type { Message } from '../../emulators/slack/workspace.ts';
import { manifestScopes } from '../../support/slack-manifest.ts';
import type { ContractPerson, ContractSubject, Seen } from '../channel-adapter.ts';
import { serveEndpoints } from '../endpoints.ts';

const quick = { backoffMs: () => 5, sendTimeoutMs: 1000 };

function adapterFor(emulator: SlackEmulator, receiving: SlackOptions['receiving']): SlackAdapter {
  return new SlackAdapter({ token: emulator.token, apiUrl: emulator.apiUrl, receiving, ...quick });
}

/** The adapter opens the socket. */
export async function socketSlack(): Promise<ContractSubject> {
  const emulator = await SlackEmulator.start({ scopes: manifestScopes });
  const adapter = adapterFor(emulator, { appToken: emulator.appToken });
  return subjectOf(emulator, adapter, async () => undefined);
}

/** The stand-in calls the adapter. */
export async function calledSlack(): Promise<ContractSubject> {
  const server = await serveEndpoints(() => adapter.endpoints);
  const emulator = await SlackEmulator.start({
    eventsUrl: `${server.url}/webhooks/slack`,
    scopes: manifestScopes,
  });
  const adapter = adapterFor(emulator, { signingSecret: emulator.signingSecret });
  return subjectOf(emulator, adapter, server.close);
}

function subjectOf(
  emulator: SlackEmulator,
  adapter: SlackAdapter,
  closeServer: () => Promise<void>,
): ContractSubject {
  const people = new Map<string, Person>();
  const personOf = ({ externalId }: ContractPerson): Person => {
    const person = people.get(externalId);
    if (!person) throw new Error('nobody of this workspace');
    return person;
  };
  return {
    adapter,
    newPerson: async (language = 'pl') => {
      const person = emulator.person({ locale: language === 'pl' ? 'pl-PL' : 'en-GB' });
      people.set(person.id, person);
      return driver(person);
    },
    home: {
      open: async (person) => void personOf(person).openHome(),
      seen: (person) => {
        const { words, labels } = personOf(person).home();
        return { text: words, labels };
      },
      press: async (person, label) => void personOf(person).pressHome(label),
    },
    groups: {
      open: async (title) => {
        const room = emulator.room(title);
        const { workspace } = emulator.platform;
        return {
          externalId: room.id,
          title,
          seen: async () => {
            const posted = workspace.messages.filter((m) => m.channel === room.id && m.from === 'bot');
            const reader = emulator.person();
            return posted.map((message) => seenOf(message, reader, posted));
          },
          write: async (person, text) => personOf(person).sayIn(room, text),
          press: async (person, label) => {
            const before = workspace.asides.length;
            void personOf(person).pressIn(room, label);
            await vi.waitFor(() => expect(workspace.asides.length).toBeGreaterThan(before), { interval: 2 });
            const aside = workspace.asides.at(-1);
            return aside?.user === person.externalId && aside.channel === room.id ? aside.words : '';
          },
          rename: async (named) => {
            room.name = named;
          },
          close: async () => {
            room.member = false;
          },
        };
      },
    },
    faults: {
      unavailable: () => emulator.fail('chat.postMessage', { kind: 'page', status: 503 }),
      throttled: () => emulator.fail('chat.postMessage', { kind: 'rateLimited', retryAfter: 3 }),
      silence: () => emulator.fail('chat.postMessage', { kind: 'silence', accepted: true }),
      refused: () => emulator.fail('chat.postMessage', { kind: 'error', error: 'invalid_auth' }),
    },
    close: async () => {
      await closeServer();
      await emulator.close();
      expect(emulator.socket.violations).toEqual([]);
    },
  };
}

/** The button that opens a window is the field itself: its words, not one of the message's buttons. */
const isField = (element: PressableElement) => element.actionId.startsWith('write-');

function driver(person: Person): ContractPerson {
  const thread = (id: string | undefined) => id?.slice(id.indexOf(':') + 1);
  return {
    externalId: person.id,
    write: async (text, replyTo) => {
      const [, command] = /^\/wici (.*)$/s.exec(text) ?? [];
      if (command !== undefined) void person.command(command);
      // Slack's apps take a slash for a command of theirs, and send nothing when they know none of that name.
      else if (/^\/\S/.test(text)) throw new Error(`${text} is not a valid command`);
      else void person.say(text, thread(replyTo));
    },
    press: async (label) => void person.press(label),
    mark: async (labels) => {
      for (const label of labels) await person.press(label);
    },
    fill: async (label, words) => {
      const button = person
        .shown()
        .flatMap(pressable)
        .findLast((e) => e.label.replace('✎ ', '') === label);
      void person.press(button?.label ?? label);
      await vi.waitFor(() => expect(person.user.view).not.toBeNull(), { timeout: 5000, interval: 5 });
      void person.submit(words);
    },
    seen: async () => person.shown().map((message) => seenOf(message, person, person.shown())),
  };
}

const idOf = (message: Message) => `${message.channel}:${message.ts}`;

function seenOf(message: Message, reader: Person, all: readonly Message[]): Seen {
  const elements = pressable(message);
  const answered = all.find((m) => m.ts === message.thread);
  return {
    externalMessageId: idOf(message),
    text: [reader.words(message), ...elements.filter(isField).map((e) => e.label)].join('\n'),
    labels: elements.filter((e) => !isField(e)).map((e) => e.label),
    files: reader.files(message),
    ...(answered ? { replyTo: idOf(answered) } : {}),
  };
}

vi.setConfig({ testTimeout: 15_000 });
