import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { saveCompany } from '../../core/companies/company.ts';
import { createInvitation } from '../../core/invitations/invitation.ts';
import { join } from '../../core/invitations/join.ts';
import { createLinkCode, linkAccount } from '../../core/invitations/link-account.ts';
import { accountGone, setAccountLanguage, takeAccount } from '../../core/members/accounts.ts';
import { eraseMember, forgetStrangers } from '../../core/members/erase.ts';
import { type MemberInput, renameMember, saveMember, setLanguage } from '../../core/members/member.ts';
import { memberFile } from '../../core/members/member-file.ts';
import { resumeMember, stopMember } from '../../core/members/stop.ts';
import { findMemberView, listMembers, recentlyStopped } from '../../core/members/view.ts';
import { enqueue } from '../../core/outbox.ts';
import type { Unit } from '../../core/unit.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';

let t: TestCore;
beforeEach(async () => {
  t = await openTestCore();
});
afterEach(() => t.close());

const run = <T>(work: (unit: Unit) => Promise<T>) => t.core.transaction(work);
const save = (input: Partial<MemberInput>) =>
  run((unit) => saveMember(unit, { name: 'Osoba testowa', role: 'member', language: 'pl', ...input }));

/** Somebody who joined, with an open account on each of `channels`. */
async function joined(name: string, ...channels: ('webchat' | 'telegram')[]) {
  const { code } = await run((unit) => createInvitation(unit, { kind: 'personal', name }));
  const [first = 'webchat', ...others] = channels;
  const take = (channel: 'webchat' | 'telegram') =>
    run((unit) => takeAccount(unit, { channel, externalId: `${name} on ${channel}`, displayName: name }));
  const { account } = await take(first);
  const member = await run((unit) => join(unit, { accountId: account.id, code, language: 'pl' }));
  for (const channel of others) {
    const link = await run((unit) => createLinkCode(unit, member.id));
    const { account: second } = await take(channel);
    await run((unit) => linkAccount(unit, { accountId: second.id, code: link.code }));
  }
  return member;
}

const say = (memberId: string, kind: 'announcement' | 'dialog' = 'dialog', id = 'subject') =>
  run((unit) =>
    enqueue(unit, [
      {
        to: { memberId },
        subject: { kind, id },
        lane: 'broadcast',
        notBefore: unit.now + 1000,
        content: { blocks: [{ type: 'text', text: { literal: 'Treść' } }] },
      },
    ]),
  );

const deliveries = () => t.core.db.selectFrom('delivery').selectAll().orderBy('id').execute();

