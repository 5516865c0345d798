import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { networkSettings } from '../../core/network/settings.ts';
import { findNetworkInvitation } from '../../core/store/invitations.ts';
import { type Browser, hidden, openConsole, plain, type TestConsole } from './support.ts';

let t: TestConsole;
let admin: Browser & { memberId: string };
beforeEach(async () => {
  t = await openConsole();
  admin = await t.signedIn('administrator');
});
afterEach(() => t.close());

describe('people and companies', () => {
  test('are added, found without diacritics, and edited', async () => {
    const company = await admin.post('/companies/new', {
      name: 'Zakład Łączności',
      branchId: 'ict',
      tags: 'a, b',
    });
    expect(company.status).toBe(303);
    expect(await admin.text('/companies?q=zaklad lacznosci')).toContain('Zakład Łączności');
    expect(await admin.text('/companies?q=nikt')).toContain('Nie ma tu żadnej firmy');
    const member = await admin.post('/members/new', {
      name: 'Żaneta Przykładowa',
      language: 'pl',
      role: 'member',
    });
    const path = member.headers.get('location') ?? '';
    expect(await admin.text('/members?q=zaneta')).toContain('Żaneta Przykładowa');
    const form = hidden(await admin.text(path));
    const page = await admin.submit(path, { ...form, name: 'Żaneta Nowa', language: 'en', role: 'staff' });
    expect(page).toContain('Żaneta Nowa');
    expect(page).toContain('Zapisane.');
  });

  test('are counted in all above each list, as filtered', async () => {
    for (const name of ['Ala Pierwsza', 'Ala Druga', 'Ola Trzecia'])
      await admin.post('/members/new', { name, language: 'pl', role: 'member' });
    for (const name of ['Firma A', 'Firma B']) await admin.post('/companies/new', { name, branchId: 'ict' });
    const heading = async (path: string) => /<h2[^>]*>([^<]*)<\/h2>/.exec(await admin.text(path))?.[1];
    expect(await heading('/members')).toBe('4 osoby');
    expect(await heading('/members?q=ala&status=listed')).toBe('2 osoby');
    expect(await heading('/members?role=administrator')).toBe('1 osoba');
    expect(await heading('/companies?q=firma')).toBe('2 firmy');
    expect(await admin.text('/members?q=nikt')).not.toContain('osób');
  });

  test('of one company are counted on its page, and all can be come by', async () => {
    const made = await admin.post('/companies/new', { name: 'Firma Przykładowa' });
    const path = made.headers.get('location') ?? '';
    const companyId = path.split('/').at(-1) ?? '';
    for (let n = 101; n <= 151; n++)
      await admin.post('/members/new', { name: `Osoba ${n}`, language: 'pl', role: 'member', companyId });
    const page = await admin.text(path);
    expect(page).toContain('51 osób');
    expect(page).not.toContain('>Osoba 151</a>');
    const [, next = ''] = /href="([^"]*cursor=[^"]*)"/.exec(page) ?? [];
    expect(await admin.text(next.replaceAll('&amp;', '&'))).toContain('>Osoba 151</a>');
  });

  test('edited by two at once: the slower one is told and keeps what was typed', async () => {
    const made = await admin.post('/companies/new', { name: 'Firma Przykładowa' });
    const path = made.headers.get('location') ?? '';
    const form = hidden(await admin.text(path));
    const other = await t.signedIn('staff');
    const first = { ...form, name: 'Firma Pierwsza', unit: 'A1', branchId: 'ict' };
    expect((await other.post(path, first)).status).toBe(303);
    const slower = await admin.post(path, { ...form, name: 'Firma Druga' });
    expect(slower.status).toBe(422);
    const page = await plain(slower);
    expect(page).toContain('Ktoś zmienił to w międzyczasie');
    expect(page).toContain('value="Firma Druga"');
    for (const saved of ['Firma Pierwsza', 'A1', 'ICT']) expect(page).toContain(`Teraz zapisane: ${saved}`);
    expect(page.match(/Teraz zapisane/g)).toHaveLength(3);
    expect((await admin.post(path, { ...hidden(page), name: 'Firma Druga' })).status).toBe(303);
  });

  test('a NUL character or a revision beyond counting is nobody’s fault', async () => {
    for (const path of ['/members/%00', '/companies/%00', '/invitations/%00']) {
      expect((await admin.get(path)).status).toBe(404);
    }
    expect((await admin.get('/members?q=a%00&company=%00')).status).toBe(200);
    const id = await t.joined('Osoba A');
    const fields = { name: 'Osoba\0 B', language: 'pl', role: 'member', revision: '99999999999' };
    expect((await admin.post(`/members/${id}`, fields)).status).toBe(422);
    expect(t.faults).toEqual([]);
  });

  test('staff give no roles and no sign-in links; administrators do', async () => {
    const staff = await t.signedIn('staff');
    const made = await staff.post('/members/new', { name: 'Osoba X', language: 'pl', role: 'administrator' });
    const path = made.headers.get('location') ?? '';
    const row = await t.tc.core.db
      .selectFrom('member')
      .select('role')
      .where('name', '=', 'Osoba X')
      .execute();
    expect(row).toEqual([{ role: 'member' }]);
    expect((await staff.post(`${path}/sign-in-link`)).status).toBe(403);
    expect((await staff.post(`${path}/erase`)).status).toBe(403);
    const link = await admin.post(`/members/${staff.memberId}/sign-in-link`);
    expect(await plain(link)).toMatch(/http:\/\/localhost:8080\/sign-in\/\S+/);
  });

  test('staff cannot take an administrator’s place: they neither make nor see an invitation that gives rights', async () => {
    const staff = await t.signedIn('staff');
    const forAdmin = { kind: 'personal', memberId: admin.memberId };
    const refused = await staff.post('/invitations/new', forAdmin);
    expect([refused.status, await plain(refused)]).toEqual([
      422,
      expect.stringContaining('tylko administratorzy'),
    ]);
    expect(await staff.text(`/members/${admin.memberId}`)).not.toContain('/invitations/new');
    for (const fields of [forAdmin, { kind: 'personal', name: 'Osoba Z', role: 'staff' }]) {
      const path = (await admin.post('/invitations/new', fields)).headers.get('location') ?? '';
      expect(await admin.text(path)).toMatch(/webchat\.example\/\w{16}/);
      expect(await staff.text(path)).not.toMatch(/webchat\.example/);
      expect((await staff.post(`${path}/revoke`)).status).toBe(403);
    }
    const open = await findNetworkInvitation(t.tc.core.db);
    expect((await staff.post(`/invitations/${open?.id}/revoke`)).status).toBe(403);
    expect((await findNetworkInvitation(t.tc.core.db))?.id).toBe(open?.id);
  });

  test('somebody who has joined is offered no further invitation: it would let another in as them', async () => {
    const id = await t.joined('Osoba A');
    expect(await admin.text(`/members/${id}`)).not.toContain('/invitations/new');
    const refused = await admin.post('/invitations/new', { kind: 'personal', memberId: id });
    expect([refused.status, await plain(refused)]).toEqual([
      422,
      expect.stringContaining('Połącz drugi komunikator'),
    ]);
    const listed = await admin.post('/members/new', { name: 'Osoba B', language: 'pl', role: 'member' });
    expect(await admin.text(listed.headers.get('location') ?? '')).toContain('/invitations/new');
  });

  test('somebody who stopped is shown as such and cannot be started by staff', async () => {
    const id = await t.joined('Osoba A');
    expect(await admin.submit(`/members/${id}/stop`)).toContain('Wrócić może tylko sama');
    expect(await admin.text('/members?status=stopped')).toContain('Osoba A');
    expect(await admin.text(`/members/${id}`)).not.toContain(`/members/${id}/stop`);
  });

  test('staff do not stop an administrator’s messages; administrators stop anybody’s', async () => {
    const staff = await t.signedIn('staff');
    expect((await staff.post(`/members/${admin.memberId}/stop`)).status).toBe(403);
    expect(await staff.text(`/members/${admin.memberId}`)).not.toContain(`/members/${admin.memberId}/stop`);
    expect(await staff.text(`/members/${staff.memberId}`)).toContain(`/members/${staff.memberId}/stop`);
    expect((await admin.post(`/members/${staff.memberId}/stop`)).status).toBe(303);
    expect(t.faults).toEqual([]);
  });

  test('are invited with a link and a QR code for each messenger, followed and revoked', async () => {
    const made = await admin.post('/invitations/new', { kind: 'personal', name: 'Osoba Y', days: '7' });
    const path = made.headers.get('location') ?? '';
    const page = await admin.text(path);
    expect(page).toMatch(/https:\/\/webchat\.example\/T\d+/);
    expect(page).toMatch(/https:\/\/telegram\.example\/T\d+/);
    expect(page.match(/data:image\/svg\+xml/g)).toHaveLength(2);
    expect(await admin.submit(`${path}/sent`)).toContain('wysłane');
    const revoked = await admin.submit(`${path}/revoke`);
    expect(revoked).toContain('To zaproszenie już nie działa');
    expect(revoked).not.toContain('webchat.example');
    expect(await admin.text('/invitations')).toContain('Osoba Y');
  });

  test('are told where their code has to be typed, for the link does not carry it there', async () => {
    Object.assign(t.tc.channels.telegram.capabilities, { codeIsTyped: true });
    const made = await admin.post('/invitations/new', { kind: 'personal', name: 'Osoba Z', days: '7' });
    const page = await admin.text(made.headers.get('location') ?? '');
    const [, code = ''] = /https:\/\/telegram\.example\/(\w+)/.exec(page) ?? [];
    expect(page.match(/Przekaż też kod/g)).toHaveLength(1);
    expect(page).toContain(`data-copy="${code}"`);
  });

  test('a company invitation needs its company', async () => {
    const answer = await admin.post('/invitations/new', { kind: 'company' });
    expect(answer.status).toBe(422);
    expect(await plain(answer)).toContain('id="f-companyId-error"');
  });
});

