import type { APIMessage, APIStringSelectComponent } from 'discord-api-types/v10';
import { shownText } from '../discord/markdown.ts';
import { componentsOf, type Person } from '../discord/person.ts';
import type { Room } from '../discord/room.ts';
import { DiscordEmulator } from '../discord/server.ts';
import type { Hand, Key, Shown, Stage } from './stage.ts';

const rates = { global: 50, perChannel: 5, windowMs: 5000, openings: 10 };

export async function discordStage(port: number): Promise<Stage> {
  const emulator = await DiscordEmulator.start({ port, rates });
  const room = emulator.room('wieści');
  return {
    title: 'Discord',
    variables: { DISCORD_BOT_TOKEN: emulator.token, DISCORD_API_URL: emulator.url },
    add: (name, language) => handOf(emulator, room, name, language),
    close: () => emulator.close(),
  };
}

/** Everybody sees the server's one channel below their own conversation. */
function handOf(emulator: DiscordEmulator, room: Room, name: string, language: string): Hand {
  const person = emulator.person(name);
  const { account } = person;
  account.locale = language === 'pl' ? 'pl' : 'en-GB';
  const marks = new Set<string>();
  const find = (id: string) => account.messages.find((message) => message.id === id);
  return {
    id: person.id,
    name,
    about: () => `${account.locale}, ${account.state}`,
    messages: () => [
      ...account.messages.map((message) => shown(message, marks)),
      ...room.shown().map((message) => inRoom(room, shown(message, marks))),
      ...asides(emulator, person),
    ],
    press: (id, key) => {
      const posted = room.shown().find((message) => message.id === id);
      if (posted) pressInRoom(room, person, posted, key);
      else press(person, find(id), key, marks);
    },
    say: (text, replyTo) => {
      const [, command = '', written = ''] = /^\/(\S+)\s*(.*)$/su.exec(text) ?? [];
      const offered = emulator.platform.commands.find(
        ({ name, name_localizations: names }) => command === name || command === names?.pl,
      );
      if (/^\/wici setup\b/.test(text)) room.setUp(person);
      else if (offered && (!written || offered.options)) person.slash(offered.name, written);
      else person.say(text, replyTo);
    },
    window: () => {
      const { window } = account;
      return window && { title: window.title, label: window.components[0]?.label ?? '', submit: 'Submit' };
    },
    submit: (words) => void person.submit(words),
    deeds: {
      'Close direct messages': () => Object.assign(account, { state: 'closed' }),
      'Open direct messages': () => Object.assign(account, { state: 'open' }),
    },
  };
}

function pressInRoom(room: Room, person: Person, message: APIMessage, key: string): void {
  const component = componentsOf(message)[Number(key)];
  if (component && 'custom_id' in component) room.pressData(person, component.custom_id, message);
}

const inRoom = ({ state }: Room, message: Shown): Shown => ({
  ...message,
  words: [{ text: `#${state.name}\n`, kind: 'small' }, ...message.words],
});

/** A list is marked first and submitted as it closes. */
function press(person: Person, message: APIMessage | undefined, key: string, marks: Set<string>): void {
  const [index = '', value] = key.split(' ', 2);
  const component = message && componentsOf(message)[Number(index)];
  if (!message || !component) return;
  if (component.type !== 3) {
    if ('custom_id' in component) person.pressData(component.custom_id, message);
    return;
  }
  const mark = markOf(message, component);
  if (value === undefined) {
    const picked = component.options.filter((option) => marks.has(mark(option.value)));
    for (const option of picked) marks.delete(mark(option.value));
    person.select(
      component,
      picked.map((option) => option.value),
      message,
    );
  } else if (component.max_values === undefined) person.select(component, [value], message);
  else if (!marks.delete(mark(value))) marks.add(mark(value));
}

const markOf = (message: APIMessage, component: APIStringSelectComponent) => (value: string) =>
  `${message.id} ${component.custom_id} ${value}`;

function shown(message: APIMessage, marks: ReadonlySet<string>): Shown {
  return {
    id: message.id,
    from: message.author.bot ? 'bot' : 'user',
    words: [{ text: shownText(message.content).text }],
    files: message.attachments.map(({ filename }) => filename),
    rows: componentsOf(message).flatMap((component, index): Key[][] => {
      if (component.type === 3) return listRows(message, component, index, marks);
      if ('url' in component) return [[{ label: component.label ?? '', url: component.url }]];
      return [[{ label: ('label' in component && component.label) || '', press: String(index) }]];
    }),
    replyTo: message.message_reference?.message_id ?? null,
    edits: message.edited_timestamp ? 1 : 0,
  };
}

function listRows(
  message: APIMessage,
  component: APIStringSelectComponent,
  index: number,
  marks: ReadonlySet<string>,
): Key[][] {
  const several = component.max_values !== undefined;
  const mark = markOf(message, component);
  const options = component.options.map(({ label, value }): Key[] => {
    const sign = several ? (marks.has(mark(value)) ? '☑ ' : '☐ ') : '';
    return [{ label: `${sign}${label}`, press: `${index} ${value}` }];
  });
  return several
    ? [...options, [{ label: `▸ ${component.placeholder ?? ''}`, press: String(index) }]]
    : options;
}

/** What the bot says to them alone, in the server. */
function asides({ platform }: DiscordEmulator, { id }: Person): Shown[] {
  const asked = [...platform.asked.values()].filter(({ userId, shown: aside }) => userId === id && aside);
  return asked.slice(-1).map(({ id: askedId, shown: aside }) => ({
    ...{ id: askedId, from: 'bot', files: [], rows: [], replyTo: null, edits: 0 },
    words: [{ text: 'For you alone:\n', kind: 'small' }, { text: aside?.content ?? '' }],
  }));
}
