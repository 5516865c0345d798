import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendAnnouncement } from '../../core/announcements/send.ts';
import { audienceReach } from '../../core/audiences/reach.ts';
import { destinations } from '../../core/deliveries/destination.ts';
import { openLinkCode } from '../../core/invitations/invitation.ts';
import { inviteAgain } from '../../core/invitations/invite-again.ts';
import { join } from '../../core/invitations/join.ts';
import { createLinkCode, linkAccount } from '../../core/invitations/link-account.ts';
import { accountGone, setAccountLanguage, takeAccount } from '../../core/members/accounts.ts';
import { eraseMember, forgetStrangers } from '../../core/members/erase.ts';
import { setLanguage } from '../../core/members/member.ts';
import { resumeMember, stopMember } from '../../core/members/stop.ts';
import { type Account, accountsOf, changeAccount } from '../../core/store/accounts.ts';
import type { Member } from '../../core/store/members.ts';
import type { Core, Unit } from '../../core/unit.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addPerson, announce } from './announcements-support.ts';

let t: TestCore;

beforeEach(async () => {
  t = await openTestCore();
  await addPerson(t, { id: 'admin', role: 'administrator' });
});
afterEach(() => t.close());

const channels = ['telegram', 'webchat', 'slack'] as const;
const addresses = channels.flatMap((channel) => ['a', 'b'].map((externalId) => ({ channel, externalId })));
type Address = (typeof addresses)[number];

/** Something that happens to whoever has this address. */
type Act = (unit: Unit, address: Address) => Promise<unknown>;

const use: Act = (unit, address) => takeAccount(unit, address);
const joins: Act = async (unit, address) => {
  const { account } = await takeAccount(unit, address);
  const code = await openLinkCode(unit.db);
  return join(unit, { accountId: account.id, code, language: 'pl' });
};
const blocks: Act = (unit, { channel, externalId }) => accountGone(unit, channel, externalId);
const moves: Act = async (unit, address) => {
  const { account } = await takeAccount(unit, address);
  await changeAccount(unit.db, account.id, { external_id: `${address.externalId}'` });
};
const speaks: Act = async (unit, address) => {
  const { account } = await takeAccount(unit, address);
  await setAccountLanguage(unit, account.id, 'en');
};
const asMember =
  (work: (unit: Unit, memberId: string) => Promise<unknown>): Act =>
  async (unit, address) => {
    const { member } = await takeAccount(unit, address);
    if (member) await work(unit, member.id);
  };
const stops = asMember(stopMember);
const comesBack = asMember(resumeMember);
const learns = asMember((unit, id) => setLanguage(unit, id, 'en'));
const erases = asMember(eraseMember);
const losesAll = asMember((unit, id) => inviteAgain(unit, id, 'admin'));
const links =
  (other: Address): Act =>
  (unit, address) =>
    asMember(async (_, id) => {
      const { code } = await createLinkCode(unit, id);
      const { account } = await takeAccount(unit, other);
      await linkAccount(unit, { accountId: account.id, code });
    })(unit, address);

const address = fc.constantFrom(...addresses);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(use, joins, blocks) },
  { weight: 3, arbitrary: address.map(links) },
  { weight: 2, arbitrary: fc.constantFrom(moves, speaks, stops, comesBack, learns, erases, losesAll) },
);

/** Also the clock's own hour back and its standing still. */
const passing = fc.constantFrom(0, 0, 1, 1000, -3_600_000, 31 * 24 * 3_600_000);

const run = (core: Core, work: Act, at: Address) =>
  // What is refused changes nothing.
  core.transaction((unit) => work(unit, at)).catch(() => undefined);

/** How a member with these accounts, the one used last first, is written to. */
function expected(accounts: readonly Account[]): Pick<Member, 'account_id' | 'ways'> {
  const open = accounts.filter((a) => a.status === 'open');
  const ways = [...new Set(open.map((a) => a.channel))].join(' ');
  return {
    account_id: open[0]?.id ?? null,
    ways: ways || (accounts.length > 0 ? 'blocked' : 'noAccount'),
  };
}

async function everybody(): Promise<{ kept: Pick<Member, 'account_id' | 'ways'>; accounts: Account[] }[]> {
  const { db } = t.database;
  const members = await db.selectFrom('member').selectAll().orderBy('id').execute();
  const accounts = await accountsOf(
    db,
    members.map((m) => m.id),
  );
  return members.map(({ id, account_id, ways }) => ({
    kept: { account_id, ways },
    accounts: accounts.filter((a) => a.member_id === id),
  }));
}

describe('how a member is written to', () => {
  it('is kept as their accounts have it, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(act, address, passing), { maxLength: 20 }), async (happened) => {
        for (const externalId of ['a', 'b']) {
          await run(t.core, joins, { channel: 'telegram', externalId });
          await run(t.core, links({ channel: 'webchat', externalId }), { channel: 'telegram', externalId });
        }
        for (const [work, at, ms] of happened) {
          await run(t.core, work, at);
          t.clock.advance(ms);
          if (ms > 1000) await forgetStrangers(t.core);
        }
        for (const { kept, accounts } of await everybody()) expect(kept).toEqual(expected(accounts));
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it('is so too when everything happened at the same moment', async () => {
    const at = (channel: Address['channel']) => ({ channel, externalId: 'a' });
    await run(t.core, joins, at('telegram'));
    for (const channel of ['webchat', 'slack'] as const)
      await run(t.core, links(at(channel)), at('telegram'));
    const sorted = ({ ways }: { ways: string }) => ways.split(' ').sort();
    for (let round = 0; round < 10; round++) {
      t.clock.advance(1000);
      const works = [use, blocks, use].map((_, n, all) => all[(n + round) % 3] ?? use);
      await Promise.all(channels.map((channel, n) => run(t.core, works[n] ?? use, at(channel))));
      for (const { kept, accounts } of await everybody()) {
        expect(sorted(kept)).toEqual(sorted(expected(accounts)));
        const open = accounts.filter((a) => a.status === 'open').map((a) => a.id);
        expect(open).toContain(kept.account_id);
      }
    }
  });
});

describe('with the messenger used last switched off', () => {
  beforeEach(async () => {
    await addPerson(t, { id: 'ada', accounts: ['webchat', 'telegram'] });
    await addPerson(t, { id: 'bob', accounts: ['telegram'] });
  });

  it('a preview counts people on the next one they have', async () => {
    const audience = { members: ['ada', 'bob'] };
    expect(await audienceReach(t.core.db, audience, ['webchat', 'telegram'])).toMatchObject({
      byChannel: { telegram: 2 },
      unreachable: {},
    });
    expect(await audienceReach(t.core.db, audience, ['webchat'])).toMatchObject({
      byChannel: { webchat: 1 },
      unreachable: { channelOff: 1 },
    });
  });

  it('a message goes to the next one they have', async () => {
    await sendAnnouncement(t.core, await announce(t, { audience: { members: ['ada', 'bob'] } }));
    const made = await t.core.db.selectFrom('delivery').selectAll().orderBy('member_id').execute();
    const where = async (on: ('webchat' | 'telegram')[]) => {
      const found = await destinations(t.core.db, made, on);
      return made.map((d) => found.get(d.id)).map((p) => (p && 'to' in p ? p.to.id : p));
    };
    expect(await where(['webchat', 'telegram'])).toEqual(['ada-telegram', 'bob-telegram']);
    expect(await where(['webchat'])).toEqual(['ada-webchat', { reason: 'channelOff' }]);
  });
});
