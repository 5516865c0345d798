import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Role } from '../../core/audiences/audience.ts';
import type { Language } from '../../core/language.ts';
import type { Message } from '../emulators/telegram/chats.ts';
import { buttonsOf, type Person } from '../emulators/telegram/person.ts';
import { type EmulatorOptions, TelegramEmulator } from '../emulators/telegram/server.ts';
import { type Counts, type Environment, WiciProcess } from '../reliability/wici.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** The built program on an empty data folder, and a Telegram for it to talk to. */
export interface World {
  readonly wici: WiciProcess;
  readonly telegram: TelegramEmulator;
  close(): Promise<void>;
}

/** `prepare` works on the data before the program does. */
export async function openWorld(
  variables: Record<string, string> = {},
  options: EmulatorOptions & {
    readonly prepare?: (environment: Environment, telegram: TelegramEmulator) => Promise<void>;
  } = {},
): Promise<World> {
  const { prepare, ...emulator } = options;
  const telegram = await TelegramEmulator.start(emulator);
  const { folder, remove } = makeTempFolder();
  const environment: Environment = {
    dataFolder: folder,
    variables: { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_URL: telegram.url, ...variables },
  };
  const closeRest = async () => {
    await telegram.close();
    remove();
  };
  try {
    await prepare?.(environment, telegram);
    const wici = await WiciProcess.start(environment);
    const close = async () => {
      await wici.end('SIGINT');
      await closeRest();
    };
    return { wici, telegram, close };
  } catch (error) {
    await closeRest();
    throw error;
  }
}

/** What a person reads and presses on the way, in either language. */
export const words = {
  pl: {
    language: 'Polski',
    welcome: 'Witaj w sieci',
    agree: 'Zgadzam się, dołączam',
    joined: 'Gotowe, jesteś w sieci',
    read: 'Przeczytane ✓',
    undo: 'Cofnij',
    alreadyRead: 'Mamy już Twoje potwierdzenie',
    replyTaken: 'Mamy Twoją odpowiedź',
    submit: 'Wyślij odpowiedź',
    change: 'Zmień odpowiedź',
    yourAnswer: 'Twoja odpowiedź: ',
    haveAnswer: 'Mamy Twoją odpowiedź.',
    alreadyVoted: 'W sondzie anonimowej nie da się jej zmienić',
    anonymous: 'Odpowiedzi są anonimowe: nikt, także zespół',
    named: 'Zespół sieci zobaczy Twoją odpowiedź',
    fiveAnswers: '5 odpowiedzi',
    report: '/zglos',
    reportWhat: 'Napisz, w czym jest przeszkoda',
    kind: 'Czego to dotyczy?',
    infrastructure: 'infrastruktura',
    onlyStaff: 'Tylko zespół',
    taken: /Zgłoszenie nr (\d+) przyjęte/,
    added: 'Dodane do Twojego zgłoszenia',
    inProgress: 'w toku',
    stopped: 'Nic więcej do Ciebie nie wyślemy',
    comeBack: 'Wróć',
    back: 'znów działa',
    notYours: 'należy do wiadomości innej osoby',
  },
  en: {
    language: 'English',
    welcome: 'Welcome to the network',
    agree: 'I agree, let me join',
    joined: 'Done, you are in the network',
    read: 'Read ✓',
    undo: 'Undo',
    alreadyRead: 'We have your confirmation already',
    replyTaken: 'We have your reply',
    submit: 'Send answer',
    change: 'Change answer',
    yourAnswer: 'Your answer: ',
    haveAnswer: 'We have your answer.',
    alreadyVoted: 'In an anonymous poll it cannot be changed',
    anonymous: 'Answers are anonymous: nobody, staff included',
    named: 'staff will see your answer with your name',
    fiveAnswers: '5 answers',
    report: '/report',
    reportWhat: 'Write what is in your way',
    kind: 'What is it about?',
    infrastructure: 'infrastructure',
    onlyStaff: 'Only the staff',
    taken: /Report no\. (\d+) taken/,
    added: 'Added to your report',
    inProgress: 'in progress',
    stopped: 'We will send you nothing more',
    comeBack: 'Come back',
    back: 'Messages reach you again',
    notYours: 'belongs to somebody else',
  },
} as const;

export interface Invitation {
  readonly code: string;
  readonly state: string;
  readonly name: string | null;
  readonly links: { readonly webchat: string; readonly telegram?: string };
}

