import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { once } from '../../console/once.ts';
import { saveCompany } from '../../core/companies/company.ts';
import { createInvitation } from '../../core/invitations/invitation.ts';
import { join } from '../../core/invitations/join.ts';
import { createLinkCode, linkAccount } from '../../core/invitations/link-account.ts';
import { takeAccount } from '../../core/members/accounts.ts';
import { saveMember } from '../../core/members/member.ts';
import { listMembers } from '../../core/members/view.ts';
import type { Unit } from '../../core/unit.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';

let t: TestCore;
beforeEach(async () => {
  t = await openTestCore();
});
afterEach(() => t.close());

const run = <T>(work: (unit: Unit) => Promise<T>) => t.core.transaction(work);
const account = async (name: string) =>
  (await run((unit) => takeAccount(unit, { channel: 'telegram', externalId: name, displayName: name })))
    .account.id;

/** Every one of these at the same moment; how many came through, and what the others were told. */
async function atOnce(works: readonly (() => Promise<unknown>)[]) {
  const results = await Promise.allSettled(works.map((work) => work()));
  const told = results.flatMap((r) => (r.status === 'rejected' ? [r.reason?.key ?? String(r.reason)] : []));
  return { through: results.length - told.length, told };
}

describe('at the same moment', () => {
  it('a personal invitation lets one address in, whoever else holds it', async () => {
    const { code } = await run((unit) => createInvitation(unit, { kind: 'personal', name: 'Osoba testowa' }));
    const addresses = await Promise.all(['a', 'b', 'c', 'd'].map(account));
    const joining = addresses.map(
      (accountId) => () => run((unit) => join(unit, { accountId, code, language: 'pl' })),
    );
    const used = 'people:errors.invitationUsed';
    expect(await atOnce(joining)).toEqual({ through: 1, told: [used, used, used] });
    expect((await listMembers(t.core.db)).items).toHaveLength(1);
  });

  it('a code links one messenger', async () => {
    const member = await run((unit) => saveMember(unit, { name: 'Osoba', role: 'member', language: 'pl' }));
    const { code } = await run((unit) => createLinkCode(unit, member.id));
    const addresses = await Promise.all(['a', 'b', 'c'].map(account));
    const linking = addresses.map((accountId) => () => run((unit) => linkAccount(unit, { accountId, code })));
    const unknown = 'people:errors.linkUnknown';
    expect(await atOnce(linking)).toEqual({ through: 1, told: [unknown, unknown] });
  });

  it('the last two administrators cannot give up the role together', async () => {
    const fields = { role: 'administrator', language: 'pl' } as const;
    const first = await run((unit) => saveMember(unit, { ...fields, name: 'Pierwsza' }));
    const second = await run((unit) => saveMember(unit, { ...fields, name: 'Druga' }));
    const leaving = [first, second].map(
      ({ id, name }) =>
        () =>
          run((unit) => saveMember(unit, { ...fields, id, name, role: 'staff' })),
    );
    expect(await atOnce(leaving)).toEqual({ through: 1, told: ['people:errors.lastAdministrator'] });
  });

  it('one of those who add the same company or address comes through, the others are told it is taken', async () => {
    const name = 'Firma testowa';
    const company = () => run((unit) => saveCompany(unit, { name }));
    const companyTaken = 'people:errors.companyTaken';
    expect(await atOnce([company, company, company])).toEqual({
      through: 1,
      told: [companyTaken, companyTaken],
    });
    const fields = { name: 'Osoba', email: 'osoba@firma.example', role: 'member', language: 'pl' } as const;
    const person = () => run((unit) => saveMember(unit, fields));
    const emailTaken = 'people:errors.emailTaken';
    expect(await atOnce([person, person, person])).toEqual({ through: 1, told: [emailTaken, emailTaken] });
  });

  it('what the other one added first is found when the work is run again', async () => {
    let tries = 0;
    const clash = () => Object.assign(new Error('duplicate key'), { code: '23505' });
    const second = await run(async () => {
      tries += 1;
      if (tries === 1) throw clash();
      return 'taken';
    });
    expect([second, tries]).toEqual(['taken', 2]);
    await expect(run(() => Promise.reject(clash()))).rejects.toMatchObject({ code: '23505' });
  });

  it('a form whose button was pressed twice is done once, and both presses are told the same', async () => {
    let done = 0;
    const press = () =>
      once(t.core, 'key-of-the-form', async (unit) => {
        await saveMember(unit, { name: `Osoba ${done++}`, role: 'member', language: 'pl' });
        return unit.ids.next();
      });
    const ids = await Promise.all([press(), press(), press()]);
    expect(new Set(ids).size).toBe(1);
    expect((await listMembers(t.core.db)).items).toHaveLength(1);
  });
});
