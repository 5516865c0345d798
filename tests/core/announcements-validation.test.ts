import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnnouncementDraft } from '../../core/announcements/announcement.ts';
import { addAttachment } from '../../core/announcements/attachment.ts';
import { createAnnouncement } from '../../core/announcements/create.ts';
import { previewAnnouncement } from '../../core/announcements/preview.ts';
import { checkDraft, ParityError } from '../../core/announcements/validate.ts';
import { DomainError } from '../../core/domain-error.ts';
import { updateNetwork } from '../../core/network/settings.ts';
import { findAnnouncement } from '../../core/store/announcements.ts';
import { findAttachmentInfo } from '../../core/store/attachments.ts';
import { openMomentsOf } from '../../core/store/due-moments.ts';
import { resolve, say } from '../../core/text.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addCompany, addPerson, announce, buttonsOf, draft, wordsOf } from './announcements-support.ts';

let t: TestCore;

beforeEach(async () => {
  t = await openTestCore('2026-11-23T10:00:00Z');
});
afterEach(() => t.close());

/** At a time when others may have joined, since nobody has yet. */
const create = (change: Partial<AnnouncementDraft>) =>
  t.core.transaction((unit) => createAnnouncement(unit, { ...draft, sendAt: unit.now + 1, ...change }, null));

