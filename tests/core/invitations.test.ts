import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../core/audiences/audience.ts';
import { saveCompany } from '../../core/companies/company.ts';
import { newLinkCode, readLinkCode } from '../../core/invitations/codes.ts';
import {
  createInvitation,
  findUsableInvitation,
  type InvitationInput,
  invitationState,
  markSent,
  openLinkCode,
  revokeInvitation,
} from '../../core/invitations/invitation.ts';
import { type Joining, join } from '../../core/invitations/join.ts';
import { createLinkCode, linkAccount, linkCodeMs } from '../../core/invitations/link-account.ts';
import { findInvitationView, listInvitations } from '../../core/invitations/list.ts';
import { takeAccount } from '../../core/members/accounts.ts';
import { consentVersion } from '../../core/members/consent.ts';
import { saveMember } from '../../core/members/member.ts';
import { stopMember } from '../../core/members/stop.ts';
import { findMemberView, listMembers } from '../../core/members/view.ts';
import { enqueue } from '../../core/outbox.ts';
import type { Unit } from '../../core/unit.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';

let t: TestCore;
beforeEach(async () => {
  t = await openTestCore();
});
afterEach(() => t.close());

const run = <T>(work: (unit: Unit) => Promise<T>) => t.core.transaction(work);
const invite = (input: Partial<InvitationInput> = {}) =>
  run((unit) => createInvitation(unit, { kind: 'personal', ...input }));
const company = (name = 'Firma testowa') => run((unit) => saveCompany(unit, { name }));

let addresses = 0;
const account = async (displayName?: string) => {
  addresses += 1;
  const taken = await run((unit) =>
    takeAccount(unit, { channel: 'telegram', externalId: `address ${addresses}`, displayName }),
  );
  return taken.account.id;
};
const joinWith = async (code: string, joining: Partial<Joining> = {}) => {
  const accountId = joining.accountId ?? (await account('Osoba czatu'));
  return run((unit) => join(unit, { language: 'pl', ...joining, code, accountId }));
};
const state = async (id: string) => (await findInvitationView(t.core.db, id, t.clock.now()))?.state;

