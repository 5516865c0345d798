import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confirmAnnouncement, undoConfirmation } from '../../core/announcements/confirm.ts';
import {
  pauseAnnouncement,
  resendUnknown,
  resumeAnnouncement,
  stopAnnouncement,
} from '../../core/announcements/control.ts';
import { announcementReport } from '../../core/announcements/report.ts';
import { ChannelError } from '../../core/channels/channel-error.ts';
import { accountGone } from '../../core/members/accounts.ts';
import { eraseMember } from '../../core/members/erase.ts';
import { saveMember } from '../../core/members/member.ts';
import { resumeMember, stopMember } from '../../core/members/stop.ts';
import { closePollNow, stopPoll } from '../../core/polls/steer.ts';
import { vote } from '../../core/polls/vote.ts';
import { addReply } from '../../core/replies/replies.ts';
import { recount } from '../../core/store/recount.ts';
import type { Unit } from '../../core/unit.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addCompany, addPerson, announce } from './announcements-support.ts';
import { openPollNow } from './polls-support.ts';

let t: TestCore;
const names = ['ada', 'bob', 'cyd', 'dan', 'eve'] as const;

beforeEach(async () => {
  t = await openTestCore();
  await addCompany(t, 'c1', 'ict');
  await addCompany(t, 'c2', 'energy');
});
afterEach(() => t.close());

/** Five people: two of c1, two of c2 (one on two messengers), one who has not joined. Their ids end in their names. */
async function addFive(prefix: string): Promise<string[]> {
  await addPerson(t, { id: `${prefix}ada`, company: 'c1' });
  await addPerson(t, { id: `${prefix}bob`, company: 'c1', language: 'en' });
  await addPerson(t, { id: `${prefix}cyd`, company: 'c2', accounts: ['telegram', 'webchat'] });
  await addPerson(t, { id: `${prefix}dan`, status: 'listed', accounts: [] });
  await addPerson(t, { id: `${prefix}eve`, company: 'c2' });
  return names.map((name) => prefix + name);
}

/** All that is counted, the slots summed, without what is nought. */
async function counted(subjects: readonly string[]) {
  const { db } = t.database;
  const rows = await db.selectFrom('subject_count').selectAll().where('subject_id', 'in', subjects).execute();
  const sums = new Map<string, number>();
  for (const { subject_kind, subject_id, part, part_id, slot: _, ...figures } of rows) {
    for (const [figure, n] of Object.entries(figures)) {
      const key = [subject_kind, subject_id, part, part_id, figure].join(' ');
      sums.set(key, (sums.get(key) ?? 0) + Number(n));
    }
  }
  for (const v of await db
    .selectFrom('poll_group_vote')
    .selectAll()
    .where('poll_id', 'in', subjects)
    .execute()) {
    sums.set([v.poll_id, v.part, v.part_id, v.position].join(' '), v.votes);
  }
  return new Map([...sums].filter(([, n]) => n !== 0).sort());
}

async function expectTrue(subjects: readonly string[]) {
  const kept = await counted(subjects);
  expect(kept.size).toBeGreaterThan(0);
  expect([...kept.values()].every((n) => n > 0)).toBe(true);
  await t.core.transaction(async ({ db }) => {
    for (const id of subjects) {
      for (const kind of ['announcement', 'poll'] as const) {
        await recount(db, { subject_kind: kind, subject_id: id });
      }
    }
  });
  expect(kept).toEqual(await counted(subjects));
}

interface World {
  readonly people: readonly string[];
  readonly announcements: readonly string[];
  readonly polls: readonly string[];
}

type Act = (world: World, unit: Unit) => Promise<unknown>;