describe('a person on the list', () => {
  it('is listed until they join', async () => {
    expect(await save({ email: ' Osoba@X.Example ', tags: ['prezes'] })).toMatchObject({
      name: 'Osoba testowa',
      email: 'osoba@x.example',
      status: 'listed',
      consentAt: null,
      tags: ['prezes'],
      channels: [],
      revision: 1,
    });
  });

  it('edited by two administrators at once: the second is told', async () => {
    const { id, revision } = await save({});
    await save({ id, revision, name: 'Pierwsza zmiana' });
    await expect(save({ id, revision, name: 'Druga zmiana' })).rejects.toMatchObject({
      key: 'common:errors.conflict',
    });
    expect((await findMemberView(t.core.db, id))?.name).toBe('Pierwsza zmiana');
  });

  it('does not share an e-mail address with another', async () => {
    const { id } = await save({ email: 'a@x.example' });
    await expect(save({ email: 'A@x.example' })).rejects.toMatchObject({ key: 'people:errors.emailTaken' });
    await save({ id, email: 'a@x.example' });
    await save({ id, email: '' });
    expect((await save({ email: 'a@x.example' })).email).toBe('a@x.example');
  });

  it.each<[Partial<MemberInput>, string]>([
    [{ name: ' ' }, 'people:errors.memberName'],
    [{ name: 'x'.repeat(121) }, 'people:errors.tooLong'],
    [{ email: 'nie adres' }, 'people:errors.email'],
    [{ email: 'a@b' }, 'people:errors.email'],
    [{ companyId: 'none' }, 'people:errors.companyUnknown'],
    [{ role: 'owner' as 'staff' }, 'people:errors.role'],
    [{ language: 'de' as 'pl' }, 'people:errors.language'],
    [{ id: 'nobody' }, 'common:errors.notFound'],
  ])('refuses %o', async (input, key) => {
    await expect(save(input)).rejects.toMatchObject({ key });
  });

  it('takes names as people have them', async () => {
    for (const name of ["O'Brien-Łoś", 'יוסף כהן', '🙂', '<b>x</b>', '李小龍']) {
      expect((await save({ name })).name).toBe(name);
    }
  });

  it('stays administrator while there is no other', async () => {
    const { id } = await save({ role: 'administrator' });
    await expect(save({ id, role: 'staff' })).rejects.toMatchObject({
      key: 'people:errors.lastAdministrator',
      field: 'role',
    });
    await expect(run((unit) => eraseMember(unit, id))).rejects.toMatchObject({
      key: 'people:errors.lastAdministrator',
    });
    await save({ role: 'administrator' });
    expect((await save({ id, role: 'staff' })).role).toBe('staff');
  });

  it('changes name and language from the chat', async () => {
    const member = await joined('Osoba czatu', 'webchat');
    await run((unit) => renameMember(unit, member.id, ' Nowa  nazwa '));
    await run((unit) => setLanguage(unit, member.id, 'en'));
    expect(await findMemberView(t.core.db, member.id)).toMatchObject({ name: 'Nowa nazwa', language: 'en' });
  });
});

describe('the list of people', () => {
  it('is in Polish order, searched without diacritics over name, e-mail, tag and company', async () => {
    const { id: companyId } = await run((unit) => saveCompany(unit, { name: 'Źródło' }));
    await save({ name: 'Łucja Testowa', companyId });
    await save({ name: 'Lucjan Testowy', email: 'lt@x.example', tags: ['rada'], role: 'staff' });
    await save({ name: 'Zenon Testowy' });
    const names = async (request: Parameters<typeof listMembers>[1]) =>
      (await listMembers(t.core.db, request)).items.map((m) => m.name);
    expect(await names({})).toEqual(['Lucjan Testowy', 'Łucja Testowa', 'Zenon Testowy']);
    expect(await names({ search: 'lucja' })).toEqual(['Lucjan Testowy', 'Łucja Testowa']);
    expect(await names({ search: 'zrodlo' })).toEqual(['Łucja Testowa']);
    expect(await names({ search: 'RADA lt@' })).toEqual(['Lucjan Testowy']);
    expect(await names({ companyId })).toEqual(['Łucja Testowa']);
    expect(await names({ role: 'staff' })).toEqual(['Lucjan Testowy']);
    expect(await names({ status: 'active' })).toEqual([]);
  });

  it('comes in pages, also with people of the same name', async () => {
    for (let i = 0; i < 7; i++) await save({ name: 'Ta sama' });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof listMembers>> = await listMembers(t.core.db, {
        cursor,
        limit: 3,
      });
      seen.push(...page.items.map((m) => m.id));
      cursor = page.next;
    }
    expect(new Set(seen).size).toBe(7);
    expect(seen).toHaveLength(7);
  });

  it('shows the messengers of each, the one used last first', async () => {
    const member = await joined('Osoba czatu', 'telegram');
    t.clock.advance(1000);
    const link = await run((unit) => createLinkCode(unit, member.id));
    const { account } = await run((unit) => takeAccount(unit, { channel: 'webchat', externalId: 'w1' }));
    await run((unit) => linkAccount(unit, { accountId: account.id, code: link.code }));
    await run((unit) => accountGone(unit, 'telegram', 'Osoba czatu on telegram'));
    expect((await findMemberView(t.core.db, member.id))?.channels).toEqual([
      { channel: 'webchat', status: 'open', lastUsedAt: t.clock.now() },
      { channel: 'telegram', status: 'gone', lastUsedAt: t.clock.now() - 1000 },
    ]);
  });
});