describe('an invitation', () => {
  it('is made by staff for members only: whoever holds it becomes its person, rights included', async () => {
    const person = (name: string, role: Role) =>
      run((unit) => saveMember(unit, { name, role, language: 'pl' }));
    const staff = await person('Osoba z zespołu', 'staff');
    const administrator = await person('Osoba z panelu', 'administrator');
    const byStaff = { createdBy: staff.id };
    for (const input of [
      { memberId: administrator.id },
      { memberId: staff.id },
      { role: 'staff' as const },
    ]) {
      await expect(invite({ ...byStaff, ...input })).rejects.toMatchObject({
        key: 'people:errors.invitationTooHigh',
      });
      await invite({ ...input, createdBy: administrator.id });
    }
    const listed = await person('Osoba z listy', 'member');
    await invite({ ...byStaff, memberId: listed.id });
  });

  it('is made for nobody who has joined: whoever held it would become them', async () => {
    const { id } = await joinWith(await openLinkCode(t.core.db));
    await expect(invite({ memberId: id })).rejects.toMatchObject({ key: 'people:errors.memberJoined' });
    await run((unit) => stopMember(unit, id));
    await expect(invite({ memberId: id })).rejects.toMatchObject({ key: 'people:errors.memberJoined' });
  });

  it('for a person who joined meanwhile with another one lets nobody in as them', async () => {
    const { id } = await run((unit) => saveMember(unit, { name: 'Osoba', role: 'member', language: 'pl' }));
    const [first, second] = [await invite({ memberId: id }), await invite({ memberId: id })];
    await joinWith(first.code);
    for (const way of [joinWith, (code: string) => run((unit) => findUsableInvitation(unit, code))]) {
      await expect(way(second.code)).rejects.toMatchObject({ key: 'people:errors.invitationOfJoined' });
    }
    expect((await findMemberView(t.core.db, id))?.channels).toHaveLength(1);
  });

  it('made before its person’s role rose ends with the rise; a lower role or another name ends none', async () => {
    const person = { name: 'Osoba', language: 'pl' } as const;
    const { id } = await run((unit) => saveMember(unit, { ...person, role: 'staff' }));
    const before = await invite({ memberId: id });
    await run((unit) => saveMember(unit, { ...person, id, name: 'Osoba inna', role: 'member' }));
    expect(await state(before.id)).toBe('created');
    await run((unit) => saveMember(unit, { ...person, id, role: 'administrator' }));
    await expect(joinWith(before.code)).rejects.toMatchObject({ key: 'people:errors.invitationRevoked' });
    const after = await invite({ memberId: id });
    expect(await joinWith(after.code)).toMatchObject({ id, role: 'administrator' });
  });

  it('that raises the role itself is used, not revoked, by who joins with it', async () => {
    const { id } = await run((unit) => saveMember(unit, { name: 'Osoba', role: 'member', language: 'pl' }));
    const { id: used, code } = await invite({ memberId: id, role: 'staff' });
    await joinWith(code);
    const row = t.core.db.selectFrom('invitation').select('revoked_at').where('id', '=', used);
    expect(await row.executeTakeFirst()).toEqual({ revoked_at: null });
  });

  it('goes from created over sent and opened to joined', async () => {
    const { id, code } = await invite({ name: 'Osoba testowa' });
    expect(code).toMatch(/^[A-Za-z0-9]{16}$/);
    expect(await state(id)).toBe('created');
    await run((unit) => markSent(unit, id));
    expect(await state(id)).toBe('sent');
    await run((unit) => findUsableInvitation(unit, ` ${code} `));
    expect(await state(id)).toBe('opened');
    await joinWith(code);
    expect(await state(id)).toBe('joined');
    expect(await findInvitationView(t.core.db, id, t.clock.now())).toMatchObject({
      member: { name: 'Osoba testowa' },
      joinedCount: 1,
    });
  });

  it('works once when personal', async () => {
    const { id, code } = await invite();
    await joinWith(code);
    await expect(joinWith(code)).rejects.toMatchObject({ key: 'people:errors.invitationUsed' });
    await expect(run((unit) => revokeInvitation(unit, id))).rejects.toMatchObject({
      key: 'people:errors.invitationUsed',
    });
    expect((await listMembers(t.core.db)).items).toHaveLength(1);
  });

  it('works for many when a company’s, and brings them into it', async () => {
    const { id: companyId } = await company();
    const { id, code } = await invite({ kind: 'company', companyId, name: 'zbędne' });
    for (let i = 0; i < 3; i++) await joinWith(code);
    const { items } = await listMembers(t.core.db);
    expect(items.map((m) => m.company?.id)).toEqual([companyId, companyId, companyId]);
    expect(await findInvitationView(t.core.db, id, t.clock.now())).toMatchObject({
      state: 'joined',
      joinedCount: 3,
      name: null,
    });
  });

  it('expires: personal after 30 days, a company’s after 90, or when said', async () => {
    const { id: companyId } = await company();
    const day = 86_400_000;
    const at = t.clock.now();
    expect((await invite()).expires_at).toBe(at + 30 * day);
    expect((await invite({ kind: 'company', companyId })).expires_at).toBe(at + 90 * day);
    expect((await invite({ expiresAt: null })).expires_at).toBeNull();
    const { id, code } = await invite({ expiresAt: at + 1000 });
    t.clock.advance(999);
    await run((unit) => findUsableInvitation(unit, code));
    t.clock.advance(1);
    expect(await state(id)).toBe('expired');
    await expect(joinWith(code)).rejects.toMatchObject({ key: 'people:errors.invitationExpired' });
  });

  it('is revoked, also after somebody of the company joined with it', async () => {
    const { id: companyId } = await company();
    const { id, code } = await invite({ kind: 'company', companyId });
    await joinWith(code);
    await run((unit) => revokeInvitation(unit, id));
    await run((unit) => revokeInvitation(unit, id));
    expect(await state(id)).toBe('revoked');
    await expect(joinWith(code)).rejects.toMatchObject({ key: 'people:errors.invitationRevoked' });
  });

  it.each<[Partial<InvitationInput>, string]>([
    [{ kind: 'company' }, 'people:errors.companyNeeded'],
    [{ companyId: 'none' }, 'people:errors.companyUnknown'],
    [{ memberId: 'none' }, 'common:errors.notFound'],
    [{ expiresAt: 0 }, 'people:errors.expiryPast'],
    [{ language: 'de' as 'pl' }, 'people:errors.language'],
    [{ name: 'x'.repeat(121) }, 'people:errors.tooLong'],
  ])('refuses %o', async (input, key) => {
    await expect(invite(input)).rejects.toMatchObject({ key });
  });

  it('makes nobody staff through a link many can use', async () => {
    const { id: companyId } = await company();
    await expect(invite({ kind: 'company', companyId, role: 'staff' })).rejects.toMatchObject({
      key: 'people:errors.roleByPersonalOnly',
    });
  });

  it.each(['', 'x', 'UNKNOWN0UNKNOWN0', "' or 1=1 --", 'ABCD2345'])(
    'with the code %j is unknown',
    async (code) => {
      await expect(run((unit) => findUsableInvitation(unit, code))).rejects.toMatchObject({
        key: 'people:errors.invitationUnknown',
      });
    },
  );

  it('is listed newest first in pages, without link codes', async () => {
    const made = [];
    for (let i = 0; i < 5; i++) made.push((await invite({ name: `Osoba ${i}` })).id);
    const { id } = await run((unit) => saveMember(unit, { name: 'Osoba', role: 'member', language: 'pl' }));
    await run((unit) => createLinkCode(unit, id));
    const first = await listInvitations(t.core.db, t.clock.now(), { limit: 3 });
    const second = await listInvitations(t.core.db, t.clock.now(), { limit: 3, cursor: first.next ?? '' });
    const listed = [...first.items, ...second.items];
    expect(listed.map((i) => i.id).slice(0, 5)).toEqual(made.reverse());
    expect(listed.map((i) => i.kind)).toEqual([...Array(5).fill('personal'), 'network']);
    expect(second.next).toBeNull();
  });
});

