import { type MessageBlocks, wordsOf } from '../slack/blocks.ts';
import { type Person, type PressableElement, pressable } from '../slack/person.ts';
import { SlackEmulator } from '../slack/server.ts';
import type { Message, Room } from '../slack/workspace.ts';
import type { Hand, Shown, Stage } from './stage.ts';

const rates = { perConversationPerSecond: 1, perMinute: 300, retryAfter: 1 };

export async function slackStage(port: number): Promise<Stage> {
  const emulator = await SlackEmulator.start({ port, rates });
  const room = emulator.room('wieści');
  return {
    title: 'Slack',
    variables: {
      SLACK_BOT_TOKEN: emulator.token,
      SLACK_APP_TOKEN: emulator.appToken,
      SLACK_API_URL: emulator.apiUrl,
    },
    add: (name, language) => handOf(emulator, room, name, language),
    close: () => emulator.close(),
  };
}

const homeId = 'home';

/** Everybody sees the workspace's one channel, and what they alone are told there, below their own conversation. */
function handOf(emulator: SlackEmulator, room: Room, name: string, language: string): Hand {
  const [called = ''] = name.toLowerCase().match(/[a-z\d]+/) ?? [];
  const email = `${called}@example.org`;
  const person = emulator.person({ name, email, locale: language === 'pl' ? 'pl-PL' : 'en-GB' });
  const { user } = person;
  const { messages, asides } = emulator.platform.workspace;
  const mine = () => messages.filter(({ channel }) => channel === user.conversation);
  const posted = () => messages.filter(({ channel }) => channel === room.id);
  const find = (id: string) =>
    id === homeId ? user.home : [...mine(), ...posted()].find(({ ts }) => ts === id);
  return {
    id: user.id,
    name,
    about: () => `${user.locale}, ${email}`,
    messages: () => [
      ...mine().map((message) => shownMessage(person, message)),
      ...posted().map((message) => below(`#${room.name}`, shownMessage(person, message))),
      ...asides
        .filter((aside) => aside.user === user.id)
        .slice(-1)
        .map(({ words }) => below('For you alone:', bare('aside', words))),
      ...shownHome(person),
    ],
    press: (id, key) => {
      const on = find(id);
      const element = on && pressable(on)[Number(key)];
      if (element) void person.pressElement(on, element);
    },
    say: (text, replyTo) => {
      const [, command] = /^\/wici\s*(.*)$/su.exec(text) ?? [];
      void (command === undefined ? person.say(text, replyTo) : person.command(command, room.id));
    },
    window: () => {
      const view = user.view?.view;
      const input = view?.blocks.find((block) => block.type === 'input');
      if (!view) return null;
      return { title: view.title.text, label: input?.label.text ?? '', submit: view.submit?.text ?? '' };
    },
    submit: (words) => void person.submit(words),
    deeds: { 'Open the app’s home': () => void person.openHome() },
  };
}

function shownMessage(person: Person, message: Message): Shown {
  const { ts, from, blocks, text, thread, edits, selected } = message;
  return {
    ...{ id: ts, from, replyTo: thread, edits, rows: rowsOf(pressable(message), selected) },
    words: blocks.length > 0 ? wordsIn(blocks) : [{ text }],
    files: person.files(message),
  };
}

const bare = (id: string, text: string): Shown => ({
  ...{ id, from: 'bot', files: [], rows: [], replyTo: null, edits: 0 },
  words: [{ text }],
});

const below = (heading: string, message: Shown): Shown => ({
  ...message,
  words: [{ text: `${heading}\n`, kind: 'small' }, ...message.words],
});

function shownHome({ user: { home } }: Person): Shown[] {
  if (!home) return [];
  const rows = rowsOf(pressable(home), home.selected);
  const words = [{ text: 'The app’s home\n', kind: 'bold' }, ...wordsIn(home.blocks)];
  return [{ id: homeId, from: 'bot', words, rows, files: [], replyTo: null, edits: 0 }];
}

const kinds: Readonly<Record<string, string>> = { header: 'bold', context: 'small', rich_text: 'rich' };

function wordsIn(blocks: MessageBlocks): { text: string; kind?: string }[] {
  return blocks.flatMap((block) => {
    const said = wordsOf([block]).join('\n');
    const kind = kinds[block.type];
    return said === '' ? [] : [{ text: `${said}\n`, ...(kind ? { kind } : {}) }];
  });
}

type Selected = Message['selected'];

/** Buttons of a block side by side; options one under another, with the marks they bear. */
function rowsOf(elements: readonly PressableElement[], selected: Selected): Shown['rows'] {
  const rows = new Map<string, { label: string; url?: string; press?: string }[]>();
  for (const [index, element] of elements.entries()) {
    const { kind, blockId, actionId, label, value, url } = element;
    const row = kind === 'button' ? blockId : `${blockId} ${index}`;
    const marked = selected.get(blockId)?.get(actionId)?.includes(String(value));
    const sign = kind === 'button' ? '' : marked ? '☑ ' : '☐ ';
    const key = { label: `${sign}${label}`, ...(url ? { url } : { press: String(index) }) };
    rows.set(row, [...(rows.get(row) ?? []), key]);
  }
  return [...rows.values()];
}