describe('import', () => {
  const csv = (text: string) => new File([text], 'lista.csv', { type: 'text/csv' });

  test('shows line by line what it would do, then does it; a bad line spoils no other', async () => {
    const file = csv(
      'firma;branża;imię i nazwisko;e-mail\nFirma A;ICT;Osoba A;a@firma.example\nFirma B;nieznana;;\n',
    );
    const answer = await admin.post('/import/preview', { file });
    const page = await plain(answer);
    expect(page).toContain('Firma A');
    expect(page).toContain('odrzucone');
    expect(page).toContain('rola: osoba; język: polski');
    expect(await t.tc.core.db.selectFrom('company').selectAll().execute()).toEqual([]);
    const done = await admin.submit('/import', hidden(page));
    expect(done).toContain('Firma A');
    expect(done).not.toContain('Firma B');
    expect(done).toMatch(/odrzucone: 1/);
  });

  test('a file that is no list is refused as a whole', async () => {
    for (const file of [csv(''), csv('\u0000\u0001\u0002'), csv('a;b\n1;2')]) {
      const answer = await admin.post('/import/preview', { file });
      expect(answer.status).toBe(422);
      expect(await plain(answer)).toContain('id="f-file-error"');
    }
    expect((await admin.post('/import/preview')).status).toBe(422);
    expect(t.faults).toEqual([]);
  });
});

