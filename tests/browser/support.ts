import { existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { projectRoot } from '../../runtime/paths.ts';

export const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** True when there is no Chromium and nobody insists on one: `describe.skipIf(chromiumMissing)`. CI=true insists. */
export const chromiumMissing = process.env.CI !== 'true' && !existsSync(chromiumPath);

export const phone = { width: 390, height: 844 };
export const narrow = { width: 360, height: 740 };
export const desktop = { width: 1280, height: 800 };

/** A headless Chromium that looks for nothing outside this machine. */
export function launchBrowser(): Promise<Browser> {
  if (!existsSync(chromiumPath)) {
    throw new Error(`no Chromium at ${chromiumPath}: apt-get install chromium, or set CHROMIUM_PATH`);
  }
  return chromium.launch({
    executablePath: chromiumPath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Visit {
  readonly page: Page;
  /** What the browser complained about: errors on its console, uncaught exceptions, CSP refusals. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** A fresh browser profile (own cookies) with one page. Polish unless told otherwise. */
export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: desktop, locale: 'pl-PL', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, complaints, close: () => context.close() };
}

/** Until what fades in stands still: halfway through, its colours are not those a person reads. */
const atRest = `Promise.allSettled(
  document.getAnimations()
    .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity)
    .map((animation) => animation.finished),
)`;

/** What axe finds wrong on the page once it stands still, one line each; empty when all is well. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(atRest);
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] })',
  )) as axe.AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  );
}

/** True when nothing sticks out sideways. */
export async function fitsWidth(page: Page): Promise<boolean> {
  const { content, window } = (await page.evaluate(
    '({ content: document.documentElement.scrollWidth, window: innerWidth })',
  )) as { content: number; window: number };
  return content <= window;
}

/** Saves a picture of the page for a person to look at, when WICI_SCREENSHOTS names a folder. */
export async function screenshot(page: Page, name: string, fullPage = false): Promise<void> {
  const folder = process.env.WICI_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(resolve(projectRoot, folder), { recursive: true });
  await page.screenshot({ path: resolve(projectRoot, folder, `${name}.png`), fullPage });
}

/** As over a slow line: each script of the page arrives only once the one before it has run and the page had time for its own. */
export async function oneScriptAfterAnother(page: Page): Promise<void> {
  let before: Promise<unknown> = Promise.resolve();
  await page.route(/\.js\?/, (route) => {
    before = before.then(async () => {
      await route.fulfill({ response: await route.fetch() });
      await page.evaluate('new Promise((done) => setTimeout(() => setTimeout(done)))');
    });
    return before;
  });
}
