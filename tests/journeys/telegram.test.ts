import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import {
  announce,
  counted,
  dataOf,
  type Invitation,
  type Items,
  invite,
  labelsOf,
  openWorld,
  Phone,
  textOf,
  type World,
} from './support.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.close());

const titles = { pl: 'Przegląd windy', en: 'Inspection of the lift' } as const;

// Side by side: most of the time is spent waiting out the rate of each person's chat.
describe.concurrent.each(['pl', 'en'] as const)('on Telegram, in language "%s"', (language) => {
  it('a person joins in two taps with the code of their invitation', async () => {
    const name = `Nowa Osoba ${language}`;
    const invitation = await invite(world, { name });
    expect(invitation.links.telegram).toBe(`https://t.me/wici_standin_bot?start=${invitation.code}`);
    const phone = new Phone(world, language);
    await phone.join(invitation.code, name);
    expect(phone.taps).toBe(2);
    const members = await world.wici.api<Items<object>>('GET', `/members?search=${encodeURIComponent(name)}`);
    expect(members.items).toMatchObject([
      { name, language, status: 'active', channels: [{ channel: 'telegram', status: 'open' }] },
    ]);
    const invitations = await world.wici.api<Items<Invitation>>('GET', '/invitations');
    expect(invitations.items.find((i) => i.code === invitation.code)?.state).toBe('joined');
  });

  it('an announcement is read back: once however often pressed, undone, and read again', async () => {
    const phone = await Phone.joined(world, `Czytająca Osoba ${language}`, language);
    const id = await announce(world, [phone], titles);
    const message = await phone.sees(titles[language]);
    expect(textOf(message)).not.toContain(titles[language === 'pl' ? 'en' : 'pl']);
    await counted(world, id, { recipients: 1, accepted: 1, confirmed: 0 });
    const { read, undo } = phone.words;
    const confirm = dataOf(message, read);
    // Two presses of one hand before the first one's answer is there.
    phone.person.pressData(confirm, message);
    phone.person.pressData(confirm, message);
    await phone.becomes(message, new RegExp(`${read} \\d{1,2}:\\d{2}`));
    expect(labelsOf(message)).toContain(undo);
    expect(labelsOf(message)).not.toContain(read);
    await phone.sees(phone.words.alreadyRead);
    await counted(world, id, { recipients: 1, accepted: 1, confirmed: 1 });
    const { items } = await world.wici.api<Items<object>>('GET', `/announcements/${id}/deliveries`);
    expect(items).toMatchObject([
      { status: 'confirmed', channel: 'telegram', language, member: { id: phone.memberId } },
    ]);
    await phone.tap(undo);
    await until(() => labelsOf(message).includes(read));
    expect(textOf(message)).not.toContain(read);
    await counted(world, id, { confirmed: 0 });
    await phone.tap(read);
    await counted(world, id, { confirmed: 1 });
    expect(phone.person.shown().filter((m) => textOf(m).includes(titles[language]))).toHaveLength(1);
  });

  it('a reply to an announcement stands with it', async () => {
    const phone = await Phone.joined(world, `Pytająca Osoba ${language}`, language);
    const id = await announce(world, [phone], titles);
    const message = await phone.sees(titles[language]);
    phone.person.say('A <b>schody</b> & rampa? 🛗', message.messageId);
    await phone.sees(phone.words.replyTaken);
    await counted(world, id, { replies: 1, confirmed: 0 });
    const { items } = await world.wici.api<Items<object>>('GET', `/announcements/${id}/replies`);
    expect(items).toMatchObject([{ text: 'A <b>schody</b> & rampa? 🛗', member: { id: phone.memberId } }]);
  });

  it('a barrier is reported, and what staff do with it comes back', async () => {
    const phone = await Phone.joined(world, `Zgłaszająca Osoba ${language}`, language);
    const { words } = phone;
    phone.person.say(words.report);
    await phone.sees(words.reportWhat);
    phone.person.say(`Brama się zacina (${language})`);
    await phone.sees(words.kind);
    await phone.tap(words.infrastructure);
    await phone.tap(words.onlyStaff);
    const number = Number(words.taken.exec(textOf(await phone.sees(words.taken)))?.[1]);
    const { items } = await world.wici.api<Items<{ id: string; number: number }>>('GET', '/barriers');
    const barrier = items.find((b) => b.number === number);
    expect(barrier).toMatchObject({
      text: `Brama się zacina (${language})`,
      kind: 'infrastructure',
      visibility: 'private',
      status: 'new',
      language,
      reporter: { id: phone.memberId },
    });
    const path = `/barriers/${barrier?.id}`;
    await world.wici.api('PATCH', path, { status: 'inProgress', note: 'Serwis przyjedzie jutro.' });
    const told = await phone.sees('Serwis przyjedzie jutro.');
    expect(textOf(told)).toContain(words.inProgress);
    expect(textOf(told)).toContain(String(number));
    phone.person.say('Dziś też się zacięła.', told.messageId);
    await phone.sees(words.added);
    await world.wici.api('POST', `${path}/messages`, { text: 'Mechanik już jest.' });
    await phone.sees('Mechanik już jest.');
    const { messages } = await world.wici.api<{ messages: object[] }>('GET', path);
    expect(messages).toMatchObject([
      { from: 'staff', status: 'inProgress', text: 'Serwis przyjedzie jutro.' },
      { from: 'reporter', text: 'Dziś też się zacięła.' },
      { from: 'staff', text: 'Mechanik już jest.' },
    ]);
  });

  it('/stop stops everything at once, and one tap brings it back', async () => {
    const phone = await Phone.joined(world, `Odchodząca Osoba ${language}`, language);
    const { words } = phone;
    phone.person.say('/stop');
    await phone.sees(words.stopped);
    const missed = await announce(world, [phone], { pl: 'Bez Ciebie', en: 'Without you' });
    await counted(world, missed, { recipients: 1, accepted: 0, unreachable: 1 });
    const { items } = await world.wici.api<Items<object>>('GET', `/announcements/${missed}/deliveries`);
    expect(items).toMatchObject([{ status: 'unreachable', reason: 'stopped' }]);
    await phone.tap(words.comeBack);
    await phone.sees(words.back);
    const next = await announce(world, [phone], titles);
    await phone.sees(titles[language]);
    await counted(world, next, { recipients: 1, accepted: 1 });
    expect(phone.screen()).not.toMatch(/Bez Ciebie|Without you/);
  });

  it('whoever blocks the bot is unreachable until they are back', async () => {
    const phone = await Phone.joined(world, `Blokująca Osoba ${language}`, language);
    phone.person.block();
    const missed = await announce(world, [phone], { pl: 'Bez Ciebie', en: 'Without you' });
    await counted(world, missed, { recipients: 1, accepted: 0, unreachable: 1 });
    const { items } = await world.wici.api<Items<object>>('GET', `/announcements/${missed}/deliveries`);
    expect(items).toMatchObject([{ status: 'unreachable', reason: 'blocked' }]);
    phone.person.start();
    const shown = phone.person.shown().length;
    await until(() => phone.person.shown().length > shown);
    const next = await announce(world, [phone], titles);
    await phone.sees(titles[language]);
    await counted(world, next, { accepted: 1 });
  });
});

