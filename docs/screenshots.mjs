// Makes the pictures of docs/images from Wici really running: `npm run screenshots`. It starts the built program and the
// Telegram stand-in on free ports over an empty data folder, does with a browser what README's first five minutes say, and
// stops everything. Needs Chromium: /usr/bin/chromium, or CHROMIUM_PATH.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const images = fileURLToPath(new URL('./images/', import.meta.url));
const network = 'Park Przykładowy';
const apiToken = 'only-for-the-pictures';
const phone = { viewport: { width: 360, height: 680 }, deviceScaleFactor: 1.15 };
const desktop = { viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1 };
/** The simulated people take up to two minutes to answer; this long makes figures worth looking at. */
const untilMostHaveAnsweredMs = 90_000;

const day = nextFriday();
const closure = {
  title: { pl: 'Parking przy budynku C będzie zamknięty', en: 'The car park at building C will be closed' },
  text: {
    pl: `W piątek ${date(day, 'pl')} od 6:00 do 14:00 malujemy tam pasy. Prosimy parkować przy bramie wschodniej.`,
    en: `On Friday ${date(day, 'en')} from 6:00 to 14:00 we repaint its lines. Please park at the east gate.`,
  },
};
const meeting = {
  question: { pl: 'Kiedy spotkanie firm?', en: 'When shall the companies meet?' },
  options: [
    { pl: 'We wtorek po południu', en: 'On Tuesday afternoon' },
    { pl: 'W środę rano', en: 'On Wednesday morning' },
    { pl: 'W czwartek po południu', en: 'On Thursday afternoon' },
  ],
};

const data = mkdtempSync(join(tmpdir(), 'wici-pictures-'));
const programs = [];
let browser;
try {
  const telegram = await startStandIn();
  const wici = await startWici(telegram);
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  await tell(wici, telegram);
} catch (error) {
  for (const page of browser?.contexts().flatMap((context) => context.pages()) ?? [])
    process.stderr.write(`\n== ${page.url()}\n${await page.locator('body').ariaSnapshot()}\n`);
  throw error;
} finally {
  await browser?.close();
  for (const program of programs.reverse()) await stop(program);
  rmSync(data, { recursive: true, force: true });
}

/** README's first five minutes, a picture at each step worth one. */
async function tell(wici, telegram) {
  const staff = await open(desktop, 'en-GB');
  await staff.goto(wici.signIn);
  const english = staff.getByRole('button', { name: 'English' });
  if (await english.count()) await english.click();
  await staff.getByRole('button', { name: 'Enter the console' }).click();
  if (await english.count()) await english.click();
  await staff.getByLabel('Name of your network').fill(network);
  await picture(staff, 'welcome', 490);
  await staff.getByRole('button', { name: 'Let’s begin' }).click();
  await staff.getByText('See it as a member').waitFor();

  const ola = await open(phone, 'pl-PL');
  await ola.goto(await invite(wici, 'Ola Przykładowa', 'Solidny Strop'));
  const consent = await joinNetwork(ola, 'Polski');
  const sam = await open(phone, 'en-GB');
  await sam.goto(await invite(wici, 'Sam Sample', 'Prąd na Dachu'));
  await joinNetwork(sam, 'English');
  const chat = await joinOnTelegram(wici, telegram);

  await compose(staff, wici);
  const announcement = staff.url();
  const read = ola.getByRole('button', { name: 'Przeczytane ✓' });
  await read.click();
  await read.waitFor({ state: 'detached' });
  await settled(ola);
  await pictures('read-back', consent, await ola.screenshot());
  await ask(staff, wici);
  await chat.getByRole('button', { name: 'Przeczytane ✓' }).click();
  await chat.getByRole('button', { name: 'W środę rano' }).click();
  await chat.getByRole('button', { name: 'W środę rano' }).waitFor({ state: 'detached' });
  await picture(chat, 'telegram', 680);

  await sam.waitForTimeout(untilMostHaveAnsweredMs);
  await sam.getByRole('button', { name: 'Read ✓' }).click();
  await sam.getByRole('button', { name: 'On Wednesday morning' }).click();
  await sam.getByRole('button', { name: 'On Wednesday morning' }).waitFor({ state: 'detached' });
  await settled(sam);
  const voted = await sam.screenshot();
  await report(sam);
  await pictures('vote-and-report', voted, await sam.screenshot());

  await staff.goto(announcement);
  await picture(staff, 'report', 860);
  await staff.goto(`${wici.url}/`);
  await staff.getByRole('button', { name: 'Polski' }).click();
  await staff.getByRole('heading', { name: 'Ostatnie ogłoszenia' }).waitFor();
  await picture(staff, 'home', 700);
}

async function compose(staff, wici) {
  await staff.goto(`${wici.url}/announcements/new`);
  for (const language of ['pl', 'en']) {
    await staff.locator(`[name="title.${language}"]`).fill(closure.title[language]);
    await staff.locator(`[name="text.${language}"]`).fill(closure.text[language]);
  }
  await dontWait(staff);
  await staff.getByText(/^\d+ of \d+ people from/).waitFor();
  await staff.getByRole('button', { name: 'See the preview' }).click();
  await staff.getByText('How it looks in the messengers').waitFor();
  await picture(staff, 'preview', 1120);
  await staff.getByRole('button', { name: /^Send to/ }).click();
  await staff.getByText('is on its way').waitFor();
}

