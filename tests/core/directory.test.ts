import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChannelError } from '../../core/channels/channel-error.ts';
import { inviteOnMessenger } from '../../core/invitations/invite-on-messenger.ts';
import { listInvitations } from '../../core/invitations/list.ts';
import { saveMember } from '../../core/members/member.ts';
import { stopMember } from '../../core/members/stop.ts';
import { DirectorySearch } from '../../core/messengers/directory-search.ts';
import { listedWithEmail } from '../../core/store/members.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { Person } from '../transcripts/transcript.ts';

let test: TestCore;
let staffId: string;
beforeEach(async () => {
  test = await openTestCore();
  const staff = await test.core.transaction((unit) =>
    saveMember(unit, { name: 'Zespół Testowy', role: 'administrator', language: 'pl' }),
  );
  staffId = staff.id;
});
afterEach(() => test.close());

const listed = async (name: string, email: string | null) => {
  const { id } = await test.core.transaction((unit) =>
    saveMember(unit, { name, email, role: 'member', language: 'pl' }),
  );
  return id;
};
const invite = (memberId: string, externalId: string) =>
  test.core.transaction((unit) =>
    inviteOnMessenger(unit, { memberId, channel: 'telegram', externalId, createdBy: staffId }),
  );

describe('a search in a messenger’s directory', () => {
  const sought = Array.from({ length: 4 }, (_, n) => ({ memberId: `m${n}`, email: `osoba${n}@example.org` }));

  it('asks at the platform’s pace, waits when told to, and finds who is there', async () => {
    const { telegram } = test.channels;
    Object.assign(telegram.capabilities, { directory: { lookupsPerMinute: 50 } });
    telegram.directory.set('osoba1@example.org', { externalId: 'u1', displayName: 'Osoba' });
    const waits: number[] = [];
    const search = new DirectorySearch(
      telegram,
      { wait: async (ms) => void waits.push(ms) },
      () => undefined,
    );
    const ask = telegram.findByEmail.bind(telegram);
    let refusals = 1;
    telegram.findByEmail = async (email) => {
      if (email.startsWith('osoba2') && refusals-- > 0)
        throw new ChannelError('Throttled', 'ratelimited', { retryAfterMs: 30_000 });
      return ask(email);
    };
    await search.start(sought);
    expect(waits).toEqual([1200, 1200, 1200, 30_000, 1200]);
    expect(search.state).toEqual({
      ...{ running: false, asked: 4, of: 4, problem: null },
      found: [{ memberId: 'm1', externalId: 'u1', displayName: 'Osoba' }],
    });
  });

  it('passes over an address the platform will not look up', async () => {
    const { telegram } = test.channels;
    Object.assign(telegram.capabilities, { directory: { lookupsPerMinute: 50 } });
    telegram.findByEmail = async (email) => {
      if (email.startsWith('osoba1')) throw new ChannelError('Rejected', 'invalid_email');
      return { externalId: email };
    };
    const search = new DirectorySearch(telegram, { wait: async () => undefined }, () => undefined);
    await search.start(sought);
    expect(search.state).toMatchObject({ asked: 4, problem: null });
    expect(search.state.found.map(({ memberId }) => memberId)).toEqual(['m0', 'm2', 'm3']);
  });

  it('goes on where it was stopped, and says why it could not go on', async () => {
    const { telegram } = test.channels;
    Object.assign(telegram.capabilities, { directory: { lookupsPerMinute: 50 } });
    const asked: string[] = [];
    let refuse = true;
    telegram.findByEmail = async (email) => {
      asked.push(email);
      if (email.startsWith('osoba2') && refuse) throw new ChannelError('Misconfigured', 'missing_scope');
      return null;
    };
    const search = new DirectorySearch(telegram, { wait: async () => undefined }, () => undefined);
    await search.start(sought);
    expect(search.state).toMatchObject({ asked: 2, of: 4, problem: 'missing_scope' });
    refuse = false;
    await search.start(sought);
    expect(search.state).toMatchObject({ asked: 4, problem: null, running: false });
    expect(asked.map((email) => email.slice(5, 6))).toEqual(['0', '1', '2', '2', '3']);
  });
});

describe('inviting somebody found there', () => {
  it('writes to them once; one press and their consent later they are the person on the list', async () => {
    const id = await listed('Anna Przykładowa', 'anna@example.org');
    expect((await listedWithEmail(test.core.db)).map((m) => m.name)).toEqual(['Anna Przykładowa']);
    const anna = new Person(test);
    expect(await invite(id, anna.externalId)).toBe(true);
    expect(await invite(id, anna.externalId)).toBe(false);
    await test.settle();
    expect(anna.news()).toContain('Zaproszenie do sieci');
    expect((await listInvitations(test.core.db, test.clock.now())).items[0]?.state).toBe('sent');
    await anna.verify([
      ['[Dołącz]', ['Anna Przykładowa', '[Polski]']],
      ['[Polski]', 'Twoja zgoda'],
      ['[Zgadzam się, dołączam]', 'Gotowe, jesteś w sieci'],
    ]);
    expect(await listedWithEmail(test.core.db)).toEqual([]);
    expect(test.channels.telegram.to(anna.externalId).length).toBeGreaterThan(1);
    expect(await invite(id, anna.externalId)).toBe(false);
  });

  it('waits for the morning', async () => {
    test.clock.set('2026-11-23T21:00:00Z');
    const anna = new Person(test);
    await invite(await listed('Anna Przykładowa', 'anna@example.org'), anna.externalId);
    await test.settle();
    expect(anna.news()).toBe('');
    await test.runUntil('2026-11-24T06:05:00Z');
    expect(anna.news()).toContain('Zaproszenie do sieci');
  });

  it('takes a no for an answer, for ever', async () => {
    const id = await listed('Anna Przykładowa', 'anna@example.org');
    const anna = new Person(test);
    await invite(id, anna.externalId);
    await test.settle();
    anna.news();
    await anna.verify([['[Nie, dziękuję]', 'Nie będziemy o to więcej pytać']]);
    expect((await listInvitations(test.core.db, test.clock.now())).items[0]?.state).toBe('revoked');
    expect(await invite(id, anna.externalId)).toBe(false);
    await anna.verify([[{ old: 'Dołącz' }, [{ not: '[Polski]' }]]]);
    expect((await listedWithEmail(test.core.db)).map((m) => m.id)).toEqual([id]);
  });

  it('writes to nobody who joined, stopped, or whose address is another person’s or closed', async () => {
    const id = await listed('Anna Przykładowa', 'anna@example.org');
    const other = await listed('Jan Testowy', 'jan@example.org');
    const anna = new Person(test);
    await invite(id, anna.externalId);
    await test.settle();
    await anna.does('[Dołącz]');
    await anna.does('[Polski]');
    await anna.does('[Zgadzam się, dołączam]');
    expect(await invite(other, anna.externalId)).toBe(false);
    await test.core.transaction((unit) => stopMember(unit, id));
    expect(await invite(id, 'somewhere-else')).toBe(false);
    const gone = new Person(test);
    await gone.does('cześć');
    await gone.take({ type: 'blocked' });
    expect(await invite(other, gone.externalId)).toBe(false);
  });
});
