import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumMissing, launchBrowser } from '../browser/support.ts';
import { Newcomer, seconds } from './newcomer.ts';
import { words } from './support.ts';

const network = 'Sieć Przykładowa';
const title = { pl: 'Przegląd instalacji', en: 'Inspection of the installations' };
const text = {
  pl: 'Serwisanci wejdą do każdej hali.\nProsimy o dostęp do szaf.',
  en: 'Technicians will enter every hall.\nPlease give access to the cabinets.',
};
const question = { pl: 'Który dzień na spotkanie?', en: 'Which day for the meeting?' };
const options = [
  { pl: 'Wtorek', en: 'Tuesday' },
  { pl: 'Środa', en: 'Wednesday' },
] as const;

describe.skipIf(chromiumMissing)('a newcomer who knows only what the first start prints', () => {
  let browser: Browser;
  let newcomer: Newcomer | null = null;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterEach(() => newcomer?.close());
  afterAll(() => browser?.close());

  it.each(['pl', 'en'] as const)(
    'sets the network up, writes to it, answers as a member and sees it all (%s)',
    { timeout: 300_000 },
    async (language) => {
      newcomer = await Newcomer.arrives(browser, language);
      await signsIn(newcomer);
      await namesTheNetwork(newcomer);
      await joinsAsMember(newcomer);
      await sendsAnnouncement(newcomer);
      await readsItBack(newcomer);
      await asksPoll(newcomer);
      await votes(newcomer);
      await reportsBarrier(newcomer);
      await handlesBarrier(newcomer);
      await looksAround(newcomer);
      await newcomer.leaves();
      newcomer = null;
    },
  );
});

async function signsIn(me: Newcomer): Promise<void> {
  const link = /http:\S+\/sign-in\/\S+/.exec(me.wici.said)?.[0];
  await me.console.goto(String(link));
  await me.inspects(me.console, 'sign-in');
  await me.button(me.console, 'console:signIn.button').click();
}

async function namesTheNetwork(me: Newcomer): Promise<void> {
  await me.console.getByRole('heading', { name: me.t('console:welcome.title') }).waitFor();
  await me.inspects(me.console, 'welcome');
  await me.console.getByLabel(me.t('console:welcome.name')).fill(network);
  expect(await me.console.getByLabel(me.t('console:welcome.demo')).isChecked()).toBe(true);
  await me.button(me.console, 'console:welcome.start').click();
  await me.console.getByText(me.t('console:welcome.doneDemo')).waitFor();
  expect(await me.console.title()).toContain(network);
  await me.inspects(me.console, 'home');
}

async function joinsAsMember(me: Newcomer): Promise<void> {
  await me.opensChat(() => me.button(me.console, 'console:demo.tryButton').click());
  const { chat, language } = me;
  const { welcome, agree, joined, language: name } = words[language];
  await chat.getByText(`${welcome}: ${network}`).waitFor();
  await me.inspects(chat, 'chat-welcome');
  await chat.getByRole('button', { name }).click();
  await chat.getByRole('button', { name: agree }).click();
  await chat.getByText(joined).waitFor();
  await me.inspects(chat, 'chat-joined');
}

async function sendsAnnouncement(me: Newcomer): Promise<void> {
  await me.console.bringToFront();
  await me.link('console:compose.new').click();
  for (const language of ['pl', 'en'] as const) {
    await me.fills(`title.${language}`, title[language]);
    await me.fills(`text.${language}`, text[language]);
  }
  // So that the hour of the day does not matter.
  await me.console.getByLabel(me.t('console:compose.urgent'), { exact: true }).check();
  expect(await me.console.getByLabel(me.t('console:compose.confirm')).isChecked()).toBe(true);
  await me.inspects(me.console, 'compose');
  await me.button(me.console, 'console:compose.preview').click();
  await me.console.getByRole('heading', { name: me.t('console:compose.previewTitle') }).waitFor();
  for (const language of ['pl', 'en'] as const) {
    await me.console.getByText(words[language].read).first().waitFor();
  }
  await me.inspects(me.console, 'preview');
  const send = me.t('console:compose.send', { count: 7 }).split('7')[0] ?? '';
  await me.console.getByRole('button', { name: new RegExp(`^${send}\\d+`) }).click();
  await me.console.getByText(me.t('console:compose.onItsWay')).waitFor();
}

