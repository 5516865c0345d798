import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAnnouncement } from '../../core/announcements/create.ts';
import { channelNames } from '../../core/channels/channel-name.ts';
import { takeEvent } from '../../core/inbox.ts';
import { saveMember } from '../../core/members/member.ts';
import { updateNetwork } from '../../core/network/settings.ts';
import { findInvitationByCode } from '../../core/store/invitations.ts';
import { projectRoot } from '../../runtime/paths.ts';
import { openConsole, type TestConsole } from './support.ts';

let t: TestConsole;
beforeEach(async () => {
  t = await openConsole();
});
afterEach(() => t.close());

const names = { pl: ['Czat na stronie', 'Telegram', 'Slack', 'Discord'] };

describe('the page of messengers', () => {
  it('shows every messenger Wici can have, with its state in plain words, and the way to connect what is not', async () => {
    const administrator = await t.signedIn('administrator');
    const page = await administrator.text('/messengers');
    for (const name of names.pl) expect(page.toLowerCase()).toContain(name.toLowerCase());
    expect(page.match(/Jest połączenie, wiadomości przychodzą i wychodzą/g)).toHaveLength(2);
    expect(page.match(/Nie jest jeszcze podłączony/g)).toHaveLength(channelNames.length - 2);
    expect(page).toContain('href="/messengers/slack"');
  });

  it('says what a messenger without connection says itself', async () => {
    t.tc.channels.telegram.health = () =>
      ({ state: 'failing', detail: 'the bot’s token was refused' }) as never;
    const page = await (await t.signedIn()).text('/messengers');
    expect(page).toContain('Nie ma połączenia. Wiadomości czekają');
    expect(page).toContain('the bot’s token was refused');
  });

  it.each([
    [
      'pl',
      'credential',
      'Token bota albo ustawienie zostały odrzucone',
      'brak połączenia do zmiany ustawień',
    ],
    ['en', 'permission', 'The bot lacks a permission', 'no connection until a setting is changed'],
  ] as const)(
    'says why one was stopped and where to look, on its page and the first (%s, %s)',
    async (language, cause, why, what) => {
      t.tc.channels.telegram.health = () => ({ state: 'stopped', detail: 'refused (4014)', cause }) as never;
      const administrator = await t.signedIn('administrator', language);
      await t.change((unit) => updateNetwork(unit, { name: 'Sieć Przykładowa' }, 1));
      for (const path of ['/', '/messengers/telegram']) {
        const page = (await administrator.text(path)).replaceAll('\u00a0', ' ');
        expect(page).toContain(why);
        expect(page).toContain('href="/messengers/telegram#guide"');
        expect(page).toContain('refused (4014)');
      }
      expect((await administrator.text('/')).replaceAll('\u00a0', ' ')).toContain(what);
    },
  );

  it('is read by staff, who may not pause', async () => {
    const staff = await t.signedIn('staff', 'en');
    const page = await staff.text('/messengers');
    expect(page).toContain('Messengers');
    expect(page).not.toContain('/pause');
    expect((await staff.post('/messengers/telegram/pause')).status).toBe(403);
  });

  it('is nothing for strangers, and there is no page for a messenger that does not exist', async () => {
    expect((await t.browser().get('/messengers')).status).toBe(303);
    expect((await (await t.signedIn()).get('/messengers/nowhere')).status).toBe(404);
  });

  it('shows the last message in and out', async () => {
    await t.joined('Anna Przykładowa', 'telegram');
    await takeEvent(t.tc.core, {
      channel: 'telegram',
      externalId: 'telegram-Anna Przykładowa',
      externalEventId: 'e1',
      type: 'command',
      name: 'menu',
      args: '',
    });
    await t.settle();
    const page = await (await t.signedIn()).text('/messengers/telegram');
    expect(page.match(/23 lis 2026, 11:00/g)).toHaveLength(2);
  });
});

describe('pausing', () => {
  it('lets messages wait, is said on the first page, and ends with one press', async () => {
    const administrator = await t.signedIn('administrator');
    await t.joined('Anna Przykładowa', 'telegram');
    await t.change((unit) => updateNetwork(unit, { name: 'Sieć Przykładowa' }, 1));
    expect(await administrator.submit('/messengers/telegram/pause')).toContain('Wysyłka wstrzymana');
    await t.tc.core.transaction((unit) =>
      createAnnouncement(
        unit,
        { title: { pl: 'Próba', en: 'Test' }, text: { pl: 'Próba syren', en: 'Siren test' }, confirm: true },
        null,
      ),
    );
    await t.settle();
    const page = await administrator.text('/messengers');
    expect(page).toContain('Na wznowienie czeka 1 wiadomość');
    expect(await administrator.text('/')).toContain('Telegram: wysyłka wstrzymana');
    expect(t.tc.channels.telegram.sent).toEqual([]);
    await administrator.post('/messengers/telegram/resume');
    await t.settle();
    expect(t.tc.channels.telegram.sent).toHaveLength(1);
    expect(await administrator.text('/')).not.toContain('wysyłka wstrzymana');
  });

  it('is not for a messenger that is not connected', async () => {
    expect((await (await t.signedIn()).post('/messengers/slack/pause')).status).toBe(404);
  });
});