describe('the first sign-in', () => {
  test('names the network and loads the demo network, which one button removes', async () => {
    expect((await admin.get('/')).headers.get('location')).toBe('/welcome');
    const home = await admin.submit('/welcome', { name: 'Sieć Przykładowa', demo: 'on' });
    expect(home).toContain('Sieć Przykładowa');
    expect(home).toContain('Otwórz czat jako osoba z sieci');
    expect(await t.tc.core.db.selectFrom('company').selectAll().execute()).toHaveLength(70);
    const member = await admin.post('/demo/try');
    expect(member.headers.get('location')).toMatch(/^\/chat\?i=\w+$/);
    expect(await admin.submit('/demo/remove')).toContain('Sieć pokazowa jest usunięta');
    expect(await admin.text('/')).not.toContain('/demo/try');
  });

  test('without a name it does not go on', async () => {
    const answer = await admin.post('/welcome', { name: ' ' });
    expect(answer.status).toBe(422);
    expect(await plain(answer)).toContain('id="f-name-error"');
  });
});

describe('settings', () => {
  const form = {
    name: 'Sieć',
    languages: ['pl', 'en'],
    firstLanguage: 'en',
    timeZone: 'Europe/Berlin',
    quietFrom: '',
    quietTo: '',
    smallestGroup: '7',
    joining: 'open',
    contact: 'dane@siec.example',
  };

  test('are saved, and the slower of two is told', async () => {
    const revision = hidden(await admin.text('/settings')).revision ?? '';
    expect((await admin.post('/settings', { ...form, revision })).status).toBe(303);
    expect(await networkSettings(t.tc.core.db)).toMatchObject({
      languages: ['en', 'pl'],
      timeZone: 'Europe/Berlin',
      quietFrom: null,
      smallestGroup: 7,
      joining: 'open',
    });
    const slower = { ...form, languages: 'pl', joining: 'invited', name: 'Inna', revision };
    const refused = await admin.post('/settings', slower);
    expect(refused.status).toBe(422);
    const page = await plain(refused);
    for (const saved of ['Sieć', 'angielski, polski', 'dla każdego, kto napisze']) {
      expect(page).toContain(`Teraz zapisane: ${saved}<`);
    }
    expect(page.match(/Teraz zapisane/g)).toHaveLength(3);
  });

  test('what is wrong is said at its field', async () => {
    const revision = hidden(await admin.text('/settings')).revision ?? '';
    const answer = await admin.post('/settings', { ...form, revision, timeZone: 'Mars/Olympus' });
    expect(await plain(answer)).toContain('id="f-timeZone-error"');
  });

  test('branches are added, renamed, moved and hidden', async () => {
    await admin.post('/settings/branches', { namePl: 'rolnictwo', nameEn: 'farming' });
    expect(await admin.text('/settings')).toContain('rolnictwo');
    await admin.post('/settings/branches/farming/up');
    await admin.post('/settings/branches/farming/archive');
    expect(await admin.text('/companies')).not.toContain('rolnictwo');
    expect(await admin.submit('/settings/branches/farming/restore')).toContain('Zapisane.');
  });

  test('an API token is shown once and can be revoked', async () => {
    const page = await plain(await admin.post('/settings/tokens', { tokenName: 'Program' }));
    const token = /wici_[\w-]+/.exec(page.replace(/wici_session/g, ''))?.[0] ?? 'none';
    expect(page).toContain('nie pokażemy go ponownie');
    const later = await admin.text('/settings');
    expect(later).toContain('Program');
    expect(later).not.toContain(token);
    const id = /\/settings\/tokens\/(\w+)\/revoke/.exec(later)?.[1] ?? '';
    expect(await admin.submit(`/settings/tokens/${id}/revoke`)).toContain('unieważniony');
  });

  test('the open link is replaced: the old code is dead', async () => {
    const page = await admin.text('/settings');
    const code = /webchat\.example\/(T\d+)/.exec(page)?.[1] ?? '';
    const id = /name="id" value="(\w+)"\/?>(?=<button[^>]*>Wymień)/.exec(page)?.[1] ?? '';
    expect(await admin.submit('/settings/open-link', { id })).not.toContain(code);
  });
});

describe('the language', () => {
  test('is switched on any page and stays with the person', async () => {
    const answer = await admin.post('/language', { language: 'en', back: '/companies' });
    expect(answer.headers.get('location')).toBe('/companies');
    expect(await admin.text('/companies')).toContain('Add a company');
    const again = t.browser(`wici_session=${admin.cookie('wici_session')}`);
    expect(await again.text('/companies')).toContain('lang="en"');
  });

  test('leads back to this site only', async () => {
    for (const back of ['//evil.example', 'https://evil.example', '/\\evil.example', '']) {
      const answer = await admin.post('/language', { language: 'pl', back });
      expect(answer.headers.get('location')).toBe('/');
    }
  });
});