async function refusal(change: object): Promise<DomainError> {
  try {
    await create(change as Partial<AnnouncementDraft>);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

it.each([
  ['park.example/plan', 'https://park.example/plan'],
  ['www.park.example', 'https://www.park.example'],
  ['park.example:8080/plan', 'https://park.example:8080/plan'],
  ['http://intranet/plan', 'http://intranet/plan'],
])('takes the link %s as %s', (link, expected) => {
  const draft = { title: { pl: 'x' }, text: { pl: 'x' }, confirm: false, link };
  expect(checkDraft(draft, 0).link).toBe(expected);
});

describe('what is refused, naming the field', () => {
  it.each([
    [{ title: {} }, 'titleEmpty', 'title'],
    [{ title: { pl: ' \n ' } }, 'titleEmpty', 'title'],
    [{ text: { pl: '', en: '' } }, 'textEmpty', 'text'],
    [{ title: { pl: 'x'.repeat(201), en: 'x' } }, 'titleLong', 'title.pl'],
    [{ text: { pl: 'x', en: 'x'.repeat(3501) } }, 'textLong', 'text.en'],
    [{ text: { pl: 'x'.repeat(10_000) } }, 'textLong', 'text.pl'],
    [{ link: 'javascript:alert(1)' }, 'link', 'link'],
    [{ link: 'not a link' }, 'link', 'link'],
    [{ link: 'wici' }, 'link', 'link'],
    [{ link: 'ftp://wici.example/a' }, 'link', 'link'],
    [{ link: `https://wici.example/${'a'.repeat(2000)}` }, 'link', 'link'],
    [{ sendAt: Number.NaN }, 'sendAt', 'sendAt'],
    [{ reminders: { count: 6, everyHours: 24 } }, 'reminderCount', 'reminders.count'],
    [{ reminders: { count: -1, everyHours: 24 } }, 'reminderCount', 'reminders.count'],
    [{ reminders: { count: 1.5, everyHours: 24 } }, 'reminderCount', 'reminders.count'],
    [{ reminders: { count: 1, everyHours: 0 } }, 'reminderHours', 'reminders.everyHours'],
    [{ reminders: { count: 1, everyHours: 169 } }, 'reminderHours', 'reminders.everyHours'],
    [{ audience: { branches: ['mining'] } }, 'audienceUnknown', 'audience.branches'],
    [{ audience: { except: { companies: ['none'] } } }, 'audienceUnknown', 'audience.except.companies'],
    [{ audience: { members: ['none'] } }, 'audienceUnknown', 'audience.members'],
    [{ audience: { roles: ['king'] } }, 'audience', 'audience.roles'],
    [{ audience: { languages: 'pl' } }, 'audience', 'audience.languages'],
    [{ audience: { everyone: [] } }, 'audience', 'audience.everyone'],
    [{ audience: { except: { except: {} } } }, 'audience', 'audience.except.except'],
    [{ attachmentId: 'none' }, 'attachmentUnknown', 'attachmentId'],
  ])('%j', async (change, key, field) => {
    const error = await refusal(change);
    expect(error).toMatchObject({ key: `announcements:errors.${key}`, field });
    for (const language of ['pl', 'en'] as const) {
      expect(resolve(t.core.texts, language, say(error.key, error.params))).not.toContain('{{');
    }
  });
});

describe('what is filled in', () => {
  it('two reminders a day apart when confirmation is asked, none otherwise', async () => {
    const asked = await findAnnouncement(t.database.db, (await create({})).id);
    expect(asked).toMatchObject({ reminder_count: 2, reminder_every_hours: 24, replies: 1, urgent: 0 });
    const plain = await findAnnouncement(t.database.db, (await create({ confirm: false })).id);
    expect(plain).toMatchObject({ reminder_count: 0 });
  });

  it('a past time is now', async () => {
    await addPerson(t, { id: 'ada' });
    const { id, status } = await create({ sendAt: 0 });
    expect(status).toBe('scheduled');
    expect((await openMomentsOf(t.database.db, id)).map((m) => m.at)).toEqual([t.clock.now()]);
  });

  it('texts are tidied, strange ones kept as they are', async () => {
    const title = { pl: '  <b>Ważne</b>\n*teraz*  ', en: '🚀🚀' };
    const row = await findAnnouncement(
      t.database.db,
      (await create({ title, text: { pl: 'שלום עולם', en: 'a\u0000b' } })).id,
    );
    expect(row).toMatchObject({
      title_pl: '<b>Ważne</b> *teraz*',
      title_en: '🚀🚀',
      text_pl: 'שלום עולם',
      text_en: 'ab',
    });
  });
});

describe('parity', () => {
  const differing = { text: { pl: 'Spotkanie o godz. 14:00, sala 3', en: 'Meeting at 3 pm, room 3' } };

  it('is refused with what differs, in words', async () => {
    const error = await refusal(differing);
    expect(error).toBeInstanceOf(ParityError);
    expect((error as ParityError).problems).toEqual([
      { kind: 'dates', part: 'text', pl: ['14:00'], en: ['15:00'] },
    ]);
    expect(resolve(t.core.texts, 'en', say(error.key, error.params))).toContain(
      '14:00 in Polish, 15:00 in English',
    );
    expect(resolve(t.core.texts, 'pl', say(error.key, error.params))).toContain('po polsku 14:00');
  });

  it('is refused when a language is missing, and sent when that is meant', async () => {
    const polish = { title: { pl: 'Tytuł' }, text: { pl: 'Treść' } };
    expect((await refusal(polish)).key).toBe('announcements:errors.parity');
    await addPerson(t, { id: 'bob', language: 'en' });
    await announce(t, { ...polish, overrideParity: true });
    await t.settle();
    expect(wordsOf(t.channels.webchat.to('bob')[0])[0]).toBe('Tytuł');
  });

  it('is not asked of a network that speaks one language', async () => {
    await t.core.transaction((unit) => updateNetwork(unit, { languages: ['pl'] }, 1));
    await create({ title: { pl: 'Tytuł' }, text: { pl: 'Treść' } });
  });
});

describe('an attachment', () => {
  const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2]);
  const add = (fileName: string, contentType: string, data: Uint8Array) =>
    t.core.transaction((unit) => addAttachment(unit, { fileName, contentType, data }));

  it('is a picture when its bytes are, whatever it says', async () => {
    const info = await findAttachmentInfo(t.database.db, await add('../a/plan.png', 'text/html', png));
    expect(info).toMatchObject({ kind: 'image', content_type: 'image/png', file_name: 'plan.png', size: 10 });
  });

  it('is a harmless file otherwise', async () => {
    const html = Buffer.from('<script>');
    expect(await findAttachmentInfo(t.database.db, await add('a.html', 'text/html', html))).toMatchObject({
      kind: 'file',
      content_type: 'application/octet-stream',
    });
    const pdf = await add('plan.pdf', 'application/pdf', Buffer.from('%PDF-'));
    expect(await findAttachmentInfo(t.database.db, pdf)).toMatchObject({ content_type: 'application/pdf' });
  });

  it('is refused when empty or too large', async () => {
    await expect(add('a', 'text/plain', new Uint8Array())).rejects.toMatchObject({
      key: 'announcements:errors.attachmentEmpty',
    });
    await expect(add('a', 'text/plain', new Uint8Array(10_000_001))).rejects.toMatchObject({
      key: 'announcements:errors.attachmentLarge',
    });
  });

  it('travels with the message, the link beside it', async () => {
    await addPerson(t, { id: 'ada' });
    const attachmentId = await add('plan.png', 'image/png', png);
    await announce(t, { attachmentId, link: 'https://wici.example/plan' });
    await t.settle();
    const [message] = t.channels.webchat.to('ada');
    const image = message?.blocks.find((b) => b.type === 'image');
    expect(image).toMatchObject({ alt: 'Przegląd dźwigów', media: { fileName: 'plan.png' } });
    expect(Buffer.from(image?.type === 'image' ? image.media.data : [])).toEqual(Buffer.from(png));
    expect(buttonsOf(message)).toEqual(['confirm', 'https://wici.example/plan', 'reply']);
  });
});

describe('a preview', () => {
  it('shows each language, the reach and the problems, and writes nothing', async () => {
    await addCompany(t, 'c1', 'ict');
    await addPerson(t, { id: 'ada', company: 'c1', accounts: ['telegram'] });
    await addPerson(t, { id: 'bob', company: 'c1' });
    await addPerson(t, { id: 'eve', status: 'listed', accounts: [] });
    const preview = await t.core.transaction((unit) =>
      previewAnnouncement(unit, { ...draft, text: { pl: '3', en: '4' } }),
    );
    expect(preview.reach).toEqual({
      people: 3,
      companies: 1,
      reachable: 2,
      byChannel: { telegram: 1, webchat: 1 },
      unreachable: { notJoined: 1 },
    });
    expect(preview.problems.map((p) => p.kind)).toEqual(['numbers']);
    expect(preview.messages.map((m) => m.language)).toEqual(['pl', 'en']);
    expect(preview.messages[1]?.blocks[0]).toEqual({ type: 'text', style: 'title', text: 'Lift inspection' });
    const { db } = t.database;
    expect(await db.selectFrom('announcement').select('id').execute()).toEqual([]);
  });
});
