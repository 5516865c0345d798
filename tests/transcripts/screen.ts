import { expect, vi } from 'vitest';
import type { ChannelName } from '../../core/channels/channel-name.ts';
import { takeEvent } from '../../core/inbox.ts';
import type { Core } from '../../core/unit.ts';
import type { ContractPerson, ContractSubject, Seen } from '../contracts/channel-adapter.ts';
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
interface OneScreen {
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

/** Screens of several messengers, one core behind them. */
export async function openScreens(stages: readonly Stage[]): Promise<Screens> {
  const making = await Promise.all(stages.map((stage) => stage()));
  let subjects: readonly ContractSubject[] = [];
  const test = await openTestCore(undefined, (core) => {
    subjects = making.map((make) => make(core));
    return subjects.map(({ adapter }) => adapter);
  });
  const screens = await Promise.all(subjects.map((subject) => openOne(subject, test)));
  const close = async () => {
    for (const subject of subjects) {
      await subject.adapter.close();
      await subject.close();
    }
    await test.close();
  };
  return { screens, test, close };
}

async function openOne(subject: ContractSubject, test: TestCore): Promise<OneScreen> {
  let taken = 0;
  const faults: Error[] = [];
  await subject.adapter.connect(async (event) => {
    const { fault } = await takeEvent(test.core, event);
    if (fault) faults.push(fault);
    taken += 1;
  });
  const person = await subject.newPerson();
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
    const before = taken;
    await perform(person, act, subject.adapter.capabilities.commandPrefix);
    await vi.waitFor(() => expect(taken).toBe(before + 1), { timeout: 5000, interval: 5 });
    await test.settle();
    return news();
  };
  return {
    commandPrefix: subject.adapter.capabilities.commandPrefix,
    address: { channel: subject.adapter.name, externalId: person.externalId },
    news,
    does,
    verify: async (lines) => {
      for (const [act, gets] of lines) {
        const answer = await does(act);
        for (const words of typeof gets === 'string' ? [gets] : gets) {
          expect(answer, `after ${JSON.stringify(act)}`).toContain(words);
        }
      }
      expect(faults).toEqual([]);
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