describe('an address somebody writes from', () => {
  const take = (extra: object = {}) =>
    run((unit) => takeAccount(unit, { channel: 'telegram', externalId: '7', ...extra }));

  it('is made once, with the language guessed', async () => {
    const first = await take({ displayName: ' Osoba ', languageHint: 'en-GB' });
    expect(first).toMatchObject({ member: null, account: { language: 'en', display_name: 'Osoba' } });
    t.clock.advance(5000);
    const second = await take({ languageHint: 'pl' });
    expect(second.account).toMatchObject({
      id: first.account.id,
      language: 'en',
      display_name: 'Osoba',
      last_used_at: t.clock.now(),
    });
  });

  it('speaks the network’s language when the messenger’s is unknown, until it is changed', async () => {
    const { account } = await take({ languageHint: 'uk' });
    expect(account.language).toBe('pl');
    await run((unit) => setAccountLanguage(unit, account.id, 'en'));
    expect((await take()).account.language).toBe('en');
  });

  it('closes when the platform says so and opens when they write again', async () => {
    await take();
    await run((unit) => accountGone(unit, 'telegram', '7'));
    await run((unit) => accountGone(unit, 'telegram', 'never seen'));
    const row = () => t.core.db.selectFrom('account').selectAll().executeTakeFirstOrThrow();
    expect(await row()).toMatchObject({ status: 'gone', gone_reason: 'blocked' });
    await take();
    expect(await row()).toMatchObject({ status: 'open', gone_reason: null });
  });
});

describe('/stop', () => {
  it('stops everything on every messenger at once and is visible to staff', async () => {
    const member = await joined('Osoba czatu', 'webchat', 'telegram');
    const other = await joined('Inna osoba', 'webchat');
    await say(member.id, 'announcement', 'ann');
    await say(member.id);
    await say(other.id);
    t.clock.advance(500);
    await run((unit) => stopMember(unit, member.id));
    expect((await deliveries()).map((d) => [d.member_id === member.id, d.status, d.reason])).toEqual([
      [true, 'unreachable', 'stopped'],
      [true, 'unreachable', 'stopped'],
      [false, 'pending', null],
    ]);
    expect(t.signals).toContainEqual({ kind: 'changed', topic: 'announcement:ann' });
    const stopped = await recentlyStopped(t.core.db, t.clock.now() - 1000);
    expect(stopped).toMatchObject([{ name: 'Osoba czatu', status: 'stopped', stoppedAt: t.clock.now() }]);
    expect(await recentlyStopped(t.core.db, t.clock.now() + 1)).toEqual([]);
  });

  it('holds for what is made later', async () => {
    const member = await joined('Osoba czatu', 'webchat', 'telegram');
    await run((unit) => stopMember(unit, member.id));
    await say(member.id);
    t.clock.advance(2000);
    await t.settle();
    expect((await deliveries())[0]).toMatchObject({ status: 'unreachable', reason: 'stopped' });
    expect(t.channels.webchat.sent).toEqual([]);
    expect(t.channels.telegram.sent).toEqual([]);
  });

  it('is left in one tap; what was missed is not sent afterwards', async () => {
    const member = await joined('Osoba czatu', 'webchat');
    await say(member.id);
    await run((unit) => stopMember(unit, member.id));
    await run((unit) => stopMember(unit, member.id));
    await run((unit) => resumeMember(unit, member.id));
    await run((unit) => resumeMember(unit, member.id));
    expect(await findMemberView(t.core.db, member.id)).toMatchObject({ status: 'active', stoppedAt: null });
    t.clock.advance(2000);
    await t.settle();
    expect(t.channels.webchat.sent).toEqual([]);
    await say(member.id);
    t.clock.advance(2000);
    await t.settle();
    expect(t.channels.webchat.sent).toHaveLength(1);
  });

  it('of somebody who never joined leads back to the list, not into the network', async () => {
    const { id } = await save({});
    await run((unit) => stopMember(unit, id));
    await run((unit) => resumeMember(unit, id));
    expect((await findMemberView(t.core.db, id))?.status).toBe('listed');
  });
});

