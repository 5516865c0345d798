import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAnnouncement } from '../../core/announcements/create.ts';
import { join } from '../../core/invitations/join.ts';
import { takeAccount } from '../../core/members/accounts.ts';
import { changeAccount } from '../../core/store/accounts.ts';
import { openConsole, type TestConsole } from './support.ts';

let t: TestConsole;
let ola: string;

beforeEach(async () => {
  t = await openConsole();
  ola = await t.joined('Ola', 'telegram');
});
afterEach(() => t.close());

const announce = () =>
  t.change((unit) =>
    createAnnouncement(
      unit,
      {
        ...{ title: { pl: 'Przegląd', en: 'Inspection' }, text: { pl: 'W środę.', en: 'On Wednesday.' } },
        ...{ confirm: true, urgent: true },
      },
      null,
    ),
  );

const codeOf = async () => {
  const { db } = t.tc.core;
  const made = await db.selectFrom('invitation').selectAll().where('again', '=', 1).execute();
  return String(made.at(-1)?.code);
};

const comeIn = (externalId: string, code: string) =>
  t.change(async (unit) => {
    const { account } = await takeAccount(unit, { channel: 'webchat', externalId });
    return join(unit, { accountId: account.id, code, language: 'pl' });
  });

const sentTo = (channel: 'telegram' | 'webchat', address: string) =>
  t.tc.channels[channel].to(address).length;

describe('somebody who lost their only address', () => {
  it('comes back as themselves with a link an administrator made, once; the old address is a stranger’s', async () => {
    await t.joined('Jan', 'webchat');
    await announce();
    await t.settle();
    expect(sentTo('telegram', 'telegram-Ola')).toBe(1);
    const admin = await t.signedIn('administrator');
    await admin.post(`/members/${ola}/invite-again`);
    await announce();
    await t.settle();
    expect(sentTo('telegram', 'telegram-Ola')).toBe(1);
    const back = await comeIn('new-browser', await codeOf());
    expect(back).toMatchObject({ id: ola, name: 'Ola', status: 'active' });
    await expect(comeIn('a-thief', await codeOf())).rejects.toThrow('invitation');
    const old = await t.change((unit) =>
      takeAccount(unit, { channel: 'telegram', externalId: 'telegram-Ola' }),
    );
    expect(old.member).toBeNull();
    await announce();
    await t.settle();
    expect([sentTo('telegram', 'telegram-Ola'), sentTo('webchat', 'new-browser')]).toEqual([1, 1]);
    const kept = await t.tc.core.db
      .selectFrom('delivery')
      .select('id')
      .where('member_id', '=', ola)
      .execute();
    expect(kept).toHaveLength(3);
  });

  it('is signed out of the panel', async () => {
    const staff = await t.signedIn('staff');
    await t.change(async (unit) => {
      const { account } = await takeAccount(unit, { channel: 'webchat', externalId: 'their-browser' });
      await changeAccount(unit.db, account.id, { member_id: staff.memberId });
      await unit.db
        .updateTable('member')
        .set({ status: 'active', consent_at: 1 })
        .where('id', '=', staff.memberId)
        .execute();
    });
    const admin = await t.signedIn('administrator');
    expect((await staff.get('/')).status).toBe(200);
    await admin.post(`/members/${staff.memberId}/invite-again`);
    expect((await staff.get('/')).status).toBe(303);
  });

  it.each([
    ['pl', 'Nowy telefon albo przeglądarka', 'odłączone na zawsze', 'Ponowne zaproszenie po utracie adresów'],
    ['en', 'New phone or browser', 'disconnected for good', 'Invited again after losing their addresses'],
  ] as const)(
    'is told of before, and stands in their history after, in %s',
    async (language, open, what, history) => {
      const admin = await t.signedIn('administrator', language);
      expect(await admin.text(`/members/${ola}`)).toContain(open);
      const page = await admin.text(`/members/${ola}/invite-again`);
      expect(page).toContain(what);
      expect(page).toContain('Ola');
      const invitation = await admin.submit(`/members/${ola}/invite-again`);
      expect(invitation).toContain(await codeOf());
      expect(await admin.text(`/members/${ola}`)).toContain(history);
    },
  );

  it('is for administrators alone, and for people who have joined', async () => {
    const staff = await t.signedIn('staff');
    expect(await staff.text(`/members/${ola}`)).not.toContain('invite-again');
    expect((await staff.get(`/members/${ola}/invite-again`)).status).toBe(403);
    expect((await staff.post(`/members/${ola}/invite-again`)).status).toBe(403);
    const admin = await t.signedIn('administrator');
    await admin.post(`/members/${ola}/invite-again`);
    expect((await admin.get(`/members/${ola}/invite-again`)).status).toBe(404);
  });
});
