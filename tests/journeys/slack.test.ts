import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compose, type RunningWici } from '../../runtime/compose.ts';
import { readConfig } from '../../runtime/config.ts';
import { type Person, pressable } from '../emulators/slack/person.ts';
import { SlackEmulator } from '../emulators/slack/server.ts';
import type { Room } from '../emulators/slack/workspace.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { type Items, words } from './support.ts';

const apiToken = 'a-token-for-tests-only';
const temporary = makeTempFolder();
let slack: SlackEmulator;
let room: Room;
let wici: RunningWici;

beforeAll(async () => {
  slack = await SlackEmulator.start();
  room = slack.room('ogloszenia');
  const variables = {
    WICI_DATA: temporary.folder,
    WICI_API_TOKEN: apiToken,
    PORT: '0',
    LOG_LEVEL: 'silent',
    SLACK_BOT_TOKEN: slack.token,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
  };
  wici = await compose(readConfig(variables), () => undefined);
});
afterAll(async () => {
  await wici?.stop();
  await slack?.close();
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
    .map((m) => [plain(person.words(m)), ...pressable(m).map((e) => `[${plain(e.label)}]`)].join('\n'))
    .join('\n---\n');
const sees = (person: Person, said: string) =>
  until(() => screen(person).includes(said), 15_000, said).catch(() =>
    expect(screen(person)).toContain(said),
  );

async function tap(person: Person, label: string): Promise<void> {
  await sees(person, `[${label}]`);
  const labels = person.shown().toReversed().flatMap(pressable);
  await person.press(labels.find((e) => plain(e.label) === label)?.label ?? label);
}

async function joined(name: string, language: 'pl' | 'en'): Promise<{ person: Person; memberId: string }> {
  const { code } = await api<{ code: string }>('POST', '/invitations', { name });
  const person = slack.person({ locale: language === 'pl' ? 'pl-PL' : 'en-GB' });
  await person.command(`start ${code}`);
  await sees(person, words[language].welcome);
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

describe.each(['pl', 'en'] as const)('on Slack, in language "%s"', (language) => {
  const said = words[language];

  it('a person joins, reads an announcement back, votes and reports in a window', async () => {
    const { person, memberId } = await joined(`Osoba na Slacku ${language}`, language);
    const audience = { members: [memberId] };
    const { id } = await api<{ id: string }>('POST', '/announcements', {
      ...{
        title: { pl: 'Przegląd windy', en: 'Inspection of the lift' },
        audience,
        confirm: true,
        urgent: true,
      },
      text: { pl: 'W środę <!channel> *rano*.', en: 'On Wednesday <!channel> *early*.' },
      reminders: { count: 0, everyHours: 24 },
    });
    await tap(person, said.read);
    await sees(person, `[${said.undo}]`);
    expect(screen(person)).toContain('<!channel> *');
    const { counts } = await api<{ counts: object }>('GET', `/announcements/${id}`);
    expect(counts).toMatchObject({ recipients: 1, confirmed: 1 });

    const poll = await api<{ id: string }>('POST', '/polls', {
      question: { pl: 'Kiedy?', en: 'When?' },
      options: ['A1', 'B2', 'C3'].map((o) => ({ pl: o, en: o })),
      ...{
        multiple: true,
        anonymous: false,
        showResults: 'never',
        audience,
        urgent: true,
        reminders: { count: 0, everyHours: 24 },
      },
      closesAt: new Date(Date.now() + 86_400_000).toISOString(),
    });
    for (const label of ['C3', 'A1', said.submit]) await tap(person, label);
    await sees(person, said.yourAnswer);
    expect(screen(person)).toContain(`${said.yourAnswer}A1, C3`);
    expect(poll.id).not.toBe('');

    await person.command(said.report.slice(1));
    await sees(person, said.reportWhat);
    const field = pressable(person.last()).find((e) => e.actionId.startsWith('write-'));
    await person.press(field?.label ?? '');
    await until(() => person.user.view !== null);
    await person.submit('Brama się zacina');
    await tap(person, said.infrastructure);
    await tap(person, said.onlyStaff);
    await until(() => said.taken.test(screen(person)));
    expect(slack.socket.violations).toEqual([]);
  });
});

it('an announcement is posted in a channel too, and a press there counts for whoever presses', async () => {
  const { person, memberId } = await joined('Osoba w kanale', 'pl');
  const groupId = await knownGroup();
  const { workspace } = slack.platform;
  const posts = () => workspace.messages.filter((m) => m.channel === room.id && m.from === 'bot');
  const { id } = await api<{ id: string }>('POST', '/announcements', {
    ...{ title: { pl: 'Próba syren', en: 'Siren test' }, text: { pl: 'W środę.', en: 'On Wednesday.' } },
    ...{ audience: { members: [memberId] }, groups: [groupId], confirm: true, urgent: true },
    reminders: { count: 0, everyHours: 24 },
  });
  await sees(person, `[${words.pl.read}]`);
  await until(() => posts().length === 1, 15_000, 'the post');
  await person.pressIn(room, 'Przeczytane ✓ / Read ✓');
  await until(() => workspace.asides.some((a) => a.user === person.id && a.channel === room.id));
  await sees(person, `[${words.pl.undo}]`);
  expect(await api('GET', `/announcements/${id}`)).toMatchObject({
    counts: { recipients: 1, accepted: 1, confirmed: 1 },
    groups: [{ group: { id: groupId }, status: 'accepted' }],
  });
});