/** A person with a trace in every table there is. */
async function withTraces() {
  const { id: companyId } = await run((unit) => saveCompany(unit, { name: 'Firma testowa' }));
  const member = await joined('Sekretne Nazwisko', 'webchat', 'telegram');
  await save({
    id: member.id,
    name: 'Sekretne Nazwisko',
    email: 'sekret@x.example',
    companyId,
    tags: ['sekretny'],
  });
  const { db } = t.core;
  const now = t.clock.now();
  const common = { demo: 0, revision: 1, created_at: now } as const;
  await db
    .insertInto('announcement')
    .values({
      ...{ id: 'ann', title_pl: 'Tytuł', title_en: 'Title', text_pl: 'x', text_en: 'x', link: null },
      ...{
        attachment_id: null,
        audience: '{}',
        group_ids: '[]',
        confirm: 1,
        urgent: 0,
        replies: 1,
        reminder_count: 0,
      },
      ...{ reminder_every_hours: 24, send_at: now, status: 'sent', author_id: null, started_at: now },
      ...{ finished_at: now, corrected_at: null, ...common },
    })
    .execute();
  for (const [id, anonymous] of [
    ['named', 0],
    ['secret', 1],
  ] as const) {
    await db
      .insertInto('poll')
      .values({
        ...{ id, question_pl: `Pytanie ${id}`, question_en: null, multiple: 0, anonymous, audience: '{}' },
        ...{ show_results: 'never', urgent: 0, opens_at: now, closes_at: now + 1, reminder_count: 0 },
        ...{ reminder_every_hours: 24, status: 'open', author_id: null, closed_at: null, ...common },
      })
      .execute();
    for (const position of [0, 1]) {
      await db
        .insertInto('poll_option')
        .values({ poll_id: id, position, label_pl: `Opcja ${position}`, label_en: null, votes: position })
        .execute();
    }
    const vote = anonymous ? { options: null, voted_at: null } : { options: '[1]', voted_at: now };
    await db
      .insertInto('ballot')
      .values({ poll_id: id, member_id: member.id, ...vote })
      .execute();
  }
  for (const [id, from, text] of [
    ['r1', 'member', 'sekretna odpowiedź'],
    ['r2', 'staff', 'do sekretnej osoby'],
  ] as const) {
    await db
      .insertInto('reply')
      .values({
        ...{ id, subject_kind: 'announcement', subject_id: 'ann', member_id: member.id, from, text },
        ...{ author_id: null, at: now, handled_at: null, demo: 0 },
      })
      .execute();
  }
  await db
    .insertInto('barrier')
    .values({
      ...{ id: 'b1', number: 1, reporter_id: member.id, company_id: companyId, anonymous: 0, kind: 'other' },
      ...{ visibility: 'private', text: 'sekretna bariera', language: 'pl', status: 'new', ...common },
      updated_at: now,
    })
    .execute();
  for (const [id, from, author_id, text] of [
    ['m1', 'reporter', member.id, 'sekretny dopisek'],
    ['m2', 'staff', 'somebody', 'odpowiedź do sekretnej osoby'],
  ] as const) {
    await db
      .insertInto('barrier_message')
      .values({ id, barrier_id: 'b1', from, author_id, text, status: null, at: now })
      .execute();
  }
  const accounts = await db.selectFrom('account').selectAll().orderBy('id').execute();
  await db
    .updateTable('account')
    .set({ thread_id: 'sekretna rozmowa', thread_read_to: 'sekretny znacznik' })
    .where('member_id', '=', member.id)
    .execute();
  for (const owner_id of [member.id, ...accounts.map((a) => a.id)]) {
    const state = '{"text":"sekretny stan"}';
    await db
      .insertInto('conversation')
      .values({ owner_id, dialog: 'report', version: 1, revision: 1, state, updated_at: now })
      .execute();
  }
  await db
    .insertInto('webchat_message')
    .values({
      ...{ id: 'w1', external_id: 'Sekretne Nazwisko on webchat', from: 'person', at: now, position: 1 },
      body: '{"text":"sekretny czat"}',
    })
    .execute();
  await db
    .insertInto('session')
    .values({ id: 's1', member_id: member.id, created_at: now, expires_at: now + 1000 })
    .execute();
  await db
    .insertInto('sign_in_link')
    .values({ id: 'l1', member_id: member.id, created_at: now, expires_at: now + 1000, used_at: null })
    .execute();
  await run((unit) => createLinkCode(unit, member.id));
  await run((unit) =>
    enqueue(unit, [
      {
        to: { memberId: member.id },
        subject: { kind: 'announcement', id: 'ann' },
        lane: 'broadcast',
        unreachable: 'blocked',
      },
    ]),
  );
  await say(member.id, 'announcement', 'ann');
  await say(member.id);
  t.clock.advance(3_600_000);
  return member;
}

