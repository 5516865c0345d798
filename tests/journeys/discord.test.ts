import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compose, type RunningWici } from '../../runtime/compose.ts';
import { readConfig } from '../../runtime/config.ts';
import type { Person } from '../emulators/discord/person.ts';
import type { Room } from '../emulators/discord/room.ts';
import { DiscordEmulator } from '../emulators/discord/server.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { type Items, words } from './support.ts';

const apiToken = 'a-token-for-tests-only';
const temporary = makeTempFolder();
let discord: DiscordEmulator;
let room: Room;
let wici: RunningWici;

async function start(): Promise<void> {
  const variables = {
    WICI_DATA: temporary.folder,
    WICI_API_TOKEN: apiToken,
    PORT: '0',
    LOG_LEVEL: 'silent',
    DISCORD_BOT_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
  };
  wici = await compose(readConfig(variables), () => undefined);
}

beforeAll(async () => {
  discord = await DiscordEmulator.start();
  room = discord.room('ogloszenia');
  await start();
});
afterAll(async () => {
  await wici?.stop();
  await discord?.close();
  temporary.remove();
});

async function api<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${wici.runtime.config.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const screen = (person: Person) =>
  person
    .shown()
    .map((m) => [plain(person.text(m)), ...person.labels(m).map((l) => `[${plain(l)}]`)].join('\n'))
    .join('\n---\n');
const sees = (person: Person, said: string) =>
  until(() => screen(person).includes(said), 15_000, said).catch(() =>
    expect(screen(person)).toContain(said),
  );

async function tap(person: Person, label: string): Promise<void> {
  await sees(person, `[${label}]`);
  const labels = person
    .shown()
    .toReversed()
    .flatMap((m) => person.labels(m));
  person.press(labels.find((l) => plain(l) === label) ?? label);
}

async function joined(name: string, language: 'pl' | 'en'): Promise<{ person: Person; memberId: string }> {
  const { code } = await api<{ code: string }>('POST', '/invitations', { name });
  const person = discord.person();
  person.account.locale = language === 'pl' ? 'pl' : 'en-GB';
  const asked = person.slash('start', code, true);
  await sees(person, words[language].welcome);
  await until(() => asked.shown !== null);
  expect(asked.shown?.content).toBe(
    wici.runtime.core.texts.translate(language, 'servers:begin.seeDirectMessages'),
  );
  await tap(person, words[language].language);
  await tap(person, words[language].agree);
  await sees(person, words[language].joined);
  const { items } = await api<Items<{ id: string }>>('GET', `/members?search=${encodeURIComponent(name)}`);
  return { person, memberId: items[0]?.id ?? '' };
}

/** The channel, once Wici has learnt of it. */
async function knownGroup(): Promise<string> {
  const known = async () => (await api<Items<{ id: string }>>('GET', '/groups')).items;
  await until(async () => (await known()).length === 1, 15_000, 'the channel');
  return String((await known())[0]?.id);
}

describe.each(['pl', 'en'] as const)('on Discord, in language "%s"', (language) => {
  const said = words[language];

  it('a person joins from a server, reads an announcement back, votes and reports', async () => {
    const { person, memberId } = await joined(`Osoba na Discordzie ${language}`, language);
    const shared = {
      audience: { members: [memberId] },
      urgent: true,
      reminders: { count: 0, everyHours: 24 },
    };
    const { id } = await api<{ id: string }>('POST', '/announcements', {
      ...shared,
      title: { pl: 'Przegląd windy', en: 'Inspection of the lift' },
      text: { pl: 'W środę @everyone **rano**.', en: 'On Wednesday @everyone **early**.' },
      confirm: true,
    });
    await tap(person, said.read);
    await sees(person, `[${said.undo}]`);
    expect(screen(person)).toContain('@everyone **');
    const { counts } = await api<{ counts: object }>('GET', `/announcements/${id}`);
    expect(counts).toMatchObject({ recipients: 1, confirmed: 1 });

    await api<{ id: string }>('POST', '/polls', {
      ...shared,
      question: { pl: 'Kiedy?', en: 'When?' },
      options: ['A1', 'B2', 'C3'].map((o) => ({ pl: o, en: o })),
      multiple: true,
      anonymous: false,
      showResults: 'never',
      closesAt: new Date(Date.now() + 86_400_000).toISOString(),
    });
    await sees(person, '[C3]');
    const { component, message } = person.list();
    expect(component.placeholder).toBe(
      wici.runtime.core.texts.translate(language, 'servers:begin.markSeveral'),
    );
    person.select(component, ['2', '0'], message);
    await sees(person, `${said.yourAnswer}A1, C3`);

    person.slash('report');
    await sees(person, said.reportWhat);
    person.say('Brama się zacina');
    await tap(person, said.infrastructure);
    await tap(person, said.onlyStaff);
    await until(() => said.taken.test(screen(person)));
    const asked = [...discord.platform.asked.values()];
    await until(() => asked.every(({ answer }) => answer !== null));
  });
});

it('an announcement is posted in a channel too, and a press there counts for whoever presses', async () => {
  const { person, memberId } = await joined('Osoba w kanale', 'pl');
  const groupId = await knownGroup();
  const { id } = await api<{ id: string }>('POST', '/announcements', {
    ...{ title: { pl: 'Próba syren', en: 'Siren test' }, text: { pl: 'W środę.', en: 'On Wednesday.' } },
    ...{ audience: { members: [memberId] }, groups: [groupId], confirm: true, urgent: true },
    reminders: { count: 0, everyHours: 24 },
  });
  await sees(person, `[${words.pl.read}]`);
  await until(() => room.shown().length === 1, 15_000, 'the post');
  const asked = room.press(person, 'Przeczytane ✓ / Read ✓');
  await until(() => asked.shown !== null);
  await sees(person, `[${words.pl.undo}]`);
  expect(await api('GET', `/announcements/${id}`)).toMatchObject({
    counts: { recipients: 1, accepted: 1, confirmed: 1 },
    groups: [{ group: { id: groupId }, status: 'accepted' }],
  });
});

it('answers, once, what was written on Discord while Wici was stopped', async () => {
  const { person } = await joined('Osoba pisząca nocą', 'pl');
  await wici.stop();
  const before = person.shown().length;
  person.say('/zglos');
  await start();
  await sees(person, words.pl.reportWhat);
  await wici.stop();
  await start();
  person.say('Brama się zacina');
  await sees(person, words.pl.kind);
  const asked = person
    .shown()
    .slice(before)
    .map((m) => plain(person.text(m)));
  expect(asked.filter((text) => text.includes(words.pl.reportWhat))).toHaveLength(1);
});
