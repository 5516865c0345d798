import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAnnouncement } from '../../core/announcements/create.ts';
import { saveCompany } from '../../core/companies/company.ts';
import { listCompanies } from '../../core/companies/list.ts';
import { loadDemo } from '../../core/demo/load.ts';
import { removeDemo } from '../../core/demo/remove.ts';
import { planSimulations, simulatedEvent } from '../../core/demo/simulate.ts';
import { createInvitation, openLinkCode } from '../../core/invitations/invitation.ts';
import { join } from '../../core/invitations/join.ts';
import { takeAccount } from '../../core/members/accounts.ts';
import { listMembers } from '../../core/members/view.ts';
import { createPoll } from '../../core/polls/create.ts';
import { vote } from '../../core/polls/vote.ts';
import { figuresOf } from '../../core/store/counts.ts';
import type { Unit } from '../../core/unit.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';

// Hundreds of real events, also on PostgreSQL and on busy machines.
vi.setConfig({ testTimeout: 60_000 });

let t: TestCore;
beforeEach(async () => {
  t = await openTestCore();
});
afterEach(() => t.close());

const run = <T>(work: (unit: Unit) => Promise<T>) => t.core.transaction(work);
const load = () => run(loadDemo);
const remove = () => run(removeDemo);

/** Every row of every table but the network's own, as JSON, by table. */
async function contents(): Promise<Record<string, string[]>> {
  const tables = await t.core.db.introspection.getTables();
  const rows = await Promise.all(
    tables.map(async ({ name }) => {
      const found = await t.core.db
        .selectFrom(name as 'member')
        .selectAll()
        .execute();
      return [name, found.map((row) => JSON.stringify(row)).sort()] as const;
    }),
  );
  return Object.fromEntries(rows);
}

const announce = (demo = false) =>
  run((unit) =>
    createAnnouncement(
      unit,
      {
        title: { pl: 'Przerwa', en: 'Break' },
        text: { pl: 'Przerwa w dostawie wody.', en: 'No water for a while.' },
        audience: {},
        confirm: true,
        urgent: true,
        replies: true,
        reminders: { count: 0, everyHours: 24 },
        ...(demo && { demo }),
      },
      null,
    ),
  );

const ask = (anonymous: boolean, demo = false) =>
  run((unit) =>
    createPoll(
      unit,
      {
        question: { pl: 'Kiedy?', en: 'When?' },
        options: [
          { pl: 'Rano', en: 'Morning' },
          { pl: 'Wieczorem', en: 'Evening' },
        ],
        multiple: false,
        anonymous,
        showResults: 'never',
        urgent: true,
        closesAt: t.clock.now() + 86_400_000,
        audience: {},
        reminders: { count: 0, everyHours: 24 },
        ...(demo && { demo }),
      },
      null,
    ),
  );

/** A real person who joined a demo company over the open link. */
async function realPerson(externalId = 'real', companyId?: string) {
  const code = await openLinkCode(t.core.db);
  const { account } = await run((unit) => takeAccount(unit, { channel: 'telegram', externalId }));
  return run((unit) =>
    join(unit, { accountId: account.id, code, language: 'pl', companyId, name: 'Prawdziwa' }),
  );
}

/** Lets simulated people do all they will do. */
async function simulate(): Promise<number> {
  await t.settle();
  const planned = await planSimulations(t.core);
  t.clock.advance(180_000);
  await t.settle();
  return planned;
}

const votesOf = async (pollId: string) => {
  const rows = await t.core.db.selectFrom('poll_option').selectAll().where('poll_id', '=', pollId).execute();
  return rows.sort((a, b) => a.position - b.position).map((o) => o.votes);
};

