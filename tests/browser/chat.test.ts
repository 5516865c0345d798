import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Block } from '../../core/channels/outbound-message.ts';
import { type ChatServer, startChatServer } from './chat-server.ts';
import {
  axeViolations,
  chromiumMissing,
  desktop,
  fitsWidth,
  launchBrowser,
  narrow,
  phone,
  screenshot,
  visit,
} from './support.ts';

const greeting: Block<string>[] = [{ type: 'text', text: 'Dzień dobry. W czym pomóc?' }];

describe.skipIf(chromiumMissing)('the web chat in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: ChatServer;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    server = await startChatServer();
    server.onEvent = async (event) => {
      if (event.type === 'command' && event.name === 'start') await server.say(event.externalId, greeting);
    };
  });
  afterEach(() => server.close());

  const me = () => server.events[0]?.externalId ?? '';
  const arrive = async (page: Page, path = '/chat') => {
    await page.goto(server.url + path);
    await page.getByText('Dzień dobry. W czym pomóc?').waitFor();
  };
  const field = (page: Page) => page.getByLabel('Twoja wiadomość');

  it('begins with the code of the link, which leaves the address bar', async () => {
    const { page, complaints, close } = await visit(browser, { viewport: phone });
    await arrive(page, '/chat?i=ABCD1234efgh5678');
    expect(page.url()).toBe(`${server.url}/chat`);
    expect(server.events).toMatchObject([{ type: 'command', name: 'start', args: 'ABCD1234efgh5678' }]);
    await page.reload();
    await page.getByText('Dzień dobry. W czym pomóc?').waitFor();
    await expect.poll(() => server.events.length).toBe(1);
    expect(complaints).toEqual([]);
    await close();
  });

  it('looks', async () => {
    for (const [name, viewport, colorScheme] of [
      ['phone', phone, 'light'],
      ['narrow', narrow, 'dark'],
      ['desktop', desktop, 'light'],
    ] as const) {
      const { page, complaints, close } = await visit(browser, { viewport, colorScheme });
      server.events.length = 0;
      await arrive(page);
      const { say } = server;
      await say(me(), [
        { type: 'text', style: 'title', text: 'Zamknięcie parkingu przy budynku C' },
        {
          type: 'text',
          text: 'W piątek 27 listopada od 6:00 do 14:00 parking przy budynku C będzie zamknięty.\nProsimy korzystać z parkingu przy bramie wschodniej: https://park.example/mapa.',
        },
        {
          type: 'fields',
          items: [
            { label: 'Od', value: 'Zespół parku' },
            { label: 'Ważne do', value: '27 listopada 2026, 14:00' },
          ],
        },
        {
          type: 'actions',
          actions: [
            { kind: 'press', id: 'confirm', label: 'Przeczytane ✓', style: 'primary' },
            { kind: 'link', label: 'Otwórz mapę', url: 'https://park.example/mapa' },
          ],
        },
        { type: 'text', style: 'note', text: 'Możesz odpowiedzieć na tę wiadomość.' },
      ]);
      await field(page).fill('Czy wjazd dla dostaw pozostaje otwarty?');
      await field(page).press('Enter');
      await expect.poll(() => server.events.length).toBe(2);
      await say(me(), [
        { type: 'text', style: 'title', text: 'Jaki dzień na spotkanie firm?' },
        { type: 'text', style: 'note', text: 'Sonda anonimowa: nikt nie zobaczy, kto jak głosuje.' },
        {
          type: 'choice',
          id: 'vote',
          multiple: false,
          submitLabel: 'Zagłosuj',
          options: [
            { value: '0', label: 'Wtorek, 1 grudnia, godz. 10:00' },
            { value: '1', label: 'Czwartek, 3 grudnia, godz. 14:00' },
          ],
        },
      ]);
      await say(me(), [
        { type: 'text', style: 'title', text: 'Które tematy?' },
        {
          type: 'choice',
          id: 'vote',
          multiple: true,
          submitLabel: 'Zagłosuj',
          options: [
            { value: '0', label: 'Energia i koszty' },
            { value: '1', label: 'Kadry i kompetencje' },
            { value: '2', label: 'Współpraca i B+R' },
          ],
        },
      ]);
      await page.getByText('Współpraca i B+R').waitFor();
      expect(await axeViolations(page)).toEqual([]);
      expect(await fitsWidth(page)).toBe(true);
      expect(complaints).toEqual([]);
      await screenshot(page, `chat-${name}`);
      await page.locator('.log').evaluate('(log) => log.scrollTo(0, 0)');
      await screenshot(page, `chat-${name}-top`);
      await close();
    }
  });
});