async function readsItBack(me: Newcomer): Promise<void> {
  const { chat, language } = me;
  const { read, undo, replyTaken } = words[language];
  const replies = me.console.locator('#replies');
  const confirmed = figure(me, 'console:report.confirmed');
  const report = me.console.url().replace(/[?#].*/, '');
  const isAmong = async () => (await unconfirmedPeople(me, report)).includes(me.name);
  await me.withoutReloading(me.console, async () => {
    const card = chat.getByRole('article').filter({ hasText: title[language] });
    await card.waitFor();
    await expect.poll(isAmong, { timeout: seconds }).toBe(true);
    await card.getByRole('button', { name: read }).click();
    await card.getByText(new RegExp(`${read} \\d{1,2}:\\d{2}`)).waitFor();
    await card.getByRole('button', { name: undo }).waitFor();
    await expect
      .poll(async () => Number(await confirmed.textContent()), { timeout: seconds })
      .toBeGreaterThan(0);
    await expect.poll(isAmong, { timeout: seconds }).toBe(false);
    await card.getByRole('button', { name: me.t('announcements:card.reply'), exact: true }).click();
    await chat.getByText(me.t('chat:feedback.ask.announcement')).waitFor();
    await says(me, 'Czy w hali C też?');
    await chat.getByText(replyTaken).waitFor();
    await replies.getByText('Czy w hali C też?').waitFor();
  });
  await me.inspects(chat, 'chat-announcement');
  await me.inspects(me.console, 'report');
}

/** Every page of the list whose beginning the report shows. */
async function unconfirmedPeople(me: Newcomer, report: string): Promise<string> {
  const pages: string[] = [];
  for (let path: string | undefined = `${report}/people`; path; ) {
    const page: string = await (await me.console.request.get(path)).text();
    pages.push(page);
    const next: string | undefined = /href="([^"]*[?&]cursor=[^"]*)"/
      .exec(page)?.[1]
      ?.replaceAll('&amp;', '&');
    path = next && new URL(next, report).href;
  }
  return pages.join('\n');
}

async function asksPoll(me: Newcomer): Promise<void> {
  await me.goes('console:nav.home');
  await me.link('console:pollForm.new').click();
  for (const language of ['pl', 'en'] as const) {
    await me.fills(`question.${language}`, question[language]);
    for (const [n, option] of options.entries()) await me.fills(`options.${n}.${language}`, option[language]);
  }
  await me.console.getByLabel(me.t('console:compose.urgent'), { exact: true }).check();
  await me.inspects(me.console, 'poll-compose');
  await me.button(me.console, 'console:compose.preview').click();
  await me.console.getByRole('heading', { name: me.t('console:pollForm.previewTitle') }).waitFor();
  await me.inspects(me.console, 'poll-preview');
  const send = me.t('console:compose.send', { count: 7 }).split('7')[0] ?? '';
  await me.console.getByRole('button', { name: new RegExp(`^${send}\\d+`) }).click();
  await me.console.getByText(me.t('console:pollForm.onItsWay')).waitFor();
}

async function votes(me: Newcomer): Promise<void> {
  const { chat, language } = me;
  const chosen = options[1][language];
  const row = me.console.locator('#results').getByRole('row', { name: chosen });
  await me.withoutReloading(me.console, async () => {
    const card = chat.getByRole('article').filter({ hasText: question[language] });
    await card.getByRole('button', { name: chosen }).click();
    await card.getByText(`${words[language].yourAnswer}${chosen}`).waitFor();
    await expect
      .poll(async () => /[1-9]/.test((await row.textContent()) ?? ''), { timeout: seconds })
      .toBe(true);
  });
  const csv = await (await me.console.request.get(`${me.console.url()}.csv`)).text();
  expect(csv.split('\n').filter((line) => line.includes(me.name) && line.includes(chosen))).toHaveLength(1);
  await me.inspects(me.console, 'poll-results');
  // The smallest group whose counts members see: the demo's people vote by themselves.
  const voted = figure(me, 'console:polls.voted');
  await expect
    .poll(async () => Number(await voted.textContent()), { timeout: 60_000 })
    .toBeGreaterThanOrEqual(5);
  await me.withoutReloading(chat, async () => {
    await me.button(me.console, 'console:polls.close').click();
    await chat.getByRole('img', { name: me.t('polls:results.pictureAlt') }).waitFor();
  });
  await me.inspects(chat, 'chat-poll');
}

async function reportsBarrier(me: Newcomer): Promise<void> {
  await me.goes('console:nav.inbox');
  const { chat, language } = me;
  const { report, kind, infrastructure, onlyStaff, taken } = words[language];
  await me.withoutReloading(me.console, async () => {
    await says(me, `${report} Brama od północy się zacina`);
    await chat.getByText(kind).waitFor();
    await chat.getByRole('button', { name: infrastructure }).click();
    await chat.getByRole('button', { name: onlyStaff }).click();
    await chat.getByText(taken).waitFor();
    await me.console.locator('#barriers').getByText('Brama od północy się zacina').waitFor();
  });
  await me.inspects(me.console, 'inbox');
}

async function handlesBarrier(me: Newcomer): Promise<void> {
  await me.console.getByRole('link', { name: 'Brama od północy się zacina' }).click();
  await me.inspects(me.console, 'barrier');
  await me.console.getByLabel(me.t('console:barrier.status'), { exact: true }).selectOption('inProgress');
  await me.console.getByLabel(me.t('console:barrier.note')).fill('Serwis będzie jutro.');
  await me.withoutReloading(me.chat, async () => {
    await me.button(me.console, 'console:barrier.setStatus').click();
    await me.chat.getByText('Serwis będzie jutro.').waitFor();
  });
  await me.inspects(me.chat, 'chat-barrier');
}

async function looksAround(me: Newcomer): Promise<void> {
  for (const page of ['announcements', 'polls', 'people', 'settings', 'home']) {
    await me.goes(`console:nav.${page}`);
    await me.inspects(me.console, page);
  }
  await me.console.getByText(title[me.language]).first().waitFor();
  await me.console.getByText(question[me.language]).first().waitFor();
}

async function says({ chat, t }: Newcomer, said: string): Promise<void> {
  const field = chat.getByLabel(t('webchat:page.label'));
  await field.fill(said);
  await field.press('Enter');
}

/** The number of a figure on the page, by its label. */
const figure = ({ console: page, t }: Newcomer, label: string) =>
  page.locator('.stat', { hasText: t(label) }).locator('strong');
