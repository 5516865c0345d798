import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeEvent } from '../../core/inbox.ts';
import { saveMember } from '../../core/members/member.ts';
import { updateNetwork } from '../../core/network/settings.ts';
import { listReplies } from '../../core/replies/list.ts';
import { addReply } from '../../core/replies/replies.ts';
import { type Browser, hidden, openConsole, plain, type TestConsole } from './support.ts';

let t: TestConsole;
let staff: Browser;
beforeEach(async () => {
  t = await openConsole();
  await t.tc.core.transaction((unit) => updateNetwork(unit, { name: 'Sieć Przykładowa' }, 1));
  staff = await t.signedIn('staff');
});
afterEach(() => t.close());

const words = {
  'title.pl': 'Zamknięcie parkingu',
  'text.pl': 'W piątek 27 listopada parking będzie zamknięty.',
  'title.en': 'Car park closed',
  'text.en': 'On Friday 27 November the car park is closed.',
  confirm: 'on',
  replies: 'on',
  reminderCount: '2',
  reminderEvery: '24',
  when: 'now',
};

async function sent(fields: Record<string, string> = words): Promise<string> {
  const preview = await plain(await staff.post('/announcements/preview', fields));
  const answer = await staff.post('/announcements', hidden(preview));
  expect(answer.status).toBe(303);
  return answer.headers.get('location') ?? '';
}

/** Sent, and a member wrote back; its page. */
async function sentAndAnswered(memberId: string, text: string): Promise<string> {
  const path = await sent();
  await t.settle();
  const subjectId = path.split('/').at(-1) ?? '';
  await t.tc.core.transaction((unit) =>
    addReply(unit, { subjectKind: 'announcement', subjectId, memberId, text }),
  );
  return path;
}

