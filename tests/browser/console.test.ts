import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { confirmAnnouncement, unconfirmedPeople } from '../../core/announcements/index.ts';
import { createApiToken } from '../../core/api-tokens/api-tokens.ts';
import { insertRestoration } from '../../core/store/restorations.ts';
import { until } from '../support/until.ts';
import { type ConsoleServer, type Story, startConsole, tellStory } from './console-server.ts';
import {
  axeViolations,
  chromiumMissing,
  desktop,
  fitsWidth,
  launchBrowser,
  narrow,
  oneScriptAfterAnother,
  phone,
  screenshot,
  type Visit,
  visit,
} from './support.ts';

describe.skipIf(chromiumMissing)('the panel in a browser', { timeout: 120_000 }, () => {
  let browser: Browser;
  let server: ConsoleServer;
  let story: Story;
  let session: string;

  beforeAll(async () => {
    browser = await launchBrowser();
    server = await startConsole();
    const administrator = await server.signedIn('administrator');
    session = administrator.cookie('wici_session') ?? '';
    story = await tellStory(server, administrator.memberId);
    await administrator.post('/messengers/telegram/people/search');
    await until(async () => (await administrator.text('/messengers/telegram/people')).includes('osoba4'));
    const now = server.tc.clock.now();
    const restored = {
      id: '1',
      taken_at: now - 86_400_000,
      at: now,
      held_at: now,
      settled_at: null,
      sent: null,
    };
    await insertRestoration(server.tc.core.db, restored);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function open(viewport = desktop): Promise<Visit> {
    const opened = await visit(browser, { viewport });
    await opened.page
      .context()
      .addCookies([
        { name: 'wici_session', value: session, url: server.url, httpOnly: true, sameSite: 'Lax' },
      ]);
    return opened;
  }

  const pages: readonly (readonly [name: string, path: () => string])[] = [
    ['home', () => '/'],
    ['announcements', () => '/announcements'],
    ['announcement-new', () => '/announcements/new'],
    ['announcement-report', () => `/announcements/${story.announcementId}`],
    ['announcement-correct', () => `/announcements/${story.announcementId}/correct`],
    ['polls', () => '/polls'],
    ['poll-new', () => '/polls/new'],
    ['poll-results', () => `/polls/${story.pollId}`],
    ['inbox', () => '/inbox'],
    ['inbox-replies', () => '/inbox/replies'],
    ['barrier', () => `/barriers/${story.barrierId}`],
    ['members', () => '/members'],
    ['member-new', () => '/members/new'],
    ['member', () => `/members/${story.memberId}`],
    ['member-invite-again', () => `/members/${story.memberId}/invite-again`],
    ['companies', () => '/companies'],
    ['invitations', () => '/invitations'],
    ['invitation-new', () => '/invitations/new'],
    ['import', () => '/import'],
    ['messengers', () => '/messengers'],
    ['messenger-webchat', () => '/messengers/webchat'],
    ['messenger-telegram', () => '/messengers/telegram'],
    ['messenger-people', () => '/messengers/telegram/people'],
    ['messenger-slack', () => '/messengers/slack'],
    ['messenger-discord', () => '/messengers/discord'],
    ['settings', () => '/settings'],
    ['welcome', () => '/welcome'],
    ['restored', () => '/restored'],
    ['not-found', () => '/nothing'],
  ];

  for (const [size, viewport] of Object.entries({ desktop, phone })) {
    test.each(pages)(`%s: nothing for axe to find, nothing sticks out (${size})`, async (name, path) => {
      const { page, complaints, close } = await open(viewport);
      await page.goto(server.url + path(), { waitUntil: 'load' });
      await page.waitForTimeout(300);
      await screenshot(page, `console-${name}-${size}`, true);
      expect(await axeViolations(page)).toEqual([]);
      expect(await fitsWidth(page)).toBe(true);
      expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
      await close();
    });
  }

  test('on the narrowest phones nothing sticks out and the whole menu is seen', async () => {
    await server.tc.core.transaction((unit) => createApiToken(unit, 'Strona internetowa parku'));
    const { page, close } = await open(narrow);
    for (const [name, path] of pages) {
      await page.goto(server.url + path(), { waitUntil: 'load' });
      expect([name, await fitsWidth(page)]).toEqual([name, true]);
      const last = await page.locator('.menu li').last().boundingBox();
      expect(last && last.x + last.width).toBeLessThanOrEqual(narrow.width);
    }
    await close();
  });

  const letter = {
    pl: ['Próba syren', 'W środę o 12:00 usłyszysz syreny. To tylko próba.'],
    en: ['Siren test', 'On Wednesday at 12:00 you will hear sirens. It is only a test.'],
  } as const;

  test('an announcement is composed, previewed and sent with the keyboard alone', async () => {
    const { page, complaints, close } = await open();
    const press = async (key: string, times = 1) => {
      for (let n = 0; n < times; n++) await page.keyboard.press(key);
    };
    const focusTo = async (name: string) => {
      for (let n = 0; n < 80; n++) {
        await press('Tab');
        const focused = await page.evaluate(
          '(document.activeElement?.labels?.[0] ?? document.activeElement)?.textContent.trim()',
        );
        if (focused === name || (typeof focused === 'string' && focused.startsWith(name))) return;
      }
      throw new Error(`the keyboard never reaches ${name}`);
    };
    await page.goto(`${server.url}/announcements/new`);
    await press('Tab');
    expect(await page.evaluate('document.activeElement?.getAttribute("href")')).toBe('#main');
    await press('Enter');
    await press('Tab', 2);
    await page.keyboard.type(letter.pl[0]);
    await press('Tab');
    await page.keyboard.type(letter.pl[1]);
    await press('Tab');
    await page.keyboard.type(letter.en[0]);
    await press('Tab');
    await page.keyboard.type(letter.en[1]);
    await focusTo('#bardzo-długa-nazwa');
    await press('Space');
    await focusTo('Zobacz podgląd');
    await press('Enter');
    await page.getByText('Wygląd w komunikatorach').waitFor();
    await screenshot(page, 'console-announcement-preview-desktop', true);
    expect(await axeViolations(page)).toEqual([]);
    await focusTo('Wyślij do');
    await press('Enter');
    await page.getByRole('heading', { name: letter.pl[0], level: 1 }).waitFor();
    await page.getByRole('heading', { name: 'W\u00a0grupach' }).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('figures follow by themselves, however slowly the scripts come, without a reload and without losing what is being typed', async () => {
    const { page, complaints, close } = await open();
    await oneScriptAfterAnother(page);
    await page.goto(`${server.url}/announcements/${story.announcementId}`);
    await page.evaluate('window.same = true');
    const before = await page.locator('#figures .legend strong').first().innerText();
    await page.getByText('Odpowiedz', { exact: true }).click();
    await page.getByLabel('Twoja odpowiedź').fill('Jeszcze piszę');
    const { items } = await unconfirmedPeople(server.tc.core.db, story.announcementId);
    const memberId = items[0]?.memberId ?? '';
    await server.change((unit) =>
      confirmAnnouncement(unit, { announcementId: story.announcementId, memberId }),
    );
    await page
      .locator('#figures .legend strong')
      .first()
      .filter({ hasText: String(Number(before) + 1) })
      .waitFor();
    expect(await page.evaluate('window.same')).toBe(true);
    expect(await page.getByLabel('Twoja odpowiedź').inputValue()).toBe('Jeszcze piszę');
    expect(complaints).toEqual([]);
    await close();
  });

  test('a live page says when it no longer hears of changes, and stops saying so when it does again', async () => {
    const { page, close } = await open();
    let heard = 0;
    await page.route('**/live?*', (route) => {
      heard += 1;
      const once = { contentType: 'text/event-stream', body: 'event: changed\ndata: 1\n\n' };
      return heard === 1 ? route.fulfill(once) : route.abort();
    });
    await page.goto(`${server.url}/announcements/${story.announcementId}`);
    const lost = page.getByText('Nie ma połączenia');
    await lost.waitFor();
    await page.unroute('**/live?*');
    await lost.waitFor({ state: 'hidden' });
    await close();
  });

  test('a live page whose reader is signed out says so, and its parts stay', async () => {
    const { page, close } = await open();
    const once = { contentType: 'text/event-stream', body: 'event: changed\ndata: 1\n\n' };
    await page.route('**/live?*', (route) => route.fulfill(once), { times: 1 });
    await page.goto(`${server.url}/announcements/${story.announcementId}`);
    await page.context().clearCookies();
    await page.getByText('Sesja w\u00a0panelu się skończyła').waitFor();
    expect(await page.locator('#figures .legend strong').count()).toBeGreaterThan(0);
    await close();
  });

  test('going back from the preview finds everything as it was typed, until a new one is begun', async () => {
    const { page, close } = await open();
    await page.goto(`${server.url}/announcements/new`);
    await page.getByLabel('Tytuł').first().fill(letter.pl[0]);
    await page.getByLabel('Tekst').first().fill(letter.pl[1]);
    await page.getByLabel('O\u00a0wybranej porze').check();
    await page.getByLabel('Dzień i\u00a0godzina').fill('2099-12-01T10:00');
    await page.getByText('Wybrane firmy').first().click();
    await page.locator('[name="audience.companies"]').first().check();
    await page.getByRole('button', { name: 'Zobacz podgląd' }).click();
    await page.getByText('Wygląd w\u00a0komunikatorach').waitFor();
    await page.goBack();
    expect(await page.getByLabel('Tytuł').first().inputValue()).toBe(letter.pl[0]);
    expect(await page.getByLabel('Tekst').first().inputValue()).toBe(letter.pl[1]);
    expect(await page.getByLabel('Dzień i\u00a0godzina').inputValue()).toBe('2099-12-01T10:00');
    expect(await page.locator('[name="audience.companies"]').first().isVisible()).toBe(true);
    expect(await page.locator('[name="audience.companies"]:checked').count()).toBe(1);
    await page.goto(`${server.url}/announcements/new`);
    expect(await page.getByLabel('Tytuł').first().inputValue()).toBe('');
    await page.reload();
    expect(await page.getByLabel('Tytuł').first().inputValue()).toBe('');
    await close();
  });

  test('a press of the mouse counts while the link to the content is shown', async () => {
    const { page, close } = await open();
    await page.goto(`${server.url}/announcements/new`);
    await page.keyboard.press('Tab');
    const button = page.getByRole('button', { name: 'English' });
    const { x, y, height } = (await button.boundingBox()) ?? { x: 0, y: 0, height: 0 };
    await page.keyboard.press('Tab');
    expect(await button.boundingBox()).toMatchObject({ x, y, height });
    await close();
  });

  test('without scripts the same form is previewed and sent', async () => {
    const { page, close } = await visit(browser, { viewport: phone, javaScriptEnabled: false });
    await page
      .context()
      .addCookies([
        { name: 'wici_session', value: session, url: server.url, httpOnly: true, sameSite: 'Lax' },
      ]);
    await page.goto(`${server.url}/announcements/new`);
    for (const [n, language] of (['pl', 'en'] as const).entries()) {
      await page.getByLabel('Tytuł').nth(n).fill(letter[language][0]);
      await page.getByLabel('Tekst').nth(n).fill(letter[language][1]);
    }
    await page.getByRole('button', { name: 'Zobacz podgląd' }).click();
    await page.getByRole('button', { name: 'Wróć i popraw' }).click();
    expect(await page.getByLabel('Tekst').first().inputValue()).toBe(letter.pl[1]);
    await page.getByRole('button', { name: 'Zobacz podgląd' }).click();
    await page.getByRole('button', { name: /Wyślij do/ }).click();
    await page.getByText('Liczby na tej stronie odświeżają się same').waitFor();
    await close();
  });
});
