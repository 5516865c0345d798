import { expect, it } from 'vitest';
import { commandName } from '../../../bots/telegram/limits.ts';
import { loadTexts } from '../../../runtime/i18n.ts';
import { telegramMenu } from '../../../runtime/telegram-settings.ts';

it('offers in the menu what /help lists, under names Telegram takes, in both languages', async () => {
  const { pl = [], en = [] } = telegramMenu(await loadTexts());
  expect(pl.length).toBeGreaterThan(6);
  expect(en).toHaveLength(pl.length);
  for (const { command, description } of [...pl, ...en]) {
    expect(command).toMatch(commandName);
    expect(description).not.toBe('');
  }
  expect(en.map(({ command }) => command)).toContain('polls');
});
