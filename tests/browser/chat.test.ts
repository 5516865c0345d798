import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Block } from '../../core/channels/outbound-message.ts';
import { insertAttachment } from '../../core/store/attachments.ts';
import { eraseWebchat } from '../../core/store/webchat.ts';
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

  const letter: Block<string>[] = [
    { type: 'text', style: 'title', text: 'Zamknięcie parkingu przy budynku C' },
    {
      type: 'text',
      text: 'W piątek 27 listopada od 6:00 do 14:00 parking przy budynku C będzie zamknięty.\nProsimy korzystać z parkingu przy bramie wschodniej: https://park.example/mapa.',
    },
    {
      type: 'fields',
      items: [
        { label: 'Od', value: 'Zespół parku' },
        { label: 'Ważne do', value: '27 listopada 2026, godz. 14:00' },
      ],
    },
    {
      type: 'actions',
      actions: [
        { kind: 'press', id: 'confirm', label: 'Przeczytane ✓', style: 'primary' },
        { kind: 'link', label: 'Otwórz mapę', url: 'https://park.example/mapa' },
      ],
    },
  ];
  const days = ['Wtorek, 1 grudnia', 'Środa, 2 grudnia', 'Czwartek, 3 grudnia'];
  const poll = (multiple: boolean): Block<string>[] => [
    { type: 'text', style: 'title', text: 'Który dzień na spotkanie firm?' },
    { type: 'text', style: 'note', text: 'Sonda anonimowa: nikt nie zobaczy, kto jak głosuje.' },
    {
      type: 'choice',
      id: 'vote',
      multiple,
      submitLabel: 'Zagłosuj',
      options: days.map((label, value) => ({ value: String(value), label })),
    },
  ];

  const picture = {
    id: '01JPICTURE',
    fileName: 'wyniki.png',
    contentType: 'image/png',
    data: new Uint8Array(
      Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
        'base64',
      ),
    ),
  };
  const keepPicture = () =>
    insertAttachment(server.database.db, {
      id: picture.id,
      kind: 'image',
      file_name: picture.fileName,
      content_type: picture.contentType,
      size: picture.data.byteLength,
      data: picture.data,
      created_at: 0,
    });

  it.each([
    ['phone', { viewport: phone, colorScheme: 'light' }],
    ['narrow', { viewport: narrow, colorScheme: 'dark' }],
    ['desktop', { viewport: desktop, colorScheme: 'light' }],
    ['desktop-dark', { viewport: desktop, colorScheme: 'dark' }],
  ] as const)('is readable and accessible: %s', async (name, options) => {
    const { page, complaints, close } = await visit(browser, options);
    await keepPicture();
    await arrive(page);
    await screenshot(page, `chat-${name}-begin`);
    await server.say(me(), letter);
    await field(page).fill('Czy wjazd dla dostaw pozostaje otwarty?');
    await field(page).press('Enter');
    await expect.poll(() => server.events.length).toBe(2);
    await screenshot(page, `chat-${name}-letter`);
    await server.say(me(), [...poll(false), { type: 'file', media: picture, label: 'Plan budynku' }]);
    await server.say(me(), [{ type: 'image', media: picture, alt: 'Wyniki sondy' }, ...poll(true)]);
    await expect.poll(() => page.getByText('Czwartek, 3 grudnia').count()).toBe(2);
    expect(await axeViolations(page)).toEqual([]);
    expect(await fitsWidth(page)).toBe(true);
    expect(complaints).toEqual([]);
    await screenshot(page, `chat-${name}-poll`);
    await close();
  });

  it('sends with Enter, breaks lines with Shift and Enter, and shows the message once', async () => {
    const { page, complaints, close } = await visit(browser);
    await arrive(page);
    await field(page).pressSequentially('pierwszy');
    await field(page).press('Shift+Enter');
    await field(page).pressSequentially('drugi');
    await field(page).press('Enter');
    await expect.poll(() => server.events[1]).toMatchObject({ type: 'text', text: 'pierwszy\ndrugi' });
    await expect.poll(() => page.locator('.person').count()).toBe(1);
    await expect.poll(() => page.locator('.person time').count()).toBe(1);
    expect(await field(page).inputValue()).toBe('');
    expect(complaints).toEqual([]);
    await close();
  });

  it('is usable by keyboard alone: read, confirm, vote, reply', async () => {
    const { page, close } = await visit(browser);
    const pressed = () => server.events.filter((e) => e.type === 'action');
    const focused = () => page.locator('a:focus, button:focus').allTextContents();
    const tabTo = async (label: string) => {
      for (let step = 0; step < 40; step++) {
        if ((await focused()).join().includes(label)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`the keyboard never reaches "${label}"`);
    };
    await arrive(page);
    const id = await server.say(me(), letter, { token: 'LETTER0000000001' });
    await server.say(me(), poll(false), { token: 'POLL000000000001' });
    await page.getByText('Wtorek, 1 grudnia').waitFor();
    server.onEvent = async (event) => {
      if (event.type === 'action' && event.id === 'confirm') {
        await server.edit(event.externalId, id, [
          ...letter.slice(0, 3),
          { type: 'text', style: 'note', text: 'Przeczytane o 14:05' },
        ]);
      }
    };
    await page.keyboard.press('Tab');
    expect(await focused()).toEqual(['Przejdź do pola wiadomości']);
    await tabTo('Przeczytane ✓');
    await page.keyboard.press('Enter');
    await page.getByText('Przeczytane o 14:05').waitFor();
    // The button is gone: who pressed it stands on the message that changed.
    expect(await page.evaluate('document.activeElement.id')).toBe(`m-${id}`);
    expect(pressed()).toMatchObject([{ token: 'LETTER0000000001', id: 'confirm', values: [] }]);
    await tabTo('Środa, 2 grudnia');
    await page.keyboard.press('Space');
    await expect
      .poll(() => pressed()[1])
      .toMatchObject({ token: 'POLL000000000001', id: 'vote', values: ['1'] });
    await page.locator(`#m-${id}`).focus();
    await tabTo('Odpowiedz');
    await page.keyboard.press('Enter');
    expect(await page.locator('.replying').textContent()).toContain('Zamknięcie parkingu');
    await page.keyboard.type('Dziękujemy za wiadomość');
    await page.keyboard.press('Enter');
    await expect.poll(() => server.events.at(-1)).toMatchObject({ type: 'text', replyTo: id });
    await page.locator('.person .quoted').waitFor();
    expect(await page.locator('.replying').isHidden()).toBe(true);
    await close();
  });

  it('submits several ticked options once, and never none', async () => {
    const { page, close } = await visit(browser, { viewport: phone });
    await arrive(page);
    await server.say(me(), poll(true), { token: 'POLL000000000001' });
    await page.getByRole('button', { name: 'Zagłosuj' }).click();
    await page.getByLabel('Czwartek, 3 grudnia').check();
    await page.getByLabel('Wtorek, 1 grudnia').check();
    await page.getByRole('button', { name: 'Zagłosuj' }).dblclick();
    await expect.poll(() => server.events.length).toBeGreaterThan(1);
    const [, ...votes] = server.events;
    expect(votes[0]).toMatchObject({ type: 'action', id: 'vote', values: ['0', '2'] });
    expect(new Set(votes.map((v) => v.externalEventId)).size).toBe(votes.length);
    await close();
  });

  it('leaves no trace of an anonymous answer: not in the transcript, not in the browser', async () => {
    const { page, close } = await visit(browser);
    await arrive(page);
    const id = await server.say(me(), poll(false));
    const other = await server.say(me(), poll(true));
    server.onEvent = async (event) => {
      if (event.type !== 'action') return;
      const voted: Block<string>[] = [{ type: 'text', text: 'Mamy Twój głos.' }];
      await server.edit(event.externalId, event.values.length > 1 ? other : id, voted);
    };
    await page.getByRole('button', { name: 'Środa, 2 grudnia' }).click();
    await expect.poll(() => page.getByText('Mamy Twój głos.').count()).toBe(1);
    await page.getByLabel('Wtorek, 1 grudnia').check();
    await page.getByLabel('Czwartek, 3 grudnia').check();
    await page.getByRole('button', { name: 'Zagłosuj' }).click();
    await expect.poll(() => page.getByText('Mamy Twój głos.').count()).toBe(2);
    const rows = await server.database.db.selectFrom('webchat_message').selectAll().execute();
    const kept =
      JSON.stringify(rows) + (await page.evaluate('JSON.stringify({ ...sessionStorage, ...localStorage })'));
    for (const word of [...days, '"vote"', '"values"', 'person']) expect(kept).not.toContain(word);
    await page.reload();
    await page.getByText('Mamy Twój głos.').first().waitFor();
    for (const day of days) expect(await page.getByText(day).count()).toBe(0);
    await close();
  });

  it('shows hostile texts as they were typed, from both sides', async () => {
    const { page, complaints, close } = await visit(browser, { viewport: narrow });
    await arrive(page);
    const hostile = [
      `<script>window.pwned = 1</script><img src=x onerror="window.pwned = 1">`,
      '*gwiazdki* _podkreślenia_ [link](javascript:alert(1)) `kod`',
      'مرحبا بالعالم \u202Eabc שלום',
      '👩‍👩‍👧‍👦🏳️‍🌈',
      'ź'.repeat(3000),
    ];
    for (const text of hostile) {
      await field(page).fill(text);
      await field(page).press('Enter');
      await expect.poll(() => server.events.at(-1)).toMatchObject({ text });
      await server.say(me(), [{ type: 'text', text }]);
      await expect.poll(() => page.locator('.wici .text').last().textContent()).toBe(text);
      await expect.poll(() => page.locator('.person .text').last().textContent()).toBe(text);
    }
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(await fitsWidth(page)).toBe(true);
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await page.evaluate('scrollY')).toBe(0);
    await screenshot(page, 'chat-hostile');
    await close();
  });

  it('comes back by itself after the server was away, catches up, sends what was written meanwhile and keeps the place', async () => {
    const { page, close } = await visit(browser);
    await arrive(page);
    const person = me();
    const id = await server.say(person, [{ type: 'text', text: 'Przed przerwą' }]);
    await page.getByText('Przed przerwą').waitFor();
    await server.stop();
    await page.locator('.connection[data-state=lost]').waitFor();
    for (const words of ['Napisane w przerwie', 'I jeszcze to']) {
      await field(page).fill(words);
      await field(page).press('Enter');
    }
    await expect.poll(() => page.getByText('Nie wysłano.').count()).toBe(2);
    await screenshot(page, 'chat-away');
    await server.restart();
    await server.edit(person, id, [{ type: 'text', text: 'Zmienione w przerwie' }]);
    await server.say(person, [{ type: 'text', text: 'Po przerwie' }]);
    await page.getByText('Po przerwie').waitFor({ timeout: 20_000 });
    expect(await page.getByText('Zmienione w przerwie').count()).toBe(1);
    expect(await page.getByText('Przed przerwą').count()).toBe(0);
    await expect.poll(() => server.events.at(-1)).toMatchObject({ text: 'I jeszcze to' });
    expect(server.events.at(-2)).toMatchObject({ text: 'Napisane w przerwie' });
    await expect.poll(() => page.locator('.person').count()).toBe(2);
    await expect.poll(() => page.locator('.failed').count()).toBe(0);
    await close();
  });

  it('sends by itself what the server could not take while it was there all the time', async () => {
    const { page, close } = await visit(browser);
    await arrive(page);
    let refused = 1;
    await page.route('**/chat/messages', (route) =>
      refused-- > 0
        ? route.fulfill({ status: 503, json: { message: 'Spróbuj ponownie za chwilę.' } })
        : route.continue(),
    );
    await field(page).fill('Za wcześnie');
    await field(page).press('Enter');
    await page.getByText('Nie wysłano.').waitFor();
    await expect.poll(() => server.events.at(-1)).toMatchObject({ text: 'Za wcześnie' });
    await expect.poll(() => page.locator('.failed').count()).toBe(0);
    expect(await page.locator('.person').count()).toBe(1);
    await close();
  });

  it('counts a message once when its answer was lost', async () => {
    const { page, close } = await visit(browser);
    await arrive(page);
    let lost = 1;
    await page.route('**/chat/messages', async (route) => {
      if (lost-- > 0) {
        await route.fetch();
        return route.abort();
      }
      return route.continue();
    });
    await field(page).fill('tylko raz');
    await field(page).press('Enter');
    await page
      .getByRole('button', { name: 'Spróbuj ponownie' })
      .or(page.locator('.person time'))
      .first()
      .waitFor();
    const again = page.getByRole('button', { name: 'Spróbuj ponownie' });
    if (await again.isVisible()) await again.click();
    await expect.poll(() => page.locator('.person time').count()).toBe(1);
    expect(await page.locator('.person').count()).toBe(1);
    const ids = server.events.filter((e) => e.type === 'text').map((e) => e.externalEventId);
    expect(new Set(ids).size).toBe(1);
    await close();
  });

  it('changes its language as soon as Wici does', async () => {
    const { page, close } = await visit(browser);
    await arrive(page);
    expect(await page.evaluate('document.documentElement.lang')).toBe('pl');
    await server.say(me(), [{ type: 'text', text: 'From now on in English.' }], { language: 'en' });
    await page.getByLabel('Your message').waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
    expect(await field(page).count()).toBe(0);
    expect(await page.locator('article[lang=pl]').count()).toBe(1);
    expect(await page.locator('article[lang=en]').count()).toBe(1);
    await close();
  });

  it('shows earlier messages on demand and stays where the reader is', async () => {
    const { page, close } = await visit(browser, { viewport: phone });
    await arrive(page);
    for (let n = 1; n <= 40; n++) await server.say(me(), [{ type: 'text', text: `Wiadomość nr ${n}.` }]);
    await page.reload();
    await page.getByText('Wiadomość nr 40.').waitFor();
    expect(await page.getByText('Wiadomość nr 5.').count()).toBe(0);
    await page.getByRole('link', { name: 'Pokaż wcześniejsze' }).click();
    await page.getByText('Wiadomość nr 5.').waitFor({ state: 'attached' });
    expect(await page.getByRole('link', { name: 'Pokaż wcześniejsze' }).count()).toBe(0);
    await server.say(me(), [{ type: 'text', text: 'Nowa wiadomość' }]);
    await page.getByRole('button', { name: 'Nowe wiadomości' }).click();
    await expect.poll(() => page.getByText('Nowa wiadomość').isVisible()).toBe(true);
    expect(await page.locator('.first-of-day').count()).toBe(1);
    await close();
  });

  it('shows no longer what was erased, on an open page as well, and goes on with what is said then', async () => {
    const { page, complaints, close } = await visit(browser);
    await arrive(page);
    await field(page).fill('Usuń mnie');
    await field(page).press('Enter');
    await page.locator('.line.person:not(.mine)').waitFor();
    await eraseWebchat(server.database.db, [me()]);
    await server.say(me(), [{ type: 'text', text: 'Usunęliśmy Twoje dane.' }]);
    await page.getByText('Usunęliśmy Twoje dane.').waitFor();
    expect(await page.locator('.line').count()).toBe(1);
    await eraseWebchat(server.database.db, [me()]);
    await expect.poll(() => page.locator('.line').count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  it('asks in the field for what Wici awaits', async () => {
    const { page, close } = await visit(browser);
    await arrive(page);
    await server.say(me(), [
      { type: 'text', text: 'Z jakiej firmy?' },
      {
        type: 'input',
        id: 'words',
        label: 'Nazwa firmy',
        title: 'Firma',
        submit: 'Wyślij',
        cancel: 'Anuluj',
      },
    ]);
    await page.getByPlaceholder('Nazwa firmy').waitFor();
    expect(await page.locator('.lines').getByText('Nazwa firmy').count()).toBe(0);
    await server.say(me(), [{ type: 'text', text: 'Dziękujemy.' }]);
    await page.getByPlaceholder('Napisz wiadomość').waitFor();
    await close();
  });

  it('works without scripts: begin, write, press, read the answer', async () => {
    const { page, close } = await visit(browser, { viewport: phone, javaScriptEnabled: false });
    server.onEvent = async (event) => {
      if (event.type === 'command') await server.say(event.externalId, poll(true));
      else await server.say(event.externalId, [{ type: 'text', text: 'Zapisane.' }]);
    };
    await page.goto(`${server.url}/chat?i=ABCD1234efgh5678`);
    await screenshot(page, 'chat-no-script');
    await page.getByRole('button', { name: 'Zacznij rozmowę' }).click();
    await page.getByLabel('Środa, 2 grudnia').check();
    await page.getByRole('button', { name: 'Zagłosuj' }).click();
    expect(await page.getByText('Zapisane.').count()).toBe(1);
    await field(page).fill('Bez skryptów');
    await page.getByRole('button', { name: 'Wyślij' }).click();
    expect(await page.getByText('Zapisane.').count()).toBe(2);
    await page
      .getByRole('link', { name: /^Odpowiedz/ })
      .last()
      .click();
    await field(page).fill('I odpowiedź');
    await page.getByRole('button', { name: 'Wyślij' }).click();
    expect(server.events).toMatchObject([
      { type: 'command', name: 'start', args: 'ABCD1234efgh5678' },
      { type: 'action', id: 'vote', values: ['1'] },
      { type: 'text', text: 'Bez skryptów' },
      { type: 'text', text: 'I odpowiedź', replyTo: expect.any(String) },
    ]);
    await close();
  });
});
