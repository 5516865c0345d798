import fc from 'fast-check';
import { addAttachment } from '../../core/announcements/attachment.ts';
import { pauseAnnouncement } from '../../core/announcements/control.ts';
import { createAnnouncement } from '../../core/announcements/create.ts';
import { reportBarrier } from '../../core/barriers/report.ts';
import { loadDemo } from '../../core/demo/load.ts';
import { DomainError } from '../../core/domain-error.ts';
import { eraseMember } from '../../core/members/erase.ts';
import { stopMember } from '../../core/members/stop.ts';
import { createPoll } from '../../core/polls/create.ts';
import { vote } from '../../core/polls/vote.ts';
import { addReply } from '../../core/replies/replies.ts';
import { type Sums, Tally } from '../../runtime/copies/batch.ts';
import { batchesOf } from '../../runtime/copies/snapshot.ts';
import { openDatabase } from '../../runtime/database.ts';
import { addPerson } from '../core/announcements-support.ts';
import type { TestCore } from '../support/test-core.ts';

/** What somebody does; `who` and `what` choose among the people and things there are. */
export interface Action {
  readonly does:
    | 'join'
    | 'announce'
    | 'poll'
    | 'vote'
    | 'reply'
    | 'report'
    | 'stop'
    | 'erase'
    | 'pause'
    | 'wait'
    | 'settle'
    | 'demo';
  readonly who: number;
  readonly text: string;
  readonly file: Uint8Array | null;
  readonly flag: boolean;
}

export const anyAction: fc.Arbitrary<Action> = fc.record({
  does: fc.constantFrom<Action['does'][]>(
    'join',
    'join',
    'announce',
    'poll',
    'vote',
    'vote',
    'reply',
    'report',
    'stop',
    'erase',
    'pause',
    'wait',
    'settle',
  ),
  who: fc.nat(50),
  text: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).map((s) => `${s}\u2028"\\ł`),
  file: fc.option(fc.uint8Array({ minLength: 1, maxLength: 300 })),
  flag: fc.boolean(),
});

/** Does them one after another; what the network refuses is passed over, as it is for people. */
export async function live(t: TestCore, actions: readonly Action[]): Promise<void> {
  for (const [n, action] of actions.entries()) {
    try {
      await act(t, action, n);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }
}

async function act(t: TestCore, { does, who, text, file, flag }: Action, n: number): Promise<void> {
  const { core, database, clock } = t;
  const pick = async (table: 'member' | 'announcement' | 'poll') => {
    const rows = await database.db.selectFrom(table).select('id').orderBy('id').execute();
    const chosen = rows[who % Math.max(1, rows.length)];
    if (!chosen) throw new DomainError('common:errors.notFound');
    return chosen.id;
  };
  switch (does) {
    case 'join':
      return addPerson(t, { id: `osoba${n}`, accounts: flag ? ['webchat', 'telegram'] : ['telegram'] });
    case 'announce':
      await core.transaction(async (unit) => {
        const data = file && { fileName: 'plik.bin', contentType: 'application/pdf', data: file };
        const attachment = data ? { attachmentId: await addAttachment(unit, data) } : {};
        const words = { title: { pl: text, en: text }, text: { pl: text, en: text } };
        const later = flag ? { sendAt: unit.now + 3_600_000 } : {};
        await createAnnouncement(
          unit,
          {
            ...words,
            confirm: true,
            replies: true,
            urgent: true,
            overrideParity: true,
            ...attachment,
            ...later,
          },
          null,
        );
      });
      return;
    case 'poll':
      await core.transaction((unit) =>
        createPoll(
          unit,
          {
            question: { pl: text, en: text },
            options: [
              { pl: 'Tak', en: 'Yes' },
              { pl: 'Nie', en: 'No' },
            ],
            ...{ multiple: false, anonymous: flag, showResults: 'afterVote', urgent: true },
            ...{ closesAt: unit.now + 86_400_000, overrideParity: true },
          },
          null,
        ),
      );
      return;
    case 'vote': {
      const [pollId, memberId] = [await pick('poll'), await pick('member')];
      await core.transaction((unit) => vote(unit, { pollId, memberId, values: [flag ? 0 : 1] }));
      return;
    }
    case 'reply': {
      const [subjectId, memberId] = [await pick('announcement'), await pick('member')];
      await core.transaction((unit) =>
        addReply(unit, { subjectKind: 'announcement', subjectId, memberId, text }),
      );
      return;
    }
    case 'report': {
      const memberId = await pick('member');
      await core.transaction((unit) =>
        reportBarrier(unit, { memberId, text, kind: 'other', visibility: 'private', anonymous: flag }),
      );
      return;
    }
    case 'stop': {
      const id = await pick('member');
      return core.transaction((unit) => stopMember(unit, id));
    }
    case 'erase': {
      const id = await pick('member');
      return core.transaction((unit) => eraseMember(unit, id));
    }
    case 'pause': {
      const id = await pick('announcement');
      return core.transaction((unit) => pauseAnnouncement(unit, id));
    }
    case 'wait':
      return clock.advance(who * 60_000);
    case 'settle':
      return t.settle();
    case 'demo':
      return core.transaction((unit) => loadDemo(unit));
  }
}

/** What stands in a database, table by table. */
export async function sumsOf(location: string): Promise<Sums> {
  const { db, kind, close } = openDatabase(location);
  const tally = new Tally();
  for await (const batch of batchesOf(db, kind)) tally.add(batch);
  await close();
  return tally.sums();
}

/** Without what a restored network does not take over. */
export function lasting(sums: Sums): Sums {
  const passing = ['session', 'sign_in_link', 'restoration', 'moved', 'backup', 'lease', 'process'];
  return Object.fromEntries(Object.entries(sums).filter(([table]) => !passing.includes(table)));
}
