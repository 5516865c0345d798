import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelNames } from '../../core/channels/channel-name.ts';
import { pauseMessenger, resumeMessenger } from '../../core/messengers/pause.ts';
import { type ConsoleServer, startConsole, tellStory } from './console-server.ts';
import {
  axeViolations,
  chromiumMissing,
  fitsWidth,
  launchBrowser,
  phone,
  screenshot,
  type Visit,
  visit,
} from './support.ts';

describe.skipIf(chromiumMissing)('a preview shows each messenger’s own look', { timeout: 120_000 }, () => {
  let browser: Browser;
  let server: ConsoleServer;
  let session: string;

  beforeAll(async () => {
    browser = await launchBrowser();
    server = await startConsole();
    const administrator = await server.signedIn('administrator');
    session = administrator.cookie('wici_session') ?? '';
    await tellStory(server, administrator.memberId);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function open(): Promise<Visit> {
    const opened = await visit(browser);
    const cookie = { name: 'wici_session', value: session, url: server.url };
    await opened.page.context().addCookies([{ ...cookie, httpOnly: true, sameSite: 'Lax' }]);
    return opened;
  }

  /** Goes through the messengers with the arrow keys; each shows the words and what can be pressed, wide and on a phone. */
  async function looksThrough(page: Page, name: string, words: readonly (string | RegExp)[]): Promise<void> {
    const desktop = page.viewportSize();
    await page.getByRole('radio').first().focus();
    for (const channel of channelNames) {
      const shown = page.locator('.previews:visible');
      expect(await shown.count()).toBe(1);
      expect(await shown.getAttribute('data-look')).toBe(channel);
      for (const word of words) expect(await shown.textContent()).toMatch(word);
      for (const [size, viewport] of Object.entries({ desktop, phone })) {
        if (viewport) await page.setViewportSize(viewport);
        await screenshot(page, `preview-${name}-${channel}-${size}`, true);
        expect(await axeViolations(page)).toEqual([]);
        expect(await fitsWidth(page)).toBe(true);
      }
      if (desktop) await page.setViewportSize(desktop);
      await page.keyboard.press('ArrowRight');
    }
  }

  test('of an announcement', async () => {
    const { page, complaints, close } = await open();
    await page.goto(`${server.url}/announcements/new`);
    await page.locator('[name="title.pl"]').fill('Próba syren');
    await page.locator('[name="text.pl"]').fill('W *środę* o 12:00 usłyszysz syreny.\nTo tylko próba.');
    await page.locator('[name="title.en"]').fill('Siren test');
    await page
      .locator('[name="text.en"]')
      .fill('On *Wednesday* at 12:00 you will hear sirens.\nIt is only a test.');
    await page.getByRole('button', { name: 'Zobacz podgląd' }).click();
    await looksThrough(page, 'announcement', ['W *środę* o 12:00', 'Przeczytane ✓', 'Read ✓']);
    expect(complaints).toEqual([]);
    await close();
  });

  test('of a poll for several options, and says what a paused messenger keeps back', async () => {
    const { page, complaints, close } = await open();
    await server.change((unit) => pauseMessenger(unit, 'webchat'));
    await page.goto(`${server.url}/polls/new`);
    await page.locator('[name="question.pl"]').fill('Kiedy spotkanie?');
    await page.locator('[name="question.en"]').fill('When shall we meet?');
    for (const [n, day] of ['poniedziałek', 'wtorek', 'środa'].entries()) {
      await page.locator(`[name="options.${n}.pl"]`).fill(day);
      await page.locator(`[name="options.${n}.en"]`).fill(`day ${n + 1}`);
    }
    await page.locator('[name="multiple"][value="many"]').check();
    await page.getByRole('button', { name: 'Zobacz podgląd' }).click();
    await looksThrough(page, 'poll', [
      'Kiedy spotkanie?',
      'poniedziałek',
      'day 3',
      /Wyślij odpowiedź|Zaznacz i\s+zamknij listę/,
    ]);
    expect(await page.getByText('Czat na stronie: wysyłka wstrzymana. Na wznowienie poczeka').count()).toBe(
      1,
    );
    await server.change((unit) => resumeMessenger(unit, 'webchat'));
    expect(complaints).toEqual([]);
    await close();
  });
});
