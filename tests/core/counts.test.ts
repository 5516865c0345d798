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
import { countedSubjects, recount } from '../../core/store/recount.ts';
import type { Unit } from '../../core/unit.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addCompany, addPerson, announce } from './announcements-support.ts';
import { openPollNow } from './polls-support.ts';

let t: TestCore;
const ids = ['ada', 'bob', 'cyd', 'dan', 'eve'] as const;

beforeEach(async () => {
  t = await openTestCore();
  await addCompany(t, 'c1', 'ict');
  await addCompany(t, 'c2', 'energy');
  await addPerson(t, { id: 'ada', company: 'c1' });
  await addPerson(t, { id: 'bob', company: 'c1', language: 'en' });
  await addPerson(t, { id: 'cyd', company: 'c2', accounts: ['telegram', 'webchat'] });
  await addPerson(t, { id: 'dan', status: 'listed', accounts: [] });
  await addPerson(t, { id: 'eve', company: 'c2' });
});
afterEach(() => t.close());

/** All that is counted, the slots summed, without what is nought. */
async function counted() {
  const { db } = t.database;
  const rows = await db.selectFrom('subject_count').selectAll().execute();
  const sums = new Map<string, number>();
  for (const { subject_kind, subject_id, part, part_id, slot: _, ...figures } of rows) {
    for (const [figure, n] of Object.entries(figures)) {
      const key = [subject_kind, subject_id, part, part_id, figure].join(' ');
      sums.set(key, (sums.get(key) ?? 0) + Number(n));
    }
  }
  for (const v of await db.selectFrom('poll_group_vote').selectAll().execute()) {
    sums.set([v.poll_id, v.part, v.part_id, v.position].join(' '), v.votes);
  }
  return new Map([...sums].filter(([, n]) => n !== 0).sort());
}

async function expectTrue() {
  const kept = await counted();
  expect([...kept.values()].every((n) => n > 0)).toBe(true);
  await t.core.transaction(async ({ db }) => {
    for (const subject of await countedSubjects(db)) await recount(db, subject);
  });
  expect(kept).toEqual(await counted());
}

interface World {
  readonly announcements: readonly string[];
  readonly polls: readonly string[];
}

type Act = (world: World, unit: Unit) => Promise<unknown>;

const person = fc.constantFrom(...ids);
const which = fc.nat(1);
const on = (list: readonly string[], n: number) => list[n % list.length] ?? '';
const act = fc.oneof(
  fc.tuple(person, which).map(
    ([memberId, n]): Act =>
      (w, unit) =>
        confirmAnnouncement(unit, { announcementId: on(w.announcements, n), memberId }),
  ),
  fc.tuple(person, which).map(
    ([memberId, n]): Act =>
      (w, unit) =>
        undoConfirmation(unit, { announcementId: on(w.announcements, n), memberId }),
  ),
  fc.tuple(person, which, fc.boolean()).map(
    ([memberId, n, poll]): Act =>
      (w, unit) => {
        const subjectId = on(poll ? w.polls : w.announcements, n);
        return addReply(unit, {
          subjectKind: poll ? 'poll' : 'announcement',
          subjectId,
          memberId,
          text: 'Hm',
        });
      },
  ),
  fc.tuple(person, which, fc.subarray([0, 1, 2], { minLength: 1 })).map(
    ([memberId, n, values]): Act =>
      (w, unit) =>
        vote(unit, { pollId: on(w.polls, n), memberId, values: values.slice(0, 1) }),
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
    (id): Act =>
      (_, unit) =>
        stopMember(unit, id),
  ),
  person.map(
    (id): Act =>
      (_, unit) =>
        resumeMember(unit, id),
  ),
  person.map(
    (id): Act =>
      (_, unit) =>
        eraseMember(unit, id),
  ),
  person.map(
    (id): Act =>
      (_, unit) =>
        accountGone(unit, 'webchat', id),
  ),
  fc.tuple(person, fc.constantFrom('c1', 'c2', null)).map(
    ([id, companyId]): Act =>
      (_, unit) =>
        saveMember(unit, { id, name: `Osoba ${id}`, companyId, role: 'member', language: 'en' }),
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
    await fc.assert(
      fc
        .asyncProperty(
          faults,
          fc.array(fc.tuple(act, fc.boolean()), { maxLength: 25 }),
          async (fault, acts) => {
            for (const channel of Object.values(t.channels))
              channel.failures.push(...fault.map((f) => () => f));
            const world: World = {
              announcements: [await announce(t), await announce(t, { confirm: false })],
              polls: [await openPollNow(t), await openPollNow(t, { anonymous: true })],
            };
            for (const [step, settle] of acts) {
              // What is refused changes nothing.
              await t.core.transaction((unit) => step(world, unit)).catch(() => undefined);
              if (settle) await t.settle();
            }
            await t.settle();
            await expectTrue();
          },
        )
        .beforeEach(async () => {
          await t.close();
          t = await openTestCore();
          await addCompany(t, 'c1', 'ict');
          await addCompany(t, 'c2', 'energy');
          await addPerson(t, { id: 'ada', company: 'c1' });
          await addPerson(t, { id: 'bob', company: 'c1', language: 'en' });
          await addPerson(t, { id: 'cyd', company: 'c2', accounts: ['telegram', 'webchat'] });
          await addPerson(t, { id: 'dan', status: 'listed', accounts: [] });
          await addPerson(t, { id: 'eve', company: 'c2' });
        }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('stays with the company and language people had when it was sent to them', async () => {
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
    await expectTrue();
  });
});