const person = fc.nat(names.length - 1);
const which = fc.nat(1);
const on = (list: readonly string[], n: number) => list[n % list.length] ?? '';
const target = (w: World, who: number, n: number) => ({
  announcementId: on(w.announcements, n),
  memberId: on(w.people, who),
});
const act = fc.oneof(
  fc.tuple(person, which).map(
    ([who, n]): Act =>
      (w, unit) =>
        confirmAnnouncement(unit, target(w, who, n)),
  ),
  fc.tuple(person, which).map(
    ([who, n]): Act =>
      (w, unit) =>
        undoConfirmation(unit, target(w, who, n)),
  ),
  fc.tuple(person, which, fc.boolean()).map(
    ([who, n, poll]): Act =>
      (w, unit) => {
        const subjectId = on(poll ? w.polls : w.announcements, n);
        const memberId = on(w.people, who);
        return addReply(unit, {
          subjectKind: poll ? 'poll' : 'announcement',
          subjectId,
          memberId,
          text: 'Hm',
        });
      },
  ),
  fc.tuple(person, which, fc.subarray([0, 1, 2], { minLength: 1 })).map(
    ([who, n, values]): Act =>
      (w, unit) =>
        vote(unit, { pollId: on(w.polls, n), memberId: on(w.people, who), values: values.slice(0, 1) }),
  ),
  which.map(
    (n): Act =>
      (w, unit) =>
        pauseAnnouncement(unit, on(w.announcements, n)),
  ),
  which.map(
    (n): Act =>
      (w, unit) =>
        resumeAnnouncement(unit, on(w.announcements, n)),
  ),
  which.map(
    (n): Act =>
      (w, unit) =>
        stopAnnouncement(unit, on(w.announcements, n)),
  ),
  which.map(
    (n): Act =>
      (w, unit) =>
        resendUnknown(unit, on(w.announcements, n)),
  ),
  which.map(
    (n): Act =>
      (w, unit) =>
        stopPoll(unit, on(w.polls, n)),
  ),
  which.map(
    (n): Act =>
      (w, unit) =>
        closePollNow(unit, on(w.polls, n)),
  ),
  person.map(
    (who): Act =>
      (w, unit) =>
        stopMember(unit, on(w.people, who)),
  ),
  person.map(
    (who): Act =>
      (w, unit) =>
        resumeMember(unit, on(w.people, who)),
  ),
  person.map(
    (who): Act =>
      (w, unit) =>
        eraseMember(unit, on(w.people, who)),
  ),
  person.map(
    (who): Act =>
      (w, unit) =>
        accountGone(unit, 'webchat', on(w.people, who)),
  ),
  fc.tuple(person, fc.constantFrom('c1', 'c2', null)).map(
    ([who, companyId]): Act =>
      (w, unit) => {
        const id = on(w.people, who);
        return saveMember(unit, { id, name: `Osoba ${id}`, companyId, role: 'member', language: 'en' });
      },
  ),
);

/** What the messengers make of the messages, one after another. */
const faults = fc.array(
  fc.constantFrom(
    null,
    null,
    new ChannelError('Unavailable', 'timeout', { maybeSent: true }),
    new ChannelError('Rejected', 'no'),
    new ChannelError('RecipientGone', 'blocked'),
    new ChannelError('Unavailable', 'down'),
  ),
  { maxLength: 6 },
);

describe('what is counted as it happens', () => {
  it('is what there is, whatever happened', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        faults,
        fc.array(fc.tuple(act, fc.boolean()), { maxLength: 25 }),
        async (fault, acts) => {
          for (const channel of Object.values(t.channels))
            channel.failures.push(...fault.map((f) => () => f));
          const people = await addFive(`r${String(run++).padStart(3, '0')}`);
          const audience = { members: people };
          const world: World = {
            people,
            announcements: [await announce(t, { audience }), await announce(t, { audience, confirm: false })],
            polls: [await openPollNow(t, { audience }), await openPollNow(t, { audience, anonymous: true })],
          };
          for (const [step, settle] of acts) {
            // What is refused changes nothing.
            await t.core.transaction((unit) => step(world, unit)).catch(() => undefined);
            if (settle) await t.settle();
          }
          await t.settle();
          await expectTrue([...world.announcements, ...world.polls]);
        },
      ),
      { numRuns: 12 },
    );
  }, 120_000);

  it('stays with the company and language people had when it was sent to them', async () => {
    await addFive('');
    const id = await announce(t);
    await t.settle();
    await t.core.transaction(async (unit) => {
      await saveMember(unit, {
        id: 'ada',
        name: 'Osoba ada',
        companyId: 'c2',
        role: 'member',
        language: 'en',
      });
      await confirmAnnouncement(unit, { announcementId: id, memberId: 'ada' });
    });
    const { byBranch, byLanguage } = await announcementReport(t.core.db, id);
    expect(byBranch.map((g) => [g.id, g.confirmed])).toContainEqual(['ict', 1]);
    expect(byLanguage.map((g) => [g.id, g.confirmed])).toContainEqual(['pl', 1]);
  });

  it('tells when half had confirmed although many did at the same moment', async () => {
    await addFive('x');
    for (let n = 0; n < 20; n++) await addPerson(t, { id: `p${String(n).padStart(2, '0')}` });
    const id = await announce(t);
    await t.settle();
    t.clock.advance(7000);
    const confirming = Array.from({ length: 20 }, (_, n) =>
      t.core.transaction((unit) =>
        confirmAnnouncement(unit, { announcementId: id, memberId: `p${String(n).padStart(2, '0')}` }),
      ),
    );
    await Promise.all(confirming);
    expect(await announcementReport(t.core.db, id)).toMatchObject({ secondsToHalf: 7, secondsTo90: null });
    const undo = (memberId: string) =>
      t.core.transaction((unit) => undoConfirmation(unit, { announcementId: id, memberId }));
    for (let n = 0; n < 8; n++) await undo(`p${String(n).padStart(2, '0')}`);
    expect(await announcementReport(t.core.db, id)).toMatchObject({ secondsToHalf: null });
    await expectTrue([id]);
  });
});
