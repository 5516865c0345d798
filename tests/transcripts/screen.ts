import { expect, vi } from 'vitest';
import type { ChannelName } from '../../core/channels/channel-name.ts';
import { learnGroups, listGroups } from '../../core/groups/group.ts';
import { takeEvent } from '../../core/inbox.ts';
import type { Language } from '../../core/language.ts';
import type { Core } from '../../core/unit.ts';
import type { ContractGroup, ContractPerson, ContractSubject, Seen } from '../contracts/channel-adapter.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';

/** A real adapter with its platform: made over the core where the platform is Wici's own. */
export type Stage = () => Promise<(core: Core) => ContractSubject>;

/**
 * "[Label]" presses, "/name" is a command as it is typed there, anything else is written; `reply` answers the message that contains `to`. `fill` presses a button that
 * asks for words and gives them: in its field, or in the conversation where the messenger has none.
 */
export type Act =
  | string
  | { readonly reply: string; readonly to: string }
  | { readonly pick: readonly string[]; readonly submit: string }
  | { readonly fill: string; readonly words: string };

/** One person at a real messenger, over the real core. */
export interface OneScreen {
  /** Who they are there. */
  readonly address: { readonly channel: ChannelName; readonly externalId: string };
  /** Plays the dialog: what is new or changed on the screen after each act must hold these words and [buttons]. */
  verify(lines: readonly (readonly [Act, string | readonly string[]])[]): Promise<void>;
  /** Does it and returns what is new or changed on the screen. */
  does(act: Act): Promise<string>;
  /** How commands are typed there. */
  readonly commandPrefix: string;
  /** What is new or changed since the last look. */
  news(): Promise<string>;
  /** Presses a button in a group: what they alone are told on the spot, or where they are taken; '' when nothing. */
  pressIn(room: Room, label: string): Promise<string>;
}

/** A group of the messenger's, known to the core. */
export interface Room {
  readonly id: string;
  readonly group: ContractGroup;
  /** The newest post, as everybody there reads it. */
  shows(): Promise<string>;
}

/** A real messenger with people and groups, over the real core. */
export interface Place {
  newcomer(language?: Language): Promise<OneScreen>;
  room(title: string): Promise<Room>;
}

export interface Screen extends OneScreen {
  readonly test: TestCore;
  close(): Promise<void>;
}

export interface Screens {
  readonly screens: readonly OneScreen[];
  readonly test: TestCore;
  close(): Promise<void>;
}

export async function openScreen(stage: Stage): Promise<Screen> {
  const { screens, test, close } = await openScreens([stage]);
  const [screen] = screens;
  if (!screen) throw new Error('no messenger was made');
  return { ...screen, test, close };
}

/** Somebody on each of several messengers, one core behind them. */
export async function openScreens(stages: readonly Stage[]): Promise<Screens> {
  const { places, test, close } = await openPlaces(stages);
  return { screens: await Promise.all(places.map((place) => place.newcomer())), test, close };
}

export interface Places {
  readonly places: readonly Place[];
  readonly test: TestCore;
  close(): Promise<void>;
}

export async function openPlaces(stages: readonly Stage[]): Promise<Places> {
  const making = await Promise.all(stages.map((stage) => stage()));
  let subjects: readonly ContractSubject[] = [];
  const test = await openTestCore(undefined, (core) => {
    subjects = making.map((make) => make(core));
    return subjects.map(({ adapter }) => adapter);
  });
  const places = await Promise.all(subjects.map((subject) => openPlace(subject, test)));
  const close = async () => {
    for (const subject of subjects) {
      await subject.adapter.close();
      await subject.close();
    }
    await test.close();
  };
  return { places, test, close };
}

