import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ChannelError } from '../../core/channels/channel-error.ts';
import { updateNetwork } from '../../core/network/settings.ts';
import { addGroup, hall, pressIn, shownIn } from '../core/groups-support.ts';
import { type Browser, hidden, openConsole, plain, type TestConsole } from './support.ts';

let t: TestConsole;
let staff: Browser;
let group: string;
beforeEach(async () => {
  t = await openConsole();
  await t.tc.core.transaction((unit) => updateNetwork(unit, { name: 'Sieć Przykładowa' }, 1));
  staff = await t.signedIn('staff');
  group = await addGroup(t.tc);
});
afterEach(() => t.close());

const words = {
  ...{ 'title.pl': 'Zamknięcie parkingu', 'text.pl': 'Parking będzie zamknięty.' },
  ...{ 'title.en': 'Car park closed', 'text.en': 'The car park is closed.' },
  ...{ confirm: 'on', reminderCount: '0', reminderEvery: '24', when: 'now' },
};

describe('announcements in groups', () => {
  test('are chosen in the composer, kept by the preview, posted, and reported apart from people', async () => {
    await t.joined('Osoba A');
    const form = await staff.text('/announcements/new');
    expect(form).toContain('#ogłoszenia, Telegram');
    const preview = await plain(await staff.post('/announcements/preview', { ...words, groups: group }));
    expect(preview).toContain('#ogłoszenia');
    const answer = await staff.post('/announcements', hidden(preview));
    await t.settle();
    expect(shownIn(t.tc)).toHaveLength(1);
    const report = await staff.text(answer.headers.get('location') ?? '');
    expect(report).toMatch(/W.grupach/);
    expect(report).toContain('zamieszczone');
    expect(report).toContain('przekazane, bez potwierdzenia <strong>1</strong>');
  });

  test('that cannot be posted say why, what to do, and are tried again', async () => {
    t.tc.channels.telegram.failures.push(new ChannelError('RecipientGone', 'not_in_channel'));
    const preview = await plain(await staff.post('/announcements/preview', { ...words, groups: group }));
    const path = (await staff.post('/announcements', hidden(preview))).headers.get('location') ?? '';
    await t.settle();
    const report = await staff.text(path);
    expect(report).toMatch(/Wici nie może pisać w.tej grupie/);
    expect(report).toMatch(/Dodaj bota do.grupy ponownie/);
    expect((await staff.post(`${path}/groups/${group}/post`, {})).status).toBe(303);
    await t.settle();
    expect(shownIn(t.tc)).toHaveLength(1);
    expect(await staff.text(path)).toContain('zamieszczone');
  });
});

describe('the groups of a messenger', () => {
  test('are listed, looked for again, and get a Join button that is an invitation', async () => {
    t.tc.channels.telegram.letIn.push({ externalId: 'G2', title: 'Nowa grupa', place: 'Serwer' });
    expect(await staff.text('/messengers/telegram')).not.toContain('Nowa grupa');
    expect((await staff.post('/messengers/telegram/groups', {})).status).toBe(303);
    expect(await staff.text('/messengers/telegram')).toContain('Nowa grupa (Serwer)');
    expect((await staff.post(`/messengers/telegram/groups/${group}/join`, {})).status).toBe(303);
    await t.settle();
    const page = await staff.text('/messengers/telegram');
    const [, invitation = ''] = /href="(\/invitations\/[^"]+)"/.exec(page) ?? [];
    expect(await staff.text(invitation)).toMatch(/Grupa: #ogłoszenia/);
    expect(await staff.text('/invitations')).toMatch(/Grupa: #ogłoszenia/);
    const press = { who: 'x', button: 'join', message: shownIn(t.tc, hall)[0] };
    expect((await pressIn(t.tc, press))?.invitation).toBeDefined();
    await staff.post(`${invitation}/revoke`, {});
    expect((await pressIn(t.tc, press))?.invitation).toBeUndefined();
  });

  test('stay as they are known while the messenger does not say', async () => {
    t.tc.channels.telegram.groups = async () => null;
    expect(await staff.submit('/messengers/telegram/groups')).toMatch(/nie podał teraz listy grup/);
    expect(await staff.text('/messengers/telegram')).toContain('#ogłoszenia');
  });

  test('are none where a messenger has none', async () => {
    expect(await staff.text('/messengers/webchat')).not.toContain('Sprawdź ponownie');
  });
});