describe('composing', () => {
  test('the preview shows both languages, every messenger, how many it reaches and who not, and sends nothing', async () => {
    await t.joined('Osoba A');
    await t.joined('Osoba B', 'telegram', 'en');
    await t.change((unit) => saveMember(unit, { name: 'Osoba C', role: 'member', language: 'pl', tags: [] }));
    const page = await plain(await staff.post('/announcements/preview', words));
    expect(page.match(/class="phone( telegram)?"/g)).toHaveLength(4);
    for (const text of ['Zamknięcie parkingu', 'Car park closed', 'Przeczytane ✓', 'Read ✓']) {
      expect(page).toContain(text);
    }
    expect(page).toContain('2 z 3 osób');
    expect(page).toContain('osoba jeszcze nie dołączyła – 1');
    expect(await t.tc.core.db.selectFrom('announcement').selectAll().execute()).toEqual([]);
  });

  test('whom it cannot reach any more the report and their own page say how to be reached again, messenger by messenger', async () => {
    const id = await t.joined('Osoba A', 'discord');
    await t.joined('Osoba B', 'webchat');
    await takeEvent(t.tc.core, {
      ...{ channel: 'discord', externalId: 'discord-Osoba A', externalEventId: 'e1', type: 'blocked' },
    });
    const path = await sent();
    await t.settle();
    for (const page of [await plain(await staff.get(path)), await plain(await staff.get(`/members/${id}`))]) {
      expect(page).toContain('po pierwszej wiadomości do bota wysyłka wraca sama');
      expect(page).toContain('Discord: być na serwerze');
      expect(page).not.toContain('Telegram: odblokować bota');
    }
    expect(await staff.text(path)).toContain('Osoba A');
  });

  test('what was sent is what was previewed, and the report counts it', async () => {
    const id = await t.joined('Osoba A');
    const path = await sent();
    await t.settle();
    const [message] = t.tc.channels.webchat.to('webchat-Osoba A');
    expect(JSON.stringify(message?.blocks)).toContain('Zamknięcie parkingu');
    const report = await staff.text(path);
    expect(report).toContain('Ogłoszenie jest w drodze');
    expect(report).toContain('przekazane, bez potwierdzenia <strong>1</strong>');
    expect(report).toContain('Bez potwierdzenia: 1 osoba');
    expect(report).toContain(`/members/${id}`);
    expect(await staff.text(path)).not.toContain('Ogłoszenie jest w drodze');
  });

  test('a button pressed twice sends once', async () => {
    await t.joined('Osoba A');
    const preview = await plain(await staff.post('/announcements/preview', words));
    const first = await staff.post('/announcements', hidden(preview));
    const second = await staff.post('/announcements', hidden(preview));
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(await t.tc.core.db.selectFrom('announcement').selectAll().execute()).toHaveLength(1);
  });

  test('languages that differ are shown and leave only on purpose', async () => {
    await t.joined('Osoba A');
    const different = { ...words, 'text.en': 'On Friday 28 November the car park is closed.' };
    const preview = await plain(await staff.post('/announcements/preview', different));
    expect(preview).toContain('Wersje językowe różnią się');
    const refused = await staff.post('/announcements', hidden(preview));
    expect(refused.status).toBe(422);
    const again = await plain(refused);
    expect(again).toContain('role="alert"');
    expect(again).toContain('href="#f-overrideParity"');
    expect(again).toContain('id="f-overrideParity"');
    const meant = await staff.post('/announcements', { ...hidden(again), overrideParity: 'on' });
    expect(meant.status).toBe(303);
  });

  test('what is wrong is said at its field and nothing typed is lost', async () => {
    const answer = await staff.post('/announcements/preview', { ...words, link: 'nonsense' });
    expect(answer.status).toBe(422);
    const page = await plain(answer);
    expect(page).toContain('id="f-link-error"');
    expect(page).toContain('value="Zamknięcie parkingu"');
    const untitled = { ...words, 'title.pl': '', 'title.en': '' };
    const bare = await plain(await staff.post('/announcements/preview', untitled));
    expect(bare).toContain('href="#f-title-pl"');
    expect(bare).toContain('id="f-title-pl-error"');
    const late = await staff.post('/announcements/preview', { ...words, when: 'later', sendAt: 'kiedyś' });
    expect(await plain(late)).toContain('id="f-sendAt-error"');
  });

  test('what would reach nobody now cannot be sent, and says so; it can wait for those who join until then', async () => {
    const preview = (more = {}) => staff.post('/announcements/preview', { ...words, ...more }).then(plain);
    const send = /<button type="submit" class="ds-button">/;
    const now = await preview();
    const pressed = await staff.post('/announcements', hidden(now));
    expect(await plain(pressed)).toMatch(/role="alert"[^>]*>Teraz nikt nie dostanie/);
    expect(now).toContain('Teraz nikt nie dostanie tej wiadomości');
    expect(now).not.toMatch(send);
    const later = await preview({ when: 'later', sendAt: '2026-11-24T09:30' });
    expect(later).toMatch(send);
    await t.joined('Osoba A');
    await t.change((unit) => saveMember(unit, { name: 'Osoba B', role: 'member', language: 'pl', tags: [] }));
    const reached = await preview();
    expect(reached).toContain('Wyślij do 1 osoby');
    expect(reached).not.toContain('Teraz nikt nie dostanie');
  });

  test('a time is taken on the network’s clock', async () => {
    const page = await plain(
      await staff.post('/announcements/preview', { ...words, when: 'later', sendAt: '2026-11-24T09:30' }),
    );
    expect(page).toContain('24 listopada 2026, godz. 09:30');
    await staff.post('/announcements', hidden(page));
    const row = await t.tc.core.db.selectFrom('announcement').select('send_at').executeTakeFirstOrThrow();
    expect(new Date(row.send_at).toISOString()).toBe('2026-11-24T08:30:00.000Z');
  });

  test('hostile, endless and strange texts come back as text', async () => {
    const hostile = '<script>alert(1)</script> *b* [x](javascript:1) \u202eltr 🎉';
    const page = await plain(
      await staff.post('/announcements/preview', { ...words, 'title.pl': hostile, 'title.en': hostile }),
    );
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script&gt;alert(1)');
    const long = await staff.post('/announcements/preview', { ...words, 'text.pl': 'ż'.repeat(10_000) });
    expect(long.status).toBe(422);
    expect(await plain(long)).toContain('id="f-text-pl-error"');
    const empty = await staff.post('/announcements/preview', {});
    expect(empty.status).toBe(422);
  });

  test('a picture is kept over the preview and shown only to staff', async () => {
    await t.joined('Osoba A');
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const file = new File([png], 'plan.png', { type: 'image/png' });
    const page = await plain(
      await staff.post('/announcements/preview', { ...words, attachment: file } as never),
    );
    const path = /src="(\/attachments\/[^"]+)"/.exec(page)?.[1] ?? '';
    const picture = await staff.get(path);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(picture.headers.get('content-security-policy')).toContain('sandbox');
    expect((await t.browser().get(path)).status).toBe(303);
    await staff.post('/announcements', hidden(page));
    const row = await t.tc.core.db
      .selectFrom('announcement')
      .select(['id', 'attachment_id'])
      .executeTakeFirstOrThrow();
    expect(path).toContain(row.attachment_id ?? 'none');
    expect(await staff.text(`/announcements/${row.id}`)).toContain('>plan.png</a>');
  });

  test('the audience ticked is counted as it is ticked', async () => {
    await t.joined('Osoba A', 'webchat', 'pl');
    await t.joined('Osoba B', 'webchat', 'en');
    const english = await plain(await staff.post('/audience/reach', { 'audience.languages': 'en' }));
    expect(english).toContain('1 osoba');
    const rest = await plain(await staff.post('/audience/reach', { 'except.languages': ['en'] }));
    expect(rest).toContain('1 osoba');
  });
});