describe.concurrent('on Telegram', () => {
  it('the language switches in the middle of a report, buttons and all that follows included', async () => {
    const phone = await Phone.joined(world, 'Dwujęzyczna Osoba');
    phone.person.say('/zglos Nie działa winda towarowa');
    await phone.sees('Czego to dotyczy?');
    phone.person.say('/jezyk');
    await phone.tap('English');
    const asked = await phone.sees('What is it about?');
    expect(labelsOf(asked)).toContain('staff and skills');
    await phone.tap('infrastructure');
    await phone.tap('Only the staff');
    await phone.sees(/Report no\. \d+ taken/);
    await announce(world, [phone], { pl: 'Nowy parking', en: 'New car park' });
    expect(labelsOf(await phone.sees('New car park'))).toContain('Read ✓');
  });

  it('the button of somebody else’s message confirms nothing, nor does data nobody made', async () => {
    const victim = await Phone.joined(world, 'Napadnięta Osoba');
    const forger = await Phone.joined(world, 'Podrabiająca Osoba', 'en');
    const id = await announce(world, [victim], titles);
    const message = await victim.sees(titles.pl);
    const shown = victim.person.shown().length;
    const own = forger.person.last();
    const pressed = [dataOf(message, 'Przeczytane ✓'), 'x'.repeat(64), ':::', '0'.repeat(16), '💥'].map(
      (data) => forger.person.pressData(data, own),
    );
    await forger.sees(forger.words.notYours);
    // Every press is answered, or the button would keep turning.
    const { queries } = world.telegram.platform;
    await until(() => pressed.every((query) => queries.get(query)?.answered === true));
    forger.person.say('/menu');
    await forger.sees('menu. You can also');
    await counted(world, id, { recipients: 1, accepted: 1, confirmed: 0 });
    expect(victim.person.shown()).toHaveLength(shown);
    expect(labelsOf(message)).toContain('Przeczytane ✓');
  });
});
