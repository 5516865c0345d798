import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebchatAdapter } from '../../bots/webchat/adapter.ts';
import type { Action, OutboundMessage } from '../../core/channels/outbound-message.ts';
import { saveMember } from '../../core/members/member.ts';
import { findMemberView } from '../../core/members/view.ts';
import { sentLinkMs } from '../../core/sign-in/sent-link.ts';
import { consumeSignInLink, sessionMember } from '../../core/sign-in/sign-in.ts';
import { WebchatHub } from '../../runtime/webchat-hub.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { joinedMember } from './network.ts';
import { Person } from './transcript.ts';

let test: TestCore;
beforeEach(async () => {
  test = await openTestCore();
});
afterEach(() => test.close());

type Shown = Pick<OutboundMessage, 'blocks'>;

/** The secret in the newest link shown. */
function secretIn(shown: readonly Shown[]): string {
  const links = shown
    .flatMap(({ blocks }) =>
      blocks.flatMap((b): readonly Action<string>[] => (b.type === 'actions' ? b.actions : [])),
    )
    .flatMap((action) => (action.kind === 'link' ? [action.url] : []));
  const [, secret] = /^http:\/\/localhost:8080\/sign-in\/([\w-]+)$/.exec(links.at(-1) ?? '') ?? [];
  if (!secret) throw new Error(`no link: ${links.join(' ')}`);
  return secret;
}

const lastSecret = (person: Person) => secretIn(person.channel.to(person.externalId));
const signIn = async (secret: string) => {
  const session = await test.core.transaction((unit) => consumeSignInLink(unit, secret));
  return sessionMember(test.core.db, session, test.clock.now());
};

describe('/panel', () => {
  it('gives staff a link that signs in once', async () => {
    const { person: staff, id } = await joinedMember(test, 'Zofia Zespołowa', { role: 'staff' });
    await staff.verify([['/panel', ['Twój link do panelu', '[Otwórz panel]', '15 minut i tylko raz']]]);
    const secret = lastSecret(staff);
    expect(await signIn(secret)).toMatchObject({ id });
    await expect(signIn(secret)).rejects.toThrow('linkUsed');
    await staff.verify([['[Panel]', '[Otwórz panel]']]);
    expect(lastSecret(staff)).not.toBe(secret);
  });

  it('speaks English to an administrator, and its link is dead after a quarter of an hour', async () => {
    const { person } = await joinedMember(test, 'John Example', { role: 'administrator', language: 'en' });
    await person.verify([
      ['/panel', ['your link to the console', '[Open the console]', '15 minutes and only once']],
    ]);
    test.clock.advance(sentLinkMs);
    await expect(signIn(lastSecret(person))).rejects.toThrow('linkExpired');
  });

  it('is for the team only', async () => {
    const { person, id } = await joinedMember(test, 'Anna Przykładowa');
    await person.verify([
      ['/panel', ['tylko zespół', { not: 'Otwórz panel' }]],
      ['/menu', ['[Sondy]', { not: '[Panel]' }]],
    ]);
    expect(await test.core.db.selectFrom('sign_in_link').selectAll().execute()).toEqual([]);
    const { person: staff, id: staffId } = await joinedMember(test, 'Zofia Zespołowa', { role: 'staff' });
    await staff.does('/panel');
    const view = await findMemberView(test.core.db, staffId);
    await test.core.transaction((unit) =>
      saveMember(unit, {
        id: staffId,
        name: 'Zofia Zespołowa',
        role: 'member',
        language: 'pl',
        revision: view?.revision ?? 0,
      }),
    );
    await expect(signIn(lastSecret(staff))).rejects.toThrow();
    expect(id).not.toBe(staffId);
  });
});

describe('the secret of a link sent by /panel', () => {
  it('stands nowhere in the database, and in no transcript of the web chat, where its owner sees it all the same', async () => {
    await test.close();
    let hub: WebchatHub | undefined;
    test = await openTestCore(undefined, (core) => {
      hub = new WebchatHub(core);
      return new WebchatAdapter(hub, core.url);
    });
    const { person, id } = await joinedMember(test, 'Zofia Zespołowa', { role: 'staff' });
    const [code] = /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(await person.does('/link')) ?? [];
    const web = new Person(test, { channel: 'webchat' });
    await web.does(`/link ${code}`);
    await web.does('/panel');
    const lines = (await hub?.page(web.externalId, 50)) ?? [];
    const secret = secretIn(lines.flatMap((line) => (line.from === 'wici' ? [line.message as Shown] : [])));
    for (const { name } of await test.database.db.introspection.getTables()) {
      const rows = await test.database.db
        .selectFrom(name as 'delivery')
        .selectAll()
        .execute();
      expect(JSON.stringify(rows), name).not.toContain(secret);
    }
    expect(await signIn(secret)).toMatchObject({ id });
  });
});