describe('a test message to oneself', () => {
  it('needs an account there: a code connects it, with their consent, then the message goes and its fate is shown', async () => {
    const staff = await t.signedIn('staff');
    expect(await staff.text('/messengers/telegram')).toContain('Nie masz tu jeszcze konta');
    const answer = await staff.post('/messengers/telegram/connect');
    expect(answer.headers.get('location')).toBeNull();
    const [code = ''] = /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(await answer.text()) ?? [];
    expect(await findInvitationByCode(t.tc.core.db, code.replace('-', ''))).toMatchObject({ kind: 'link' });
    for (const text of [code, 'Polski', 'Zgadzam się, dołączam']) {
      const who = { channel: 'telegram', externalId: '77', externalEventId: text } as const;
      await takeEvent(t.tc.core, { ...who, type: 'text', text });
      await t.settle();
    }
    expect(await staff.submit('/messengers/telegram/test')).toContain('Wiadomość próbna jest w drodze');
    await t.settle();
    const told = t.tc.channels.telegram
      .to('77')
      .map((message) => JSON.stringify(message.blocks).replaceAll('\u00a0', ' '));
    expect(told.at(-1)).toContain('To wiadomość próbna z panelu sieci „Wici”');
    expect(await staff.text('/messengers/telegram')).toContain('Ostatnia wiadomość próbna');
    expect(await staff.text('/messengers/telegram')).toContain('przekazane');
  });

  it('without an account says what to do', async () => {
    const page = await (await t.signedIn('staff')).submit('/messengers/telegram/test');
    expect(page).toContain('Nie masz otwartej rozmowy w tym komunikatorze');
  });
});

describe('people in the directory of a messenger', () => {
  it('are found by the e-mail on the list, chosen, and written to once', async () => {
    const { telegram } = t.tc.channels;
    Object.assign(telegram.capabilities, { directory: { lookupsPerMinute: 60_000 } });
    telegram.directory.set('anna@example.org', { externalId: '701' });
    telegram.directory.set('jan@example.org', { externalId: '702' });
    const add = (name: string, email: string) =>
      t.change((unit) => saveMember(unit, { name, email, role: 'member', language: 'pl' }));
    await add('Anna Przykładowa', 'anna@example.org');
    await add('Jan Testowy', 'jan@example.org');
    await add('Ewa Nieobecna', 'ewa@example.org');
    const staff = await t.signedIn('staff');
    const path = '/messengers/telegram/people';
    const page = async () => (await staff.text(path)).replaceAll('\u00a0', ' ');
    expect(await staff.text('/messengers/telegram')).toContain(`href="${path}"`);
    expect(await page()).toContain('Na liście są 3 osoby z adresem e-mail');
    await staff.post(`${path}/search`);
    await vi.waitFor(async () =>
      expect(await page()).toContain('Sprawdzone: 3 z 3. W tym komunikatorze: 2.'),
    );
    const shown = await page();
    expect(shown).not.toContain('Ewa Nieobecna');
    const [, anna = ''] = /name="member" value="([^"]+)"[^>]*>\s*<label[^>]*>Anna/.exec(shown) ?? [];
    await staff.post(`${path}/invite`, { member: anna });
    await t.settle();
    expect(telegram.to('701')).toHaveLength(1);
    expect(telegram.to('702')).toEqual([]);
    await staff.post(`${path}/invite`, { member: anna });
    await t.settle();
    expect(telegram.to('701')).toHaveLength(1);
    expect(await page()).not.toContain(anna);
    expect((await staff.get('/messengers/webchat/people')).status).toBe(404);
  });
});

describe('the guide', () => {
  it.each(channelNames.flatMap((channel) => [[channel, 'pl'] as const, [channel, 'en'] as const]))(
    'of %s in %s has every text of its steps',
    async (channel, language) => {
      const page = await (await t.signedIn('staff', language)).text(`/messengers/${channel}`);
      expect(page).toContain('class="steps"');
      expect(page).not.toMatch(/messengers:|guide\./);
    },
  );

  it('comes with a preview that can be chosen, as every messenger’s', () => {
    const styles = readFileSync(join(projectRoot, 'console/assets/messages.css'), 'utf8');
    for (const channel of channelNames) {
      const others = `.looks:has([value="${channel}"]:checked) .previews:not([data-look="${channel}"])`;
      expect(styles).toContain(others);
    }
  });

  it('serves the manifest of an app with our address filled in, and none where there is none', async () => {
    const administrator = await t.signedIn();
    const answer = await administrator.get('/messengers/slack/manifest.yaml');
    expect(answer.headers.get('content-type')).toContain('yaml');
    const kept = readFileSync(join(projectRoot, 'bots', 'slack', 'manifest.yaml'), 'utf8');
    expect(await answer.text()).toBe(kept.replaceAll('https://WICI_ADDRESS', 'http://localhost:8080'));
    const called = await administrator.get('/messengers/slack/manifest-http.yaml');
    expect(await called.text()).toContain('http://localhost:8080/webhooks/slack');
    expect((await administrator.get('/messengers/telegram/manifest.yaml')).status).toBe(404);
    expect(await administrator.text('/messengers/slack')).toContain('socket_mode_enabled: true');
  });
});