describe('the report', () => {
  test('what staff stopped before it left is no failure that waits for attention', async () => {
    await t.joined('Osoba A');
    await t.change((unit) => updateNetwork(unit, { quietFrom: '00:00', quietTo: '23:59' }, 2));
    const path = await sent();
    await t.settle();
    await staff.submit(`${path}/stop`);
    expect(await staff.text(path)).toContain('nie udało się <strong>1</strong>');
    expect(await staff.text('/')).not.toContain('nieudan');
  });

  test('is paused, resumed and stopped from its page', async () => {
    await t.joined('Osoba A');
    const path = await sent({ ...words, when: 'later', sendAt: '2026-11-24T09:30' });
    expect(await staff.submit(`${path}/pause`)).toContain('Wysyłka jest wstrzymana');
    expect(await staff.submit(`${path}/resume`)).toContain('Wysyłka trwa dalej');
    expect(await staff.submit(`${path}/stop`)).toContain('Wysyłka jest zatrzymana');
    expect(await staff.submit(`${path}/resume`)).toContain('To ogłoszenie nie jest wstrzymane');
  });

  test('offers to stop only what has yet to leave, be it a reminder', async () => {
    await t.joined('Osoba A');
    const reminding = await sent();
    const done = await sent({ ...words, reminderCount: '0' });
    await t.settle();
    expect(await staff.text(reminding)).toContain(`action="${reminding}/stop"`);
    const page = await staff.text(done);
    expect(page).toContain('wysłane');
    expect(page).not.toContain(`action="${done}/stop"`);
  });

  test('says of each branch, language and messenger who was reached, who wrote back and who was not', async () => {
    const memberId = await t.joined('Osoba A');
    const path = await sentAndAnswered(memberId, 'A dostawcy?');
    const [, ...groups] = (await staff.text(path)).split('fold-card');
    const words = groups.map((group) => group.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' '));
    expect(words[0]).toMatch(/bez branży .*bez potwierdzenia 1 .*Z odpowiedzią 1/);
    expect(words[2]).toMatch(/czat na stronie .*bez potwierdzenia 1 .*Z odpowiedzią 1/);
  });

  test('two people correcting at once: the slower one is told and keeps their words', async () => {
    await t.joined('Osoba A');
    const path = await sent();
    const form = hidden(await staff.text(`${path}/correct`));
    const other = await t.signedIn('staff');
    const first = await other.post(`${path}/correct`, { ...form, ...words, 'title.pl': 'Pierwsza poprawka' });
    expect(first.status).toBe(303);
    const second = await staff.post(`${path}/correct`, { ...form, ...words, 'title.pl': 'Druga poprawka' });
    expect(second.status).toBe(422);
    const page = await plain(second);
    expect(page).toContain('Teraz zapisane: Pierwsza poprawka');
    expect(page.match(/Teraz zapisane/g)).toHaveLength(1);
    expect(page).toContain('value="Druga poprawka"');
    expect((await staff.post(`${path}/correct`, { ...hidden(page), ...words })).status).toBe(303);
  });

  test('a reply is answered on the page and reaches the messenger', async () => {
    const memberId = await t.joined('Osoba A');
    const path = await sentAndAnswered(memberId, 'A dostawcy?');
    const [reply] = (await listReplies(t.tc.core.db, { open: true })).items;
    expect(await staff.text(path)).toContain('A dostawcy?');
    const page = await staff.submit(`/replies/${reply?.id}/answer`, {
      back: path,
      [`text-${reply?.id}`]: 'Dostawcy od bramy wschodniej.',
    });
    expect(page).toContain('Odpowiedź jest w drodze');
    expect(page).toContain('Dostawcy od bramy wschodniej.');
    await t.settle();
    expect(JSON.stringify(t.tc.channels.webchat.to('webchat-Osoba A').at(-1)?.blocks)).toContain(
      'Dostawcy od bramy wschodniej.',
    );
    expect((await listReplies(t.tc.core.db, { open: true })).items).toEqual([]);
  });

  test('its CSV opens in a spreadsheet and runs nothing there', async () => {
    await t.joined('=HYPERLINK("x")');
    const path = await sent();
    await t.settle();
    const file = await staff.get(`${path}.csv`);
    expect(file.headers.get('content-type')).toContain('text/csv');
    const bytes = Buffer.from(await file.arrayBuffer());
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
    const text = bytes.toString();
    expect(text).toContain('Osoba;Firma;');
    expect(text).toContain(`'=HYPERLINK`);
  });

  test('unknown ones are missing pages, not faults', async () => {
    for (const path of ['/announcements/none', '/announcements/none.csv', '/announcements/none/correct']) {
      expect((await staff.get(path)).status).toBe(404);
    }
    expect(t.faults).toEqual([]);
  });
});