describe('the state of an invitation', () => {
  const row = {
    ...{ id: 'i', code: 'c', name: null, member_id: null, company_id: null, role: 'member' as const },
    ...{ language: null, created_by: null, created_at: 0, expires_at: null, sent_at: null, opened_at: null },
    ...{ joined_at: null, joined_count: 0, revoked_at: null, kind: 'personal' as const, again: 0 as const },
  };
  it.each([
    [{}, 'created'],
    [{ sent_at: 1 }, 'sent'],
    [{ sent_at: 1, opened_at: 2 }, 'opened'],
    [{ opened_at: 2, expires_at: 10 }, 'expired'],
    [{ opened_at: 2, expires_at: 11 }, 'opened'],
    [{ joined_at: 3, expires_at: 10 }, 'joined'],
    [{ joined_at: 3, expires_at: 10, kind: 'company' as const }, 'expired'],
    [{ joined_at: 3, revoked_at: 4, kind: 'company' as const }, 'revoked'],
    [{ joined_at: 3, kind: 'company' as const }, 'joined'],
    [{ sent_at: 1, expires_at: 10, revoked_at: 4 }, 'revoked'],
  ])('%o is %s', (change, expected) => {
    expect(invitationState({ ...row, ...change }, 10)).toBe(expected);
  });
});

describe('the open link', () => {
  it('lets people in as members with the company they pick', async () => {
    const { id: companyId } = await company();
    const code = await openLinkCode(t.core.db);
    const member = await joinWith(code, { companyId, language: 'en' });
    expect(await findMemberView(t.core.db, member.id)).toMatchObject({
      name: 'Osoba czatu',
      company: { id: companyId },
      role: 'member',
      language: 'en',
      status: 'active',
      consentAt: t.clock.now(),
      consentVersion,
      channels: [{ channel: 'telegram', status: 'open' }],
    });
    await expect(joinWith(code, { companyId: 'none' })).rejects.toMatchObject({
      key: 'people:errors.companyUnknown',
    });
  });

  it('is replaced when revoked', async () => {
    const before = await openLinkCode(t.core.db);
    const [network] = (await listInvitations(t.core.db, t.clock.now(), { kind: 'network' })).items;
    await run((unit) => revokeInvitation(unit, network?.id ?? ''));
    const after = await openLinkCode(t.core.db);
    expect(after).not.toBe(before);
    await expect(joinWith(before)).rejects.toMatchObject({ key: 'people:errors.invitationRevoked' });
    expect((await joinWith(after)).status).toBe('active');
  });
});

describe('joining', () => {
  it('completes the person staff put on the list', async () => {
    const { id: companyId } = await company();
    const listed = await run((unit) =>
      saveMember(unit, { name: 'Z listy', email: 'z@x.example', role: 'staff', language: 'pl', companyId }),
    );
    const { code } = await invite({ memberId: listed.id });
    const member = await joinWith(code, { language: 'en' });
    expect(await findMemberView(t.core.db, member.id)).toMatchObject({
      id: listed.id,
      name: 'Z listy',
      email: 'z@x.example',
      role: 'staff',
      language: 'en',
      status: 'active',
      company: { id: companyId },
    });
  });

  it.each([
    ['the person’s own word', { name: ' Nowe  Imię ' }, 'Z zaproszenia', 'Osoba czatu', 'Nowe Imię'],
    ['the invitation', {}, 'Z zaproszenia', 'Osoba czatu', 'Z zaproszenia'],
    ['the messenger', {}, undefined, 'Osoba czatu', 'Osoba czatu'],
    ['nowhere', {}, undefined, undefined, 'Osoba bez imienia'],
  ])('takes the name from %s', async (_from, joining, invited, displayName, expected) => {
    const { code } = await invite({ name: invited });
    const member = await joinWith(code, { ...joining, accountId: await account(displayName) });
    expect(member.name).toBe(expected);
  });

  it('again on the same address keeps the person; a personal invitation can raise the role', async () => {
    const accountId = await account();
    const first = await joinWith(await openLinkCode(t.core.db), { accountId });
    const again = await joinWith(await openLinkCode(t.core.db), { accountId });
    expect(again.id).toBe(first.id);
    const { code } = await invite({ role: 'staff' });
    expect(await joinWith(code, { accountId })).toMatchObject({ id: first.id, role: 'staff' });
    const member = await invite({ role: 'member' });
    expect((await joinWith(member.code, { accountId })).role).toBe('staff');
  });

  it('with somebody else’s invitation on a member’s address is refused', async () => {
    const accountId = await account();
    await joinWith(await openLinkCode(t.core.db), { accountId });
    const other = await run((unit) => saveMember(unit, { name: 'Inna', role: 'member', language: 'pl' }));
    const { id, code } = await invite({ memberId: other.id });
    await expect(joinWith(code, { accountId })).rejects.toMatchObject({
      key: 'people:errors.accountOfOther',
    });
    expect(await state(id)).toBe('created');
  });

  it('brings somebody who had stopped back', async () => {
    const accountId = await account();
    const member = await joinWith(await openLinkCode(t.core.db), { accountId });
    await run((unit) => stopMember(unit, member.id));
    expect(await joinWith(await openLinkCode(t.core.db), { accountId })).toMatchObject({
      status: 'active',
      stopped_at: null,
    });
  });
});