async function openPlace(subject: ContractSubject, test: TestCore): Promise<Place> {
  let begun = 0;
  let taken = 0;
  const faults: Error[] = [];
  await subject.adapter.connect(async (event) => {
    begun += 1;
    const { fault, aside } = await takeEvent(test.core, event);
    if (fault) faults.push(fault);
    taken += 1;
    return aside;
  });
  /** What somebody does is one event; settled once that is taken and all that came of it is done. */
  const doing = async <T>(act: () => Promise<T>): Promise<T> => {
    const before = begun;
    const done = await act();
    await vi.waitFor(() => expect(taken).toBe(before + 1), { timeout: 5000, interval: 5 });
    await test.settle();
    expect(faults).toEqual([]);
    return done;
  };
  return {
    newcomer: async (language) => openOne(subject, await subject.newPerson(language), doing),
    room: (title) => openRoom(subject, test, title),
  };
}

async function openRoom({ adapter, groups }: ContractSubject, test: TestCore, title: string): Promise<Room> {
  if (!groups) throw new Error(`${adapter.name} has no groups`);
  const group = await groups.open(title);
  const id = await vi.waitFor(
    async () => {
      const listed = await adapter.groups();
      if (listed) await test.core.transaction((unit) => learnGroups(unit, adapter.name, listed));
      const known = await listGroups(test.core.db, adapter.name);
      return known.find((g) => g.title.endsWith(title))?.id ?? expect.fail(`${title} is not known`);
    },
    { timeout: 5000, interval: 5 },
  );
  return { id, group, shows: async () => (await group.seen()).map(wordsOf).at(-1) ?? '' };
}

type Doing = <T>(act: () => Promise<T>) => Promise<T>;

function openOne(subject: ContractSubject, person: ContractPerson, doing: Doing): OneScreen {
  let known = new Map<string, string>();

  const news = async () => {
    const now = new Map((await person.seen()).map((seen) => [seen.externalMessageId, wordsOf(seen)]));
    const fresh = [...now].filter(([id, words]) => known.get(id) !== words).map(([, words]) => words);
    known = now;
    return fresh.join('\n');
  };
  const does = async (act: Act): Promise<string> => {
    if (typeof act !== 'string' && 'fill' in act && !person.fill) {
      await does(`[${act.fill}]`);
      return does(act.words);
    }
    await doing(() => perform(person, act, subject.adapter.capabilities.commandPrefix));
    return news();
  };
  return {
    commandPrefix: subject.adapter.capabilities.commandPrefix,
    address: { channel: subject.adapter.name, externalId: person.externalId },
    news,
    does,
    pressIn: async ({ group }, label) => {
      const labels = (await group.seen()).flatMap((seen) => seen.labels);
      const shown = labels.findLast((l) => plain(l) === label) ?? label;
      return plain(await doing(() => group.press(person, shown)));
    },
    verify: async (lines) => {
      for (const [act, gets] of lines) {
        const answer = await does(act);
        for (const words of typeof gets === 'string' ? [gets] : gets) {
          expect(answer, `after ${JSON.stringify(act)}`).toContain(words);
        }
      }
    },
  };
}

async function perform(person: ContractPerson, act: Act, commandPrefix: string): Promise<void> {
  if (typeof act !== 'string') {
    if ('pick' in act) {
      await person.mark(act.pick);
      return person.press(act.submit);
    }
    if ('fill' in act) return person.fill?.(act.fill, act.words);
    const answered = (await person.seen()).findLast((seen) => wordsOf(seen).includes(act.to));
    if (!answered) throw new Error(`no message with "${act.to}"`);
    return person.write(act.reply, answered.externalMessageId);
  }
  const [, label] = /^\[(.+)\]$/s.exec(act) ?? [];
  if (label === undefined) return person.write(act.replace(/^\//, commandPrefix));
  const labels = (await person.seen()).flatMap((seen) => seen.labels);
  // The label as it stands there, no-break spaces and all.
  return person.press(labels.findLast((shown) => plain(shown) === label) ?? label);
}

const wordsOf = ({ text, labels }: Seen) => plain([text, ...labels.map((label) => `[${label}]`)].join('\n'));
const plain = (text: string) => text.replaceAll('\u00a0', ' ');
