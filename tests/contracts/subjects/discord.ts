import { expect, vi } from 'vitest';
import { DiscordAdapter } from '../../../bots/discord/adapter.ts';
import { shownText } from '../../emulators/discord/markdown.ts';
import { labelsOf, type Person } from '../../emulators/discord/person.ts';
import { DiscordEmulator } from '../../emulators/discord/server.ts';
import type { ContractPerson, ContractSubject, Seen } from '../channel-adapter.ts';

/** The adapter at the gateway. */
export async function discord(): Promise<ContractSubject> {
  const emulator = await DiscordEmulator.start();
  const adapter = new DiscordAdapter({
    token: emulator.token,
    apiUrl: emulator.url,
    backoffMs: () => 5,
    sendTimeoutMs: 500,
    openingIntervalMs: 0,
  });
  const error = (status: number) => () =>
    emulator.fail('postMessage', { kind: 'error', status, code: 0, message: String(status) });
  const people = new Map<string, Person>();
  const personOf = ({ externalId }: ContractPerson) => people.get(externalId) as Person;
  return {
    adapter,
    newPerson: async (language = 'pl') => {
      const person = emulator.person();
      person.account.locale = language === 'pl' ? 'pl' : 'en-GB';
      people.set(person.id, person);
      return driver(person);
    },
    groups: {
      open: async (title) => {
        const room = emulator.room(title);
        return {
          externalId: `#${room.id}`,
          title,
          seen: async () => room.shown().map(seenOf),
          write: async (person, text) => room.say(personOf(person), text),
          press: async (person, label) => {
            const asked = room.press(personOf(person), label);
            await vi.waitFor(() => expect(asked.answer).not.toBeNull(), { interval: 2 });
            return asked.shown?.ephemeral ? asked.shown.content : '';
          },
          rename: async (named) => room.rename(named),
          close: async () => room.allow('readOnly'),
        };
      },
    },
    faults: {
      unavailable: error(502),
      throttled: () => emulator.fail('postMessage', { kind: 'limit', retryAfter: 3, scope: 'global' }),
      // Its second try, which the nonce makes safe, meets the same silence.
      silence: () => emulator.fail('postMessage', { kind: 'silence', accepted: true }, 2),
      refused: error(401),
    },
    close: () => emulator.close(),
  };
}

/** The button that opens a question's own field is the field itself: its words, not one of the message's buttons. */
const sign = '✎ ';
const isField = (label: string) => label.startsWith(sign);

function driver(person: Person): ContractPerson {
  let marked = new Set<string>();
  return {
    externalId: person.id,
    write: async (text, replyTo) => {
      person.say(text, replyTo);
    },
    press: async (label) => {
      if (marked.size === 0) {
        person.press(label);
        return;
      }
      // The list is submitted as it closes; its label stands on it until then.
      const { component, message } = person.list();
      if (component.placeholder !== label) throw new Error(`no list "${label}" is shown`);
      person.select(component, [...marked], message);
      marked = new Set();
    },
    mark: async (labels) => {
      const { component } = person.list();
      for (const label of labels) {
        const value = component.options.find((o) => o.label === label)?.value;
        if (value === undefined) throw new Error(`no option "${label}" is shown`);
        if (!marked.delete(value)) marked.add(value);
      }
    },
    fill: async (label, words) => {
      const shown = person.shown().flatMap(labelsOf);
      person.press(shown.findLast((l) => l.replace(sign, '') === label) ?? label);
      await vi.waitFor(() => expect(person.account.window).not.toBeNull(), { timeout: 5000, interval: 5 });
      person.submit(words);
    },
    seen: async () => person.shown().map(seenOf),
  };
}

function seenOf(message: ReturnType<Person['shown']>[number]): Seen {
  const labels = labelsOf(message);
  const replyTo = message.message_reference?.message_id;
  return {
    externalMessageId: message.id,
    text: [shownText(message.content).text, ...labels.filter(isField)].join('\n'),
    labels: labels.filter((label) => !isField(label)),
    files: message.attachments.map((file) => file.filename),
    ...(replyTo ? { replyTo } : {}),
  };
}
