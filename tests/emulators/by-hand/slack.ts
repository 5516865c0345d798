import { type MessageBlocks, wordsOf } from '../slack/blocks.ts';
import { type Person, type PressableElement, pressable } from '../slack/person.ts';
import { SlackEmulator } from '../slack/server.ts';
import type { Message } from '../slack/workspace.ts';
import type { Hand, Shown, Stage } from './stage.ts';

const rates = { perConversationPerSecond: 1, perMinute: 300, retryAfter: 1 };

export async function slackStage(port: number): Promise<Stage> {
  const emulator = await SlackEmulator.start({ port, rates });
  return {
    title: 'Slack',
    variables: {
      SLACK_BOT_TOKEN: emulator.token,
      SLACK_APP_TOKEN: emulator.appToken,
      SLACK_API_URL: emulator.apiUrl,
    },
    add: (name, language) => handOf(emulator, name, language),
    close: () => emulator.close(),
  };
}

const homeId = 'home';

function handOf(emulator: SlackEmulator, name: string, language: string): Hand {
  const person = emulator.person({ name, locale: language === 'pl' ? 'pl-PL' : 'en-GB' });
  const { user } = person;
  const { messages } = emulator.platform.workspace;
  const mine = () => messages.filter(({ channel }) => channel === user.conversation);
  const find = (id: string) => (id === homeId ? user.home : mine().find(({ ts }) => ts === id));
  return {
    id: user.id,
    name,
    about: () => user.locale,
    messages: () => [...mine().map((message) => shownMessage(person, message)), ...shownHome(person)],
    press: (id, key) => {
      const on = find(id);
      const element = on && pressable(on)[Number(key)];
      if (element) void person.pressElement(on, element);
    },
    say: (text, replyTo) => {
      const [, command] = /^\/wici\s*(.*)$/su.exec(text) ?? [];
      void (command === undefined ? person.say(text, replyTo) : person.command(command));
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