export async function invite(
  { wici }: World,
  invited: { readonly name: string; readonly role?: Role },
): Promise<Invitation> {
  return wici.api('POST', '/invitations', invited);
}

/** Somebody with Telegram in their hand; everything they wait for has a deadline. */
export class Phone {
  readonly #world: World;
  readonly person: Person;
  readonly language: Language;
  readonly words: (typeof words)[Language];
  memberId = '';
  /** Buttons pressed so far. */
  taps = 0;

  constructor(world: World, language: Language) {
    this.#world = world;
    this.language = language;
    this.words = words[language];
    this.person = world.telegram.person({ language_code: language });
  }

  /** A member who joined through the conversation itself. */
  static async joined(world: World, name: string, language: Language = 'pl', role?: Role): Promise<Phone> {
    const phone = new Phone(world, language);
    const { code } = await invite(world, { name, ...(role ? { role } : {}) });
    await phone.join(code, name);
    return phone;
  }

  async join(code: string, name: string): Promise<void> {
    this.person.start(code);
    await this.sees(this.words.welcome);
    await this.tap(this.words.language);
    await this.tap(this.words.agree);
    await this.sees(this.words.joined);
    const search = encodeURIComponent(name);
    const { items } = await this.#world.wici.api<Items<{ id: string }>>('GET', `/members?search=${search}`);
    expect(items).toHaveLength(1);
    this.memberId = items[0]?.id ?? '';
  }

  /** Waits for a message that says this now; returns the newest. */
  async sees(said: string | RegExp): Promise<Message> {
    const found = () => this.person.shown().findLast((message) => says(message, said));
    await until(() => found() !== undefined, 15_000, `"${said}"`).catch((error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : ''}\n${this.screen()}`);
    });
    return found() as Message;
  }

  /** Waits until `message` stands as expected. */
  async becomes(message: Message, said: string | RegExp): Promise<void> {
    await until(() => says(message, said), 15_000, `"${said}" on ${textOf(message)}`);
  }

  /** Waits for a button with these words and presses it. */
  async tap(label: string): Promise<void> {
    await until(() => this.button(label) !== undefined, 15_000, `[${label}] on ${this.screen()}`);
    this.taps += 1;
    this.person.press(this.button(label) ?? label);
  }

  /** What the newest button with these words is called exactly. */
  button(label: string): string | undefined {
    const buttons = this.person.shown().toReversed().flatMap(buttonsOf);
    return buttons.find((button) => plain(button.text) === label)?.text;
  }

  screen(): string {
    return this.person
      .shown()
      .map((message) => [textOf(message), ...labelsOf(message).map((label) => `[${label}]`)].join('\n'))
      .join('\n---\n');
  }
}

export interface Items<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The data behind a button of a message. */
export function dataOf(message: Message, label: string): string {
  const data = buttonsOf(message).find((button) => plain(button.text) === label)?.callback_data;
  if (data === undefined) throw new Error(`no [${label}] on ${textOf(message)}`);
  return data;
}

export const labelsOf = (message: Message) => buttonsOf(message).map((button) => plain(button.text));
export const textOf = ({ text }: Message) => plain(text);
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

function says(message: Message, said: string | RegExp): boolean {
  const text = textOf(message);
  return typeof said === 'string' ? text.includes(said) : said.test(text);
}

/** Announces, urgent so that no hour of the day holds it up, without reminders; returns its id. */
export async function announce(
  { wici }: World,
  to: readonly Phone[],
  titles: { readonly pl: string; readonly en: string },
): Promise<string> {
  const { id } = await wici.api<{ id: string }>('POST', '/announcements', {
    title: titles,
    text: { pl: 'Szczegóły w biurze.', en: 'Details at the office.' },
    audience: { members: to.map((phone) => phone.memberId) },
    confirm: true,
    urgent: true,
    reminders: { count: 0, everyHours: 24 },
  });
  return id;
}

type AllCounts = Counts & { readonly replies: number };

/** Waits until the announcement's figures are these, with nothing pending. */
export async function counted(
  { wici }: World,
  id: string,
  figures: Partial<AllCounts>,
  ms = 15_000,
): Promise<void> {
  const wanted = { pending: 0, ...figures };
  let counts: object = {};
  await until(async () => {
    counts = await wici.counts(id);
    return isDeepStrictEqual({ ...counts, ...wanted }, counts);
  }, ms).catch(() => undefined);
  expect(counts).toMatchObject(wanted);
}
