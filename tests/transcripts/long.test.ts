import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { correctAnnouncement } from '../../core/announcements/correct.ts';
import { announcementReport, createAnnouncement } from '../../core/announcements/index.ts';
import { createInvitation } from '../../core/invitations/invitation.ts';
import { listReplies } from '../../core/replies/list.ts';
import { openScreen, type Screen } from './screen.ts';
import { messengers } from './stages.ts';

const middle = 'Parking zamykamy o szóstej. '.repeat(110);
const title = { pl: 'Remont', en: 'Works' };
const saying = (first: string, words = middle) => ({
  title,
  text: { pl: `${first} ${words}Koniec.`, en: `${first} ${words}Koniec.` },
});

describe.each(Object.keys(messengers))('the longest announcement on %s', (name) => {
  let screen: Screen;
  let id: string;
  beforeEach(async () => {
    const stage = messengers[name];
    if (!stage) throw new Error('no such messenger');
    screen = await openScreen(stage);
    const { core } = screen.test;
    const { code } = await core.transaction((unit) =>
      createInvitation(unit, { kind: 'personal', name: 'Anna Przykładowa' }),
    );
    await screen.verify([
      [`/start ${code}`, '[Polski]'],
      ['[Polski]', '[Zgadzam się, dołączam]'],
      ['[Zgadzam się, dołączam]', 'Gotowe'],
    ]);
    const announcement = { ...saying('Dawny początek.'), confirm: true, urgent: true };
    ({ id } = await core.transaction((unit) => createAnnouncement(unit, announcement, null)));
    await screen.test.settle();
    const shown = await screen.news();
    for (const part of ['Dawny początek', 'Koniec.', '[Przeczytane ✓]']) expect(shown).toContain(part);
  });
  afterEach(() => screen?.close());

  it('is answered at its beginning as at its end', async () => {
    await screen.verify([
      [{ reply: 'A w budynku B?', to: 'Dawny początek' }, 'Mamy Twoją odpowiedź'],
      [{ reply: 'A w budynku C?', to: 'Koniec.' }, 'Mamy Twoją odpowiedź'],
    ]);
    expect((await listReplies(screen.test.core.db, { open: true })).items).toHaveLength(2);
  });

  it.each([
    ['as long', middle],
    ['short', ''],
  ])('corrected and now %s shows nothing of what it said before, and can be confirmed', async (_, words) => {
    const { core } = screen.test;
    await core.transaction((unit) => correctAnnouncement(unit, id, saying('Nowy początek.', words), 1));
    await screen.test.settle();
    const shown = await screen.news();
    for (const part of ['Nowy początek', 'Koniec.', '[Przeczytane ✓]']) expect(shown).toContain(part);
    await expect(screen.does({ reply: 'x', to: 'Dawny początek' })).rejects.toThrow('no message');
    await screen.verify([['[Przeczytane ✓]', '[Cofnij]']]);
    expect((await announcementReport(core.db, id)).counts).toMatchObject({ confirmed: 1 });
    if (words === '') await expect(screen.does({ reply: 'x', to: 'Parking' })).rejects.toThrow('no message');
  });
});
