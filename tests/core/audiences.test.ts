import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Audience } from '../../core/audiences/audience.ts';
import { parseAudience } from '../../core/audiences/parse.ts';
import { audienceReach } from '../../core/audiences/reach.ts';
import { countAudience, membersOfAudience } from '../../core/store/audiences.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addCompany, addPerson } from './announcements-support.ts';

let t: TestCore;

beforeEach(async () => {
  t = await openTestCore();
  await addCompany(t, 'build', 'construction', ['hall A', 'founder']);
  await addCompany(t, 'code', 'ict', ['hall B']);
  await addCompany(t, 'loose', 'other');
  await addPerson(t, { id: 'ada', company: 'build', tags: ['board'] });
  await addPerson(t, { id: 'bob', company: 'code', language: 'en', role: 'staff' });
  await addPerson(t, { id: 'cyd', company: 'code', status: 'stopped', tags: ['board', 'zażółć "gęślą"'] });
  await addPerson(t, { id: 'dan', status: 'listed', accounts: [] });
  await addPerson(t, { id: 'eve', company: 'code', status: 'erased' });
  await addPerson(t, { id: 'fay', company: 'loose', role: 'administrator', tags: ['boarder'] });
});
afterEach(() => t.close());

const idsOf = async (audience: Audience) =>
  (await membersOfAudience(t.database.db, audience, { after: '', limit: 100 })).map((m) => m.id).join(' ');

describe('an audience', () => {
  it.each<[Audience, string]>([
    [{}, 'ada bob cyd dan fay'],
    [{ branches: [] }, 'ada bob cyd dan fay'],
    [{ branches: ['ict'] }, 'bob cyd'],
    [{ branches: ['ict', 'construction'] }, 'ada bob cyd'],
    [{ companies: ['build', 'loose'] }, 'ada fay'],
    [{ roles: ['staff', 'administrator'] }, 'bob fay'],
    [{ languages: ['en'] }, 'bob'],
    [{ members: ['ada', 'dan', 'eve'] }, 'ada dan'],
    [{ tags: ['board'] }, 'ada cyd'],
    [{ tags: ['hall B'] }, 'bob cyd'],
    [{ tags: ['hall A', 'boarder'] }, 'ada fay'],
    [{ tags: ['zażółć "gęślą"'] }, 'cyd'],
    [{ tags: ['Board'] }, ''],
    [{ tags: ['%'] }, ''],
    [{ branches: ['ict'], languages: ['en'] }, 'bob'],
    [{ except: {} }, 'ada bob cyd dan fay'],
    [{ except: { branches: [] } }, 'ada bob cyd dan fay'],
    [{ except: { branches: ['ict'] } }, 'ada dan fay'],
    [{ except: { tags: ['board'] } }, 'bob dan fay'],
    [{ except: { branches: ['ict'], languages: ['en'] } }, 'ada cyd dan fay'],
    [{ branches: ['ict'], except: { members: ['cyd'] } }, 'bob'],
    [{ branches: ['mining'] }, ''],
  ])('%j is %s', async (audience, ids) => {
    expect(await idsOf(audience)).toBe(ids);
    expect(await countAudience(t.database.db, audience)).toBe(ids === '' ? 0 : ids.split(' ').length);
  });

  it('comes in pages that leave out nobody', async () => {
    const { db } = t.database;
    const seen: string[] = [];
    for (let after = ''; ; ) {
      const page = await membersOfAudience(db, {}, { after, limit: 2 });
      seen.push(...page.map((m) => m.id));
      if (page.length < 2) break;
      after = page.at(-1)?.id ?? '';
    }
    expect(seen.join(' ')).toBe('ada bob cyd dan fay');
  });

  it('leaves out staff who only use the console, and counts those invited but not joined', async () => {
    await addPerson(t, { id: 'zoe', role: 'administrator', status: 'listed', accounts: [] });
    await addPerson(t, { id: 'yan', role: 'staff', status: 'active' });
    await addPerson(t, { id: 'xen', status: 'listed', accounts: [] });
    const all = await membersOfAudience(t.database.db, {}, { after: '', limit: 100 });
    const ids = all.map((m) => m.id);
    expect(ids).toEqual(expect.arrayContaining(['xen', 'yan']));
    expect(ids).not.toContain('zoe');
  });

  it('as known at a moment leaves out who came later', async () => {
    const knownAt = t.clock.now();
    t.clock.advance(1000);
    await addPerson(t, { id: 'gus' });
    const known = await membersOfAudience(t.database.db, {}, { after: '', limit: 100, knownAt });
    expect(known.map((m) => m.id)).not.toContain('gus');
  });
});

it('reach adds up: everybody is reachable on one messenger or not for one reason', async () => {
  const reach = await audienceReach(t.database.db, {}, ['webchat']);
  expect(reach).toEqual({
    people: 5,
    companies: 3,
    reachable: 3,
    byChannel: { webchat: 3 },
    unreachable: { stopped: 1, notJoined: 1 },
  });
  expect((await audienceReach(t.database.db, {}, [])).unreachable).toEqual({
    channelOff: 3,
    stopped: 1,
    notJoined: 1,
  });
});

describe('an audience from outside', () => {
  it('absent or null is everyone', () => {
    expect([parseAudience(undefined), parseAudience(null), parseAudience({})]).toEqual([{}, {}, {}]);
  });

  it('loses repetition and empty lists, keeps the rest', () => {
    expect(
      parseAudience({ branches: ['ict', ' ict '], companies: [], languages: ['pl'], except: { tags: [] } }),
    ).toEqual({ branches: ['ict'], languages: ['pl'] });
  });

  it('is refused when no database could be asked for it', async () => {
    const tags = Array.from({ length: 101 }, (_, n) => `tag ${n}`);
    const refused = { key: 'announcements:errors.audience', field: 'audience.tags' };
    expect(() => parseAudience({ tags })).toThrow(expect.objectContaining(refused));
    const many = (letter: string) => Array.from({ length: 5000 }, (_, n) => `${letter}${n}`);
    const most = { branches: ['ict'], companies: many('c'), members: many('m'), tags: tags.slice(1) };
    expect(await countAudience(t.database.db, parseAudience({ ...most, except: most }))).toBe(0);
  });

  it('is either read or refused, never half read', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        try {
          expect(typeof parseAudience(input)).toBe('object');
        } catch (error) {
          expect(error).toMatchObject({ key: 'announcements:errors.audience' });
        }
      }),
    );
  });
});