async function ask(staff, wici) {
  await staff.goto(`${wici.url}/polls/new`);
  for (const language of ['pl', 'en']) {
    await staff.locator(`[name="question.${language}"]`).fill(meeting.question[language]);
    for (const [at, option] of meeting.options.entries())
      await staff.locator(`[name="options.${at}.${language}"]`).fill(option[language]);
  }
  await staff.getByLabel('after voting').check();
  await dontWait(staff);
  await staff.getByRole('button', { name: 'See the preview' }).click();
  await staff.getByRole('button', { name: /^Send to/ }).click();
  await staff.getByText('is on its way').waitFor();
}

/** At night messages wait for the morning, unless they are urgent. */
async function dontWait(staff) {
  const hour = Number(
    new Intl.DateTimeFormat('en-GB', { hour: 'numeric', timeZone: 'Europe/Warsaw' }).format(new Date()),
  );
  if (hour >= 20 || hour < 7) await staff.getByLabel('Urgent').check();
}

async function report(member) {
  await member.getByLabel('Your message').fill('The barrier of building B has been stuck since Monday.');
  await member.getByLabel('Your message').press('Enter');
  await member.getByRole('button', { name: 'Yes, pass it on' }).click();
  await member.getByRole('button', { name: 'infrastructure' }).click();
  await member.getByRole('button', { name: 'Only the staff' }).click();
  await member.getByText('Report no. 1 taken').waitFor();
  await settled(member);
}

async function joinOnTelegram(wici, telegram) {
  const chat = await open({ viewport: { width: 900, height: 700 }, deviceScaleFactor: 1 }, 'pl-PL');
  await chat.goto(telegram.page);
  await chat.locator('#people button[aria-current=true]').waitFor();
  const link = await invite(wici, 'Ala Testowa', 'Krem i Chłód', 'telegram');
  await chat.getByLabel('Message').fill(`/start ${new URL(link).searchParams.get('start')}`);
  await chat.getByLabel('Message').press('Enter');
  await joinNetwork(chat, 'Polski');
  return chat;
}

/** The two taps of somebody invited: language, consent. Returns the picture between them. */
async function joinNetwork(page, language) {
  await page.getByRole('button', { name: language }).click();
  const agree = page.getByRole('button', { name: /^(Zgadzam się|I agree)/ });
  await agree.waitFor();
  await settled(page);
  const consent = await page.screenshot();
  await agree.click();
  await page.getByText(/^Gotowe, jesteś|^Done, you are/).waitFor();
  return consent;
}

/** An invitation as another program makes one; its link. */
async function invite(wici, name, demoCompany, messenger = 'webchat') {
  const search = encodeURIComponent(`Demo: ${demoCompany}`);
  const { items } = await api(wici, `companies?search=${search}`);
  const { links } = await api(wici, 'invitations', { name, company: items[0].id });
  return links[messenger];
}

async function api(wici, path, body) {
  const headers = { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' };
  const sent = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  const response = await fetch(`${wici.url}/api/v1/${path}`, { headers, ...sent });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return response.json();
}

async function startStandIn() {
  const program = launch('tests/emulators/by-hand/run.mjs', ['telegram', String(await freePort())], {});
  const [, page] = await said(program, /stand-in: open (\S+)/);
  const [, token] = await said(program, /TELEGRAM_BOT_TOKEN=(\S+)/);
  const [, url] = await said(program, /TELEGRAM_API_URL=(\S+)/);
  return { page, url, token };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function startWici(telegram) {
  const program = launch('dist/runtime/wici.js', ['start'], {
    ...{ PORT: '0', WICI_DATA: data, WICI_API_TOKEN: apiToken, LOG_LEVEL: 'warn' },
    ...{ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_URL: telegram.url },
  });
  const [, url] = await said(program, /Wici runs at (\S+)/);
  const [, signIn] = await said(program, /Sign in:\s+(\S+)/);
  await said(program, /Ctrl-C/);
  return { url, signIn };
}

function launch(file, args, variables) {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [join(root, file), ...args], {
    env: { PATH, HOME, LANG: 'en', ...variables },
    cwd: data,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const program = { child, words: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes) => {
      program.words += bytes;
    });
  }
  programs.push(program);
  return program;
}

async function said(program, pattern) {
  for (let tries = 0; tries < 600; tries++) {
    const found = pattern.exec(program.words);
    if (found) return found;
    if (program.child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not said: ${pattern}\n${program.words}`);
}

async function stop({ child }) {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function open(size, locale) {
  const context = await browser.newContext({ ...size, locale, timezoneId: 'Europe/Warsaw' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  return page;
}

/** Scrolling and what arrives late have come to rest. */
function settled(page) {
  return page.waitForTimeout(1500);
}

async function picture(page, name, height) {
  await page.setViewportSize({ width: page.viewportSize().width, height });
  await settled(page);
  await page.screenshot({ path: join(images, `${name}.png`) });
}

/** Two phones side by side. */
async function pictures(name, ...screens) {
  const page = await open(
    { viewport: { width: 790, height: 710 }, deviceScaleFactor: phone.deviceScaleFactor },
    'en-GB',
  );
  const frames = screens.map((png) => `<img src="data:image/png;base64,${png.toString('base64')}">`);
  await page.setContent(
    `<style>body{margin:14px;display:flex;justify-content:space-between;background:#fff}
     img{width:360px;height:680px;border:1px solid #c8cdd2;border-radius:18px}</style>${frames.join('')}`,
  );
  await page.screenshot({ path: join(images, `${name}.png`) });
  await page.close();
}

function nextFriday() {
  const now = new Date();
  return new Date(now.getTime() + (((5 - now.getDay() + 7) % 7) + 7) * 86_400_000);
}

function date(moment, language) {
  return new Intl.DateTimeFormat(language === 'pl' ? 'pl' : 'en-GB', {
    ...{ day: 'numeric', month: 'long', timeZone: 'Europe/Warsaw' },
  }).format(moment);
}
