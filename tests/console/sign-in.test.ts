import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { saveMember } from '../../core/members/member.ts';
import { updateNetwork } from '../../core/network/settings.ts';
import { createSignInLink, signInLinkMs } from '../../core/sign-in/sign-in.ts';
import { administrators } from '../../core/store/administrators.ts';
import { hidden, openConsole, plain, type TestConsole } from './support.ts';

let t: TestConsole;
beforeEach(async () => {
  t = await openConsole();
});
afterEach(() => t.close());

async function link(role: 'staff' | 'administrator' = 'administrator') {
  const member = await t.tc.core.transaction((unit) =>
    saveMember(unit, { name: 'Osoba testowa', role, language: 'pl' }),
  );
  return t.tc.core.transaction((unit) => createSignInLink(unit, member.id));
}

describe('the one-time link', () => {
  test('opening it signs nobody in: messengers fetch links to preview them', async () => {
    const browser = t.browser();
    const page = await browser.get(`/sign-in/${await link()}`);
    expect(page.status).toBe(200);
    expect(browser.cookie('wici_session')).toBeUndefined();
    expect(await plain(page)).toContain('Wejdź do panelu');
  });

  test('pressing its button signs in, once', async () => {
    const secret = await link();
    const browser = t.browser();
    const answer = await browser.post(`/sign-in/${secret}`);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('set-cookie')).toMatch(/wici_session=.*HttpOnly.*SameSite=Lax/i);
    expect((await browser.get('/members')).status).toBe(200);

    const again = await t.browser().post(`/sign-in/${secret}`);
    expect(again.status).toBe(422);
    expect(await plain(again)).toContain('npx wici sign-in');
  });

  test('who signs in for the first time goes on in their browser’s language, later in the one they chose', async () => {
    const english = { origin: 'http://localhost:8080', 'accept-language': 'en-GB,en;q=0.9' };
    const browser = t.browser();
    await browser.post(`/sign-in/${await link()}`, {}, english);
    expect(await browser.text('/members')).toContain('lang="en"');
    const [{ id } = { id: '' }] = await administrators(t.tc.core.db);
    await browser.post('/language', { language: 'pl' });
    const secret = await t.tc.core.transaction((unit) => createSignInLink(unit, id));
    const other = t.browser();
    await other.post(`/sign-in/${secret}`, {}, english);
    expect(await other.text('/members')).toContain('lang="pl"');
  });

  test('after a day it is dead and says what to do', async () => {
    const secret = await link();
    t.tc.clock.advance(signInLinkMs);
    const answer = await t.browser().post(`/sign-in/${secret}`);
    expect(await plain(answer)).toContain('stracił ważność');
  });

  test('only its hash is stored, and the session’s too', async () => {
    const secret = await link();
    await t.browser().post(`/sign-in/${secret}`);
    const rows = JSON.stringify([
      await t.tc.core.db.selectFrom('sign_in_link').selectAll().execute(),
      await t.tc.core.db.selectFrom('session').selectAll().execute(),
    ]);
    expect(rows).not.toContain(secret);
  });

  test('a member without a role on the staff gets no link', async () => {
    const id = await t.joined('Osoba z firmy');
    await expect(t.tc.core.transaction((unit) => createSignInLink(unit, id))).rejects.toThrow('notStaff');
  });
});

describe('the first page', () => {
  test('leads whoever is not of the staff to the chat', async () => {
    const page = await plain(await t.browser().get('/sign-in'));
    expect(page).toContain('<a href="/chat">czat sieci</a>');
  });

  test('of a network nobody has joined says how people come in, until somebody has', async () => {
    await t.tc.core.transaction((unit) => updateNetwork(unit, { name: 'Sieć Przykładowa' }, 1));
    const administrator = await t.signedIn();
    const staff = await t.signedIn('staff');
    expect(await administrator.text('/')).toContain('href="/import"');
    expect(await staff.text('/')).toContain('href="/invitations/new"');
    expect(await staff.text('/')).not.toContain('href="/import"');
    await t.joined('Osoba A');
    expect(await administrator.text('/')).not.toContain('href="/import"');
  });
});

