import type { Browser, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Language } from '../../core/language.ts';
import { loadTexts } from '../../runtime/i18n.ts';
import {
  axeViolations,
  desktop,
  fitsWidth,
  phone,
  screenshot,
  type Visit,
  visit,
} from '../browser/support.ts';
import { WiciProcess } from '../reliability/wici.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

/** What a page shows of it within this time came by itself. */
export const seconds = 15_000;

/** A person who reads this language, on a machine where Wici has just been started for the first time. */
export class Newcomer {
  readonly language: Language;
  readonly wici: WiciProcess;
  readonly console: Page;
  /** The words of a button or label in the newcomer's language. */
  readonly t: (key: string, params?: Record<string, string | number>) => string;
  readonly #visit: Visit;
  readonly #cleanUp: () => void;
  #member: Page | null = null;

  private constructor(
    language: Language,
    wici: WiciProcess,
    opened: Visit,
    t: Newcomer['t'],
    cleanUp: () => void,
  ) {
    this.language = language;
    this.wici = wici;
    this.console = opened.page;
    this.t = t;
    this.#visit = opened;
    this.#cleanUp = cleanUp;
  }

  static async arrives(browser: Browser, language: Language): Promise<Newcomer> {
    const { folder, remove } = makeTempFolder();
    const wici = await WiciProcess.start({ dataFolder: folder, variables: {} });
    const opened = await visit(browser, { locale: language === 'pl' ? 'pl-PL' : 'en-GB' });
    opened.page.setDefaultTimeout(seconds);
    opened.page.on('dialog', (dialog) => void dialog.accept());
    const texts = await loadTexts();
    const t: Newcomer['t'] = (key, params) => texts.translate(language, key, params);
    return new Newcomer(language, wici, opened, t, remove);
  }

  /** The web chat of the person tried out, once it is open. */
  get chat(): Page {
    if (!this.#member) throw new Error('the chat is not open yet');
    return this.#member;
  }

  /** Presses what opens the chat in a tab of its own; that tab is as wide as a phone. */
  async opensChat(press: () => Promise<void>): Promise<void> {
    const opening = this.console.context().waitForEvent('page');
    await press();
    const page = await opening;
    page.setDefaultTimeout(seconds);
    page.on('pageerror', (error) => this.#visit.complaints.push(error.message));
    await page.setViewportSize(phone);
    this.#member = page;
  }

  /** What the console calls the person tried out. */
  get name(): string {
    return this.t('people:unnamed');
  }

  button(page: Page | Locator, key: string, params?: Record<string, string | number>): Locator {
    return page.getByRole('button', { name: this.t(key, params), exact: true });
  }

  link(key: string): Locator {
    return this.console.getByRole('main').getByRole('link', { name: this.t(key), exact: true });
  }

  /** Goes by the menu. */
  async goes(key: string): Promise<void> {
    const menu = this.console.getByRole('navigation', { name: this.t('console:layout.menu') });
    await menu.getByRole('link', { name: this.t(key), exact: true }).click();
    await this.console.getByRole('heading', { level: 1, name: this.t(key) }).waitFor();
  }

  /** Fills the field of this name: the same words label it once a language. */
  async fills(name: string, words: string): Promise<void> {
    await this.console.locator(`[name="${name}"]`).fill(words);
  }

  /** Nothing for axe to find and nothing sticking out, wide and on a phone. */
  async inspects(page: Page, name: string): Promise<void> {
    const before = page.viewportSize() ?? desktop;
    for (const [size, viewport] of Object.entries({ desktop, phone })) {
      await page.setViewportSize(viewport);
      await screenshot(page, `journey-${this.language}-${name}-${size}`, true);
      expect(await axeViolations(page), `${name}, ${size}`).toEqual([]);
      expect(await fitsWidth(page), `${name}, ${size}`).toBe(true);
      expect(await page.evaluate('document.documentElement.lang')).toBe(this.language);
    }
    await page.setViewportSize(before);
  }

  /** What `work` waits for comes to the page by itself: it is not loaded anew meanwhile. */
  async withoutReloading(page: Page, work: () => Promise<void>): Promise<void> {
    await page.evaluate('window.stays = true');
    await work();
    expect(await page.evaluate('window.stays')).toBe(true);
  }

  async leaves(): Promise<void> {
    expect(this.#visit.complaints).toEqual([]);
    await this.close();
  }

  async close(): Promise<void> {
    await this.#visit.close();
    await this.wici.end('SIGINT');
    this.#cleanUp();
  }
}