describe('linking a second messenger', () => {
  const member = async () => joinWith(await openLinkCode(t.core.db));
  const link = (accountId: string, code: string) => run((unit) => linkAccount(unit, { accountId, code }));

  it('adds an address to the person', async () => {
    const { id } = await member();
    const { code, expiresAt } = await run((unit) => createLinkCode(unit, id));
    expect(code).toMatch(/^[A-HJKMNP-Z2-9]{8}$/);
    expect(expiresAt).toBe(t.clock.now() + linkCodeMs);
    const linked = await link(await account(), ` ${code.slice(0, 4).toLowerCase()} - ${code.slice(4)}`);
    expect(linked.id).toBe(id);
    expect((await findMemberView(t.core.db, id))?.channels).toHaveLength(2);
  });

  it('works once', async () => {
    const { id } = await member();
    const { code } = await run((unit) => createLinkCode(unit, id));
    await link(await account(), code);
    await expect(link(await account(), code)).rejects.toMatchObject({ key: 'people:errors.linkUnknown' });
  });

  it('works for fifteen minutes, and only with the newest code', async () => {
    const { id } = await member();
    const old = await run((unit) => createLinkCode(unit, id));
    const { code } = await run((unit) => createLinkCode(unit, id));
    await expect(link(await account(), old.code)).rejects.toMatchObject({ key: 'people:errors.linkUnknown' });
    t.clock.advance(linkCodeMs);
    await expect(link(await account(), code)).rejects.toMatchObject({ key: 'people:errors.linkExpired' });
  });

  it('takes over what was sent to an address nobody had joined with', async () => {
    const { id } = await member();
    const accountId = await account();
    await run((unit) =>
      enqueue(unit, [{ to: { accountId }, subject: { kind: 'dialog', id: accountId }, lane: 'person' }]),
    );
    const { code } = await run((unit) => createLinkCode(unit, id));
    await link(accountId, code);
    const [delivery] = await t.core.db.selectFrom('delivery').selectAll().execute();
    expect(delivery?.member_id).toBe(id);
    expect((await listMembers(t.core.db)).items).toHaveLength(1);
  });

  it('refuses an address that is another member’s, and the code still works elsewhere', async () => {
    const { id } = await member();
    const accountId = await account();
    const other = await joinWith(await openLinkCode(t.core.db), { accountId });
    const { code } = await run((unit) => createLinkCode(unit, id));
    await expect(link(accountId, code)).rejects.toMatchObject({ key: 'people:errors.accountOfOther' });
    expect((await findMemberView(t.core.db, other.id))?.channels).toHaveLength(1);
    expect((await link(await account(), code)).id).toBe(id);
  });

  it('of an address linked already does nothing', async () => {
    const accountId = await account();
    const { id } = await joinWith(await openLinkCode(t.core.db), { accountId });
    const { code } = await run((unit) => createLinkCode(unit, id));
    expect((await link(accountId, code)).id).toBe(id);
    expect((await findMemberView(t.core.db, id))?.channels).toHaveLength(1);
  });

  it.each(['', '🙂', '1234567', 'ABCDEFGHJ', 'O0O0O0O0', 'AAAA AAAA'])('refuses %j kindly', async (code) => {
    await expect(link(await account(), code)).rejects.toMatchObject({ key: 'people:errors.linkUnknown' });
  });

  it('reads a code however it is typed', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(1000)), fc.constantFrom('', ' ', '-', ' – '), (numbers, gap) => {
        const code = newLinkCode({ integer: (n: number) => numbers.next().value % n } as never);
        const typed = `${code.slice(0, 3)}${gap}${code.slice(3)} `.toLowerCase();
        return readLinkCode(typed) === code;
      }),
    );
  });
});
