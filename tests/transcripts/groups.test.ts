import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAnnouncement } from '../../core/announcements/create.ts';
import { announcementReport } from '../../core/announcements/report.ts';
import { postJoinButton } from '../../core/groups/join-button.ts';
import { createInvitation, openLinkCode } from '../../core/invitations/invitation.ts';
import { listMembers } from '../../core/members/view.ts';
import { updateNetwork } from '../../core/network/settings.ts';
import type { Unit } from '../../core/unit.ts';
import { type OneScreen, openPlaces, type Place, type Places, type Room } from './screen.ts';
import { messengers } from './stages.ts';

/** What is read in the group, in both languages whoever reads. */
const post = ['Próba syren', 'W środę usłyszysz syreny.', 'Siren test', 'On Wednesday you will hear sirens.'];
const confirm = 'Przeczytane ✓ / Read ✓';
const invitation = ['Dołącz do sieci: Wici', 'Join Wici', 'Nobody who does not press is sent anything.'];
const join = 'Dołącz / Join';

const words = {
  pl: {
    choose: '[Polski]',
    agree: '[Zgadzam się, dołączam]',
    consent: 'Twoja zgoda',
    welcome: 'Gotowe, jesteś w sieci',
    read: '[Przeczytane ✓]',
    undo: '[Cofnij]',
    confirmed: 'Potwierdzone. Dziękujemy.',
    already: 'To ogłoszenie jest już przez Ciebie potwierdzone.',
    notForYou: 'To ogłoszenie nie jest adresowane do Ciebie, więc nie trzeba go potwierdzać.',
    invitedOnly: 'Do sieci „Wici” dołącza się z zaproszeniem.',
    thisWay: 'Twoje potwierdzenie nie zostało policzone. Tędy można dołączyć',
    typed: 'wpisując tam kod, który stoi po znaku #',
    inPrivate: 'Dalszy ciąg czeka w prywatnej rozmowie z Wici.',
    company: 'Z jakiej firmy jesteś?',
    notListed: '[Nie ma jej na liście]',
    member: 'Jesteś już w sieci „Wici”',
  },
  en: {
    choose: '[English]',
    agree: '[I agree, let me join]',
    consent: 'Just your consent is left',
    welcome: 'Done, you are in the network',
    read: '[Read ✓]',
    undo: '[Undo]',
    confirmed: 'Confirmed. Thank you.',
    already: 'You have confirmed this announcement already.',
    notForYou: 'This announcement is not addressed to you, so there is nothing to confirm.',
    invitedOnly: 'Joining Wici takes an invitation.',
    thisWay: 'Your press was not counted. This is the way to join',
    typed: 'type there the code that stands after #',
    inPrivate: 'It goes on in your private conversation with Wici.',
    company: 'Which company are you from?',
    notListed: '[It is not on the list]',
    member: 'You are in Wici already',
  },
} as const;

const cases = ['Telegram', 'Slack', 'Discord'].flatMap((name) =>
  (['pl', 'en'] as const).map((language) => [name, language] as const),
);

describe.each(cases)('in a group on %s, in %s', (name, language) => {
  const says = words[language];
  let all: Places;
  let place: Place;
  let room: Room;
  beforeEach(async () => {
    const stage = messengers[name];
    all = await openPlaces(stage ? [stage] : []);
    [place] = all.places as [Place];
    room = await place.room('ogloszenia');
  });
  afterEach(() => all?.close());

  const change = <T>(work: (unit: Unit) => Promise<T>) => all.test.core.transaction(work);

  async function joined(person: string): Promise<{ screen: OneScreen; id: string }> {
    const screen = await place.newcomer(language);
    const { code } = await change((unit) => createInvitation(unit, { kind: 'personal', name: person }));
    await screen.verify([
      [`/start ${code}`, [person, '[Polski]', '[English]']],
      [says.choose, [says.consent, says.agree]],
      [says.agree, says.welcome],
    ]);
    const { items } = await listMembers(all.test.core.db, { search: person });
    return { screen, id: String(items[0]?.id) };
  }

  async function announceTo(memberId: string): Promise<string> {
    const texts = (at: 0 | 1) => ({ pl: String(post[at]), en: String(post[at + 2]) });
    const { id } = await change((unit) =>
      createAnnouncement(
        unit,
        {
          ...{ title: texts(0), text: texts(1), confirm: true, urgent: true },
          ...{ audience: { members: [memberId] }, groups: [room.id] },
        },
        null,
      ),
    );
    await all.test.settle();
    return id;
  }
  const counts = async (id: string) => (await announcementReport(all.test.core.db, id)).counts;

  it('a press confirms for whom the announcement is, once, and nothing for anybody else', async () => {
    const recipient = await joined('Anna Przykładowa');
    const outsider = await joined('Jan Przykładowy');
    const stranger = await place.newcomer(language);
    const id = await announceTo(recipient.id);
    const shown = await room.shows();
    for (const part of [...post, `[${confirm}]`]) expect(shown).toContain(part);
    expect(await recipient.screen.news()).toContain(says.read);

    expect(await outsider.screen.pressIn(room, confirm)).toContain(says.notForYou);
    expect(await stranger.pressIn(room, confirm)).toContain(says.invitedOnly);
    expect(await counts(id)).toMatchObject({ recipients: 1, confirmed: 0 });
    expect(await recipient.screen.pressIn(room, confirm)).toContain(says.confirmed);
    expect(await recipient.screen.pressIn(room, confirm)).toContain(says.already);
    expect(await counts(id)).toMatchObject({ recipients: 1, confirmed: 1 });

    // Their own card follows; the group's stays as it was, and nobody else was written to.
    expect(await recipient.screen.news()).toContain(says.undo);
    expect(await room.shows()).toBe(shown);
    expect([await outsider.screen.news(), await stranger.news()]).toEqual(['', '']);
  });

  it('a stranger who presses to confirm is shown the way in where everybody may join', async () => {
    await change((unit) => updateNetwork(unit, { joining: 'open' }, 1));
    const { id } = await joined('Anna Przykładowa');
    await announceTo(id);
    const stranger = await place.newcomer(language);
    const told = await stranger.pressIn(room, confirm);
    expect(told).toContain(says.thisWay);
    const code = await openLinkCode(all.test.core.db);
    expect(told).toContain(code);
    // What stands after # is handed over to nobody.
    expect(told.includes(says.typed)).toBe(told.includes(`#${code}`));
  });

  it('the Join button leads a stranger into their private conversation, and they join', async () => {
    const staff = await joined('Anna Przykładowa');
    await change((unit) => postJoinButton(unit, room.id, staff.id));
    await all.test.settle();
    const shown = await room.shows();
    for (const part of [...invitation, `[${join}]`]) expect(shown).toContain(part);

    const stranger = await place.newcomer(language);
    const told = await stranger.pressIn(room, join);
    const [, code] = /\?start=(\w+)$/.exec(told) ?? [];
    // Telegram lets nobody be written to first: the press opens the conversation, which its app begins with the code.
    if (code) await stranger.verify([[`/start ${code}`, ['[Polski]', '[English]']]]);
    else {
      expect(told).toContain(says.inPrivate);
      expect(await stranger.news()).toContain('[Polski]');
    }
    await stranger.verify([
      [says.choose, [says.company, says.notListed]],
      [says.notListed, [says.consent, says.agree]],
      [says.agree, says.welcome],
    ]);
    expect(await room.shows()).toBe(shown);
    expect(await stranger.pressIn(room, join)).toContain(says.inPrivate);
    expect(await stranger.news()).toContain(says.member);
  });
});