/** Everything in every table, as one text. */
async function everything(): Promise<string> {
  const tables = await t.core.db.introspection.getTables();
  const rows = await Promise.all(
    tables.map((table) =>
      t.core.db
        .selectFrom(table.name as 'member')
        .selectAll()
        .execute(),
    ),
  );
  return JSON.stringify(rows);
}

describe('"what do you know about me"', () => {
  it('shows all of it, and of an anonymous poll only that the person voted', async () => {
    const member = await withTraces();
    const file = await memberFile(t.core.db, member.id);
    expect(file).toMatchObject({
      member: { name: 'Sekretne Nazwisko', email: 'sekret@x.example', company: { name: 'Firma testowa' } },
      accounts: [
        { channel: 'telegram', thread: { id: 'sekretna rozmowa' } },
        { channel: 'webchat', externalId: 'Sekretne Nazwisko on webchat' },
      ],
      announcements: [{ title: { pl: 'Tytuł', en: 'Title' } }, { status: 'pending' }],
      votes: [
        { question: { pl: 'Pytanie named' }, anonymous: false, options: [{ pl: 'Opcja 1' }] },
        { question: { pl: 'Pytanie secret' }, anonymous: true, options: null, votedAt: null },
      ],
      replies: [{ text: 'sekretna odpowiedź' }, { from: 'staff' }],
      barriers: [{ number: 1, text: 'sekretna bariera', messages: [{ text: 'sekretny dopisek' }, {}] }],
      webchat: [{ text: 'sekretny czat' }],
      openDialogs: [{}, {}, {}],
      sessions: [{}],
    });
  });

  it('knows nothing of nobody', async () => {
    expect(await memberFile(t.core.db, 'nobody')).toBeNull();
  });
});