describe('the session', () => {
  test('without one every page leads to signing in', async () => {
    for (const path of ['/', '/members', '/settings', '/announcements/new']) {
      const answer = await t.browser().get(path);
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in']);
    }
  });

  test('that ended while something was written keeps the words, to be sent on after signing in again', async () => {
    const browser = await t.signedIn('staff');
    const { memberId } = browser;
    await t.joined('Osoba A');
    await browser.post('/sign-out');
    const words = { 'title.pl': 'Pożar "B"', 'text.pl': 'Dwa\nwiersze', 'audience.tags': ['a', 'b'] };
    const file = new File(['x'], 'plan.txt');
    const answer = await browser.post('/announcements/preview', { ...words, attachment: file });
    expect(answer.status).toBe(401);
    const page = await plain(answer);
    expect(page).toContain('npx wici sign-in');
    expect(page).toContain('Wybranego pliku nie da się zachować');
    expect(page).toContain('action="/announcements/preview"');
    expect(page.match(/name="audience.tags"/g)).toHaveLength(2);
    const secret = await t.tc.core.transaction((unit) => createSignInLink(unit, memberId));
    await browser.post(`/sign-in/${secret}`);
    const preview = await plain(await browser.post('/announcements/preview', hidden(page)));
    expect(preview).toContain('Pożar &quot;B&quot;');
    expect(preview).toContain('Dwa\nwiersze');
  });

  test('that ended leaves the parts of an open page as they are', async () => {
    const part = await t.browser().get('/announcements/new', { 'hx-request': 'true' });
    expect([part.status, await part.text()]).toEqual([401, '']);
  });

  test('a made-up cookie is none', async () => {
    expect((await t.browser('wici_session=secret').get('/')).status).toBe(303);
  });

  test('it ends when the person is no longer of the staff', async () => {
    const browser = await t.signedIn('staff');
    const member = { id: browser.memberId, name: 'Osoba testowa', role: 'member', language: 'pl' } as const;
    await t.tc.core.transaction((unit) => saveMember(unit, member));
    expect((await browser.get('/')).status).toBe(303);
  });

  test('signing out ends it on the server too', async () => {
    const browser = await t.signedIn();
    const cookie = `wici_session=${browser.cookie('wici_session')}`;
    await browser.post('/sign-out');
    expect((await t.browser(cookie).get('/')).status).toBe(303);
  });
});

describe('safety of every page', () => {
  test('nothing inline and nothing from elsewhere may run', async () => {
    const browser = await t.signedIn();
    const page = await browser.get('/settings');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(await plain(page)).not.toMatch(/<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=/);
  });

  test('a form from another site is refused', async () => {
    const browser = await t.signedIn();
    const answer = await browser.post('/members/new', { name: 'X' }, { origin: 'https://evil.example' });
    expect(answer.status).toBe(403);
    expect((await browser.post('/sign-out', {}, {})).status).toBe(403);
    for (const type of [undefined, 'application/json', 'application/octet-stream']) {
      for (const from of [undefined, 'https://evil.example', 'null']) {
        const headers = {
          ...{ cookie: `wici_session=${browser.cookie('wici_session')}` },
          ...(type && { 'content-type': type }),
          ...(from && { origin: from }),
        };
        const answer = await t.app.request('http://localhost:8080/sign-out', { method: 'POST', headers });
        expect([type, from, answer.status]).toEqual([type, from, 403]);
      }
    }
  });

  test('a body that is no form is the sender’s fault, not ours', async () => {
    const cookie = `wici_session=${(await t.signedIn()).cookie('wici_session')}`;
    for (const type of ['application/json', 'multipart/form-data', 'multipart/form-data; boundary=x']) {
      const headers = { cookie, origin: 'http://localhost:8080', 'content-type': type };
      for (const path of ['/announcements/preview', '/language']) {
        const answer = await t.app.request(path, { method: 'POST', body: '{"x', headers });
        expect([path, type, answer.status]).toEqual([path, type, 400]);
      }
    }
    expect(t.faults).toEqual([]);
  });

  test('settings are for administrators alone', async () => {
    const staff = await t.signedIn('staff');
    expect((await staff.get('/members')).status).toBe(200);
    for (const path of ['/settings', '/import']) expect((await staff.get(path)).status).toBe(403);
  });

  test('what is missing is said kindly in the person’s language', async () => {
    const english = await t.signedIn('staff', 'en');
    const page = await english.get('/members/nobody');
    expect(page.status).toBe(404);
    expect(await plain(page)).toContain('There is no such page');
  });

  test('static files are kept by browsers for ever under their hash', async () => {
    const page = await t.browser().text('/sign-in');
    const path = /href="(\/assets\/console\.css\?v=[^"]+)"/.exec(page)?.[1] ?? '';
    const file = await t.browser().get(path);
    expect(file.headers.get('cache-control')).toContain('immutable');
    const again = await t
      .browser()
      .get('/assets/console.css', { 'if-none-match': file.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
  });
});
