import { expect, it } from 'vitest';
import { commandBodies } from '../../bots/discord/commands.ts';
import { discordSettings } from '../../runtime/discord-settings.ts';
import { loadTexts } from '../../runtime/i18n.ts';
import { checked, commands } from '../emulators/discord/fields.ts';

it('offers the commands of the help on Discord in both languages, and the platform takes them', async () => {
  const settings = discordSettings({ token: 'a.b.c', apiUrl: 'https://example.org' }, await loadTexts());
  const bodies = checked(commands, commandBodies(settings.commands ?? [], settings.texts));
  const named = bodies.map(({ name, name_localizations: names }) => [name, names?.pl]);
  expect(named).toContainEqual(['polls', 'sondy']);
  expect(named).toContainEqual(['report', 'zglos']);
  expect(named).toContainEqual(['language', 'jezyk']);
  expect(named.at(0)).toEqual(['start', 'start']);
  expect(named.slice(-2)).toEqual([
    ['help', 'pomoc'],
    ['wici', undefined],
  ]);
});

it('lets an invitation’s code and a report be written right after the command', async () => {
  const settings = discordSettings({ token: 'a.b.c', apiUrl: 'https://example.org' }, await loadTexts());
  const bodies = commandBodies(settings.commands ?? [], settings.texts);
  const fields = bodies.flatMap(({ name, options = [] }) =>
    options.map((option) => [name, option.name, option.name_localizations?.pl]),
  );
  expect(fields.slice(0, -1)).toEqual([
    ['start', 'code', 'kod'],
    ['report', 'text', 'tekst'],
    ['link', 'code', 'kod'],
  ]);
});