describe('"erase me"', () => {
  it('leaves no word, name or address of the person in any table', async () => {
    const member = await withTraces();
    expect(await everything()).toMatch(/sekret/i);
    await run((unit) => eraseMember(unit, member.id));
    expect(await everything()).not.toMatch(/sekret/i);
    expect(await memberFile(t.core.db, member.id)).toBeNull();
    for (const table of ['account', 'conversation', 'session', 'sign_in_link', 'webchat_message'] as const) {
      expect(await t.core.db.selectFrom(table).selectAll().execute(), table).toEqual([]);
    }
  });

  it('keeps every count: deliveries, votes, ballots, replies, reports, people of the company', async () => {
    const member = await withTraces();
    const counts = async () => {
      const { db } = t.core;
      const number = async (rows: Promise<unknown[]>) => (await rows).length;
      return {
        deliveries: await number(
          db.selectFrom('delivery').selectAll().where('subject_kind', '=', 'announcement').execute(),
        ),
        votes: (await db.selectFrom('poll_option').select('votes').execute()).map((o) => o.votes),
        ballots: await number(db.selectFrom('ballot').selectAll().execute()),
        replies: await number(db.selectFrom('reply').selectAll().execute()),
        barriers: await number(db.selectFrom('barrier').selectAll().execute()),
        invitations: await number(
          db
            .selectFrom('invitation')
            .selectAll()
            .where('joined_at', 'is not', null)
            .where('kind', '=', 'personal')
            .execute(),
        ),
      };
    };
    const before = await counts();
    await run((unit) => eraseMember(unit, member.id));
    expect(await counts()).toEqual(before);
    const row = await t.core.db
      .selectFrom('member')
      .selectAll()
      .where('id', '=', member.id)
      .executeTakeFirst();
    expect(row).toMatchObject({ name: '', email: null, status: 'erased', consent_at: null, language: 'pl' });
    expect(row?.company_id).not.toBeNull();
  });

  it('cancels what waits, hides the person from lists and from a second erasing', async () => {
    const member = await withTraces();
    await run((unit) => eraseMember(unit, member.id));
    const rows = await deliveries();
    expect(rows.map((d) => [d.status, d.reason, d.account_id])).toEqual([
      ['unreachable', 'blocked', null],
      ['unreachable', 'erased', null],
    ]);
    expect((await listMembers(t.core.db)).items).toEqual([]);
    expect((await listMembers(t.core.db, { status: 'erased' })).items).toHaveLength(1);
    await expect(run((unit) => eraseMember(unit, member.id))).rejects.toMatchObject({
      key: 'common:errors.notFound',
    });
    await expect(save({ id: member.id })).rejects.toMatchObject({ key: 'common:errors.notFound' });
  });

  it('asked for in the chat still gets its answer there; the address is forgotten an hour later', async () => {
    const member = await withTraces();
    const address = { channel: 'telegram', externalId: 'Sekretne Nazwisko on telegram' } as const;
    await run(async (unit) => {
      const { account } = await takeAccount(unit, address);
      await eraseMember(unit, member.id);
      await enqueue(unit, [
        {
          to: { accountId: account.id },
          subject: { kind: 'dialog', id: account.id },
          lane: 'person',
          content: { blocks: [{ type: 'text', text: { literal: 'Dane usunięte.' } }] },
        },
      ]);
    });
    await t.settle();
    expect(t.channels.telegram.to(address.externalId)).toHaveLength(1);
    const accounts = await t.core.db.selectFrom('account').selectAll().execute();
    expect(accounts).toMatchObject([{ member_id: null, display_name: null, channel: 'telegram' }]);
    expect(await forgetStrangers(t.core)).toBe(0);
    t.clock.advance(3_600_001);
    expect(await forgetStrangers(t.core)).toBe(1);
    expect(await everything()).not.toMatch(/sekret/i);
    expect(await t.core.db.selectFrom('account').selectAll().execute()).toEqual([]);
  });

  it('lets the person come back as somebody new', async () => {
    const member = await joined('Osoba czatu', 'telegram');
    t.clock.advance(1000);
    await run((unit) => eraseMember(unit, member.id));
    const again = await joined('Osoba czatu', 'telegram');
    expect(again.id).not.toBe(member.id);
    expect(again.status).toBe('active');
  });
});

describe('strangers', () => {
  it('who wrote but never joined are forgotten after thirty days', async () => {
    const member = await joined('Osoba czatu', 'webchat');
    await run((unit) => takeAccount(unit, { channel: 'telegram', externalId: 'stranger' }));
    t.clock.advance(29 * 86_400_000);
    expect(await forgetStrangers(t.core)).toBe(0);
    t.clock.advance(2 * 86_400_000);
    expect(await forgetStrangers(t.core)).toBe(1);
    expect((await findMemberView(t.core.db, member.id))?.channels).toHaveLength(1);
  });
});
