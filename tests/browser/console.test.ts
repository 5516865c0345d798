import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsoleServer, type Story, startConsole, tellStory } from './console-server.ts';
import {
  axeViolations,
  chromiumMissing,
  desktop,
  fitsWidth,
  launchBrowser,
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
    ['companies', () => '/companies'],
    ['invitations', () => '/invitations'],
    ['invitation-new', () => '/invitations/new'],
    ['import', () => '/import'],
    ['settings', () => '/settings'],
    ['welcome', () => '/welcome'],
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
});