describe('the demo network', () => {
  it('has 70 companies over all eight branches and 140 people, all marked as demo', async () => {
    await load();
    const { items: first, next } = await listCompanies(t.core.db, { limit: 50 });
    const { items: second } = await listCompanies(t.core.db, { limit: 50, cursor: next ?? '' });
    const companies = [...first, ...second];
    expect(companies).toHaveLength(70);
    expect(new Set(companies.map((c) => c.branch?.id)).size).toBe(8);
    for (const company of companies) {
      expect(company).toMatchObject({ demo: true, people: 2 });
      expect(company.name).toMatch(/^Demo: /);
      expect(company.website).toMatch(/^https:\/\/[a-z0-9-]+\.example$/);
      expect([company.offerPl, company.offerEn, company.unit, company.tags[0]].every(Boolean)).toBe(true);
    }
    const people = await t.core.db.selectFrom('member').selectAll().execute();
    expect(people).toHaveLength(140);
    for (const person of people) {
      expect(person.demo).toBe(1);
      expect(person.name).toMatch(/^(Osoba demo|Demo person) \d+$/);
    }
    const share = (n: number) => n / people.length;
    expect(share(people.filter((p) => p.language === 'en').length)).toBeCloseTo(1 / 3, 1);
    expect(share(people.filter((p) => p.simulated).length)).toBeGreaterThan(0.7);
    expect(people.filter((p) => p.status === 'listed').length).toBeGreaterThan(0);
    expect(people.filter((p) => p.status === 'stopped').length).toBeGreaterThan(0);
    const accounts = await t.core.db.selectFrom('account').selectAll().execute();
    expect(accounts.every((a) => a.channel === 'webchat' && a.external_id.startsWith('demo-'))).toBe(true);
    expect(accounts.length).toBeGreaterThan(130);
  });

  it('loaded twice is loaded once', async () => {
    await load();
    const before = await contents();
    await load();
    expect(await contents()).toEqual(before);
  });

  it('loaded and removed at once leaves everything as it was', async () => {
    await run((unit) => saveCompany(unit, { name: 'Prawdziwa firma' }));
    await realPerson();
    const before = await contents();
    await load();
    await remove();
    expect(await contents()).toEqual(before);
    await remove();
    expect(await contents()).toEqual(before);
  });

  it('is reached and answers: figures move the way real ones do', async () => {
    await load();
    const { id } = await announce();
    const { id: pollId } = await ask(false);
    expect(await simulate()).toBeGreaterThan(200);
    const counts = await figuresOf(t.core.db, 'announcement', id);
    expect(counts.recipients).toBe(140);
    expect(counts.confirmed).toBeGreaterThan(20);
    expect(counts.confirmed).toBeLessThan(counts.accepted);
    expect(counts.unreachable).toBeGreaterThan(5);
    const replies = await t.core.db.selectFrom('reply').selectAll().execute();
    expect(replies.length).toBeGreaterThan(0);
    const votes = await votesOf(pollId);
    expect(votes.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(20);
  });

  it('plans each answer once', async () => {
    await load();
    await announce();
    await t.settle();
    expect(await planSimulations(t.core)).toBeGreaterThan(100);
    expect(await planSimulations(t.core)).toBe(0);
    const moments = await t.core.db
      .selectFrom('due_moment')
      .selectAll()
      .where('kind', '=', 'simulate')
      .execute();
    for (const { at } of moments) {
      expect(at).toBeGreaterThan(t.clock.now());
      expect(at).toBeLessThanOrEqual(t.clock.now() + 121_000);
    }
  });

  it('never presses for real people, nor for those who stopped or are gone', async () => {
    await load();
    const person = await realPerson();
    await announce();
    await t.settle();
    const all = await t.core.db.selectFrom('delivery').selectAll().execute();
    const real = all.find((d) => d.member_id === person.id);
    expect(await simulatedEvent(t.core, real?.id ?? '')).toBeNull();
    expect(await simulatedEvent(t.core, 'none')).toBeNull();
    const [shown] = all.filter((d) => d.status === 'accepted' && d.member_id !== person.id);
    await t.core.db
      .updateTable('member')
      .set({ status: 'stopped' })
      .where('id', '=', shown?.member_id ?? '')
      .execute();
    for (let i = 0; i < 100; i++) expect(await simulatedEvent(t.core, shown?.id ?? '')).toBeNull();
  });

  it('does not press what was pressed already', async () => {
    await load();
    const { id } = await announce();
    await simulate();
    const confirmed = await t.core.db
      .selectFrom('delivery')
      .select('id')
      .where('subject_id', '=', id)
      .where('confirmed_at', 'is not', null)
      .execute();
    for (const { id: deliveryId } of confirmed.slice(0, 20)) {
      expect((await simulatedEvent(t.core, deliveryId))?.type).not.toBe('action');
    }
  });
});

describe('removing the demo network', () => {
  it('takes everything demo and what demo people left behind, and nothing else', async () => {
    await run((unit) => saveCompany(unit, { name: 'Prawdziwa firma' }));
    await load();
    const [demoCompany] = (await listCompanies(t.core.db, { search: 'trybik' })).items;
    const person = await realPerson('real', demoCompany?.id);
    await run((unit) => createInvitation(unit, { kind: 'company', companyId: demoCompany?.id }));
    const personal = await run((unit) =>
      createInvitation(unit, { kind: 'personal', companyId: demoCompany?.id, name: 'Zaproszona' }),
    );
    const real = await announce();
    const demo = await announce(true);
    const named = await ask(false);
    const demoPoll = await ask(true, true);
    await simulate();
    for (const { id } of [named, demoPoll]) {
      await run((unit) => vote(unit, { pollId: id, memberId: person.id, values: [1] }));
    }
    await t.settle();
    await remove();

    const { db } = t.core;
    for (const table of ['company', 'member', 'announcement', 'poll', 'barrier', 'reply'] as const) {
      expect(await db.selectFrom(table).selectAll().where('demo', '=', 1).execute(), table).toEqual([]);
    }
    expect((await listCompanies(db)).items.map((c) => c.name)).toEqual(['Prawdziwa firma']);
    expect((await listMembers(db)).items).toMatchObject([{ id: person.id, status: 'active', company: null }]);
    expect(await figuresOf(db, 'announcement', real.id)).toMatchObject({ recipients: 1, accepted: 1 });
    expect(await figuresOf(db, 'announcement', demo.id)).toMatchObject({ recipients: 0 });
    const announcements = await db.selectFrom('announcement').select('id').execute();
    expect(announcements).toEqual([{ id: real.id }]);
    expect(await votesOf(named.id)).toEqual([0, 1]);
    expect(await votesOf(demoPoll.id)).toEqual([]);
    expect(await db.selectFrom('ballot').select(['poll_id', 'member_id']).execute()).toEqual([
      { poll_id: named.id, member_id: person.id },
    ]);
    expect((await db.selectFrom('account').selectAll().execute()).map((a) => a.external_id)).toEqual([
      'real',
    ]);
    expect(await db.selectFrom('reply').selectAll().execute()).toEqual([]);
    expect(await db.selectFrom('due_moment').selectAll().where('kind', '=', 'simulate').execute()).toEqual(
      [],
    );
    const owners = (await db.selectFrom('delivery').select('member_id').execute()).map((d) => d.member_id);
    expect(new Set(owners)).toEqual(new Set([person.id]));
    const invitations = await db
      .selectFrom('invitation')
      .selectAll()
      .where('kind', '!=', 'network')
      .execute();
    expect(invitations).toMatchObject([{ id: personal.id, company_id: null }]);
    await t.settle();
  });

  it('empties a real anonymous poll only demo people voted in, and lets a mixed one be', async () => {
    await load();
    const person = await realPerson();
    const onlyDemo = await ask(true);
    const mixed = await ask(true);
    await simulate();
    await run((unit) => vote(unit, { pollId: mixed.id, memberId: person.id, values: [0] }));
    const before = await votesOf(mixed.id);
    expect((await votesOf(onlyDemo.id)).some((n) => n > 0)).toBe(true);
    await remove();
    expect(await votesOf(onlyDemo.id)).toEqual([0, 0]);
    expect(await votesOf(mixed.id)).toEqual(before);
  });

  it('removes web chat transcripts, dialogs and reports of demo people', async () => {
    await load();
    await run((unit) => takeAccount(unit, { channel: 'webchat', externalId: 'real-chat' }));
    const { db } = t.core;
    const someone = await db
      .selectFrom('member')
      .selectAll()
      .where('simulated', '=', 1)
      .executeTakeFirstOrThrow();
    for (const [id, external_id] of [
      ['m1', 'demo-1'],
      ['m2', 'real-chat'],
    ] as const) {
      await db
        .insertInto('webchat_message')
        .values({ id, external_id, from: 'person', body: '{}', at: 0, position: 1 })
        .execute();
    }
    for (const owner_id of [someone.id, 'somebody else']) {
      await db
        .insertInto('conversation')
        .values({ owner_id, dialog: 'report', version: 1, revision: 1, state: '{}', updated_at: 0 })
        .execute();
    }
    for (const [number, reporter_id] of [
      [1, someone.id],
      [2, null],
    ] as const) {
      await db
        .insertInto('barrier')
        .values({
          ...{ id: `b${number}`, number, reporter_id, company_id: someone.company_id, anonymous: 0 },
          ...{ kind: 'other', visibility: 'private', text: 'x', language: 'pl', status: 'new', demo: 0 },
          ...{ revision: 1, created_at: 0, updated_at: 0 },
        })
        .execute();
      await db
        .insertInto('barrier_message')
        .values({
          id: `bm${number}`,
          barrier_id: `b${number}`,
          from: 'staff',
          author_id: null,
          text: '',
          at: 0,
        })
        .execute();
    }
    await remove();
    expect((await db.selectFrom('webchat_message').selectAll().execute()).map((m) => m.id)).toEqual(['m2']);
    expect((await db.selectFrom('conversation').selectAll().execute()).map((c) => c.owner_id)).toEqual([
      'somebody else',
    ]);
    expect(await db.selectFrom('barrier').selectAll().execute()).toMatchObject([
      { id: 'b2', company_id: null },
    ]);
    expect((await db.selectFrom('barrier_message').selectAll().execute()).map((m) => m.id)).toEqual(['bm2']);
  });
});
