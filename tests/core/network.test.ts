import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DomainError } from '../../core/domain-error.ts';
import {
  archiveBranch,
  listBranches,
  moveBranch,
  restoreBranch,
  saveBranch,
} from '../../core/network/branches.ts';
import { seedNetwork } from '../../core/network/seed.ts';
import { type NetworkChange, networkSettings, updateNetwork } from '../../core/network/settings.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';

let t: TestCore;
beforeEach(async () => {
  t = await openTestCore();
});
afterEach(() => t.close());

const update = (change: NetworkChange, revision: number) =>
  t.core.transaction((unit) => updateNetwork(unit, change, revision));

describe('the network’s settings', () => {
  it('begin as a first start needs them', async () => {
    expect(await networkSettings(t.core.db)).toEqual({
      name: 'Wici',
      languages: ['pl', 'en'],
      timeZone: 'Europe/Warsaw',
      quietFrom: '20:00',
      quietTo: '07:00',
      joining: 'invited',
      smallestGroup: 5,
      contact: null,
      namedAt: null,
      revision: 1,
    });
  });

  it('are not seeded a second time', async () => {
    await update({ name: 'Sieć próbna' }, 1);
    await t.core.transaction((unit) => archiveBranch(unit, 'other'));
    await t.core.transaction((unit) => seedNetwork(unit));
    expect((await networkSettings(t.core.db)).name).toBe('Sieć próbna');
    expect(await listBranches(t.core.db)).toHaveLength(7);
    const links = await t.core.db
      .selectFrom('invitation')
      .selectAll()
      .where('kind', '=', 'network')
      .execute();
    expect(links).toHaveLength(1);
  });

  it('name the network once: the moment of the first naming stays', async () => {
    const first = await update({ name: '  Sieć   próbna ' }, 1);
    expect(first).toMatchObject({ name: 'Sieć próbna', namedAt: t.clock.now(), revision: 2 });
    t.clock.advance(60_000);
    const second = await update({ name: 'Inna nazwa' }, 2);
    expect(second.namedAt).toBe(first.namedAt);
    expect(t.signals).toContainEqual({ kind: 'changed', topic: 'network' });
  });

  it('are not named by changing something else', async () => {
    expect((await update({ contact: 'biuro@siec.example' }, 1)).namedAt).toBeNull();
  });

  it('of two administrators editing at once the second is told, and nothing of theirs is mixed in', async () => {
    await update({ name: 'Pierwsza' }, 1);
    await expect(update({ name: 'Druga', smallestGroup: 9 }, 1)).rejects.toMatchObject({
      key: 'common:errors.conflict',
    });
    expect(await networkSettings(t.core.db)).toMatchObject({ name: 'Pierwsza', smallestGroup: 5 });
  });

  it.each<[NetworkChange, string, string]>([
    [{ name: ' ' }, 'networkName', 'name'],
    [{ name: 'x'.repeat(101) }, 'tooLong', 'name'],
    [{ languages: [] }, 'languages', 'languages'],
    [{ languages: ['de' as 'pl'] }, 'languages', 'languages'],
    [{ timeZone: 'Kielce' }, 'timeZone', 'timeZone'],
    [{ timeZone: '+02:00' }, 'timeZone', 'timeZone'],
    [{ quietFrom: '24:00' }, 'quietHours', 'quietFrom'],
    [{ quietTo: '7:00' }, 'quietHours', 'quietTo'],
    [{ quietTo: null }, 'quietHoursBoth', 'quietTo'],
    [{ quietFrom: '' }, 'quietHoursBoth', 'quietFrom'],
    [{ smallestGroup: 0 }, 'smallestGroup', 'smallestGroup'],
    [{ smallestGroup: 2.5 }, 'smallestGroup', 'smallestGroup'],
    [{ joining: 'closed' as 'open' }, 'joining', 'joining'],
  ])('refuse %o', async (change, error, field) => {
    const refused = await update(change, 1).catch((e: unknown) => e);
    expect(refused).toBeInstanceOf(DomainError);
    expect(refused).toMatchObject({ key: `people:errors.${error}`, field });
    expect((await networkSettings(t.core.db)).revision).toBe(1);
  });

  it('take quiet hours away altogether', async () => {
    expect(await update({ quietFrom: '', quietTo: '' }, 1)).toMatchObject({ quietFrom: null, quietTo: null });
  });
});

describe('branches', () => {
  const ids = async () => (await listBranches(t.core.db)).map((b) => b.id);

  it('are the pilot’s eight to begin with, in both languages', async () => {
    expect(await ids()).toEqual([
      'construction',
      'chemical',
      'energy',
      'ict',
      'advertising',
      'machines',
      'services',
      'other',
    ]);
    expect((await listBranches(t.core.db))[2]).toEqual({
      id: 'energy',
      namePl: 'energetyka i\u00a0OZE',
      nameEn: 'energy and renewables',
      archived: false,
    });
  });

  it('are added at the end with a short id that fits into a button', async () => {
    const save = (namePl: string, nameEn: string) =>
      t.core.transaction((unit) => saveBranch(unit, { namePl, nameEn }));
    expect((await save('przemysł metalowy i odlewniczy', 'Metal & foundry industry')).id).toBe(
      'metal-foundry-in',
    );
    expect((await save('metal inaczej', 'Metal foundry in')).id).toBe('metal-foundry-in-2');
    expect((await save('灯', '灯')).id).toBe('branch');
    for (const id of await ids()) expect(id).toMatch(/^[a-z0-9-]{1,20}$/);
  });

  it('are renamed, but not to a name that is taken in either language', async () => {
    const save = (id: string | undefined, namePl: string, nameEn: string) =>
      t.core.transaction((unit) => saveBranch(unit, { id, namePl, nameEn }));
    expect(await save('ict', 'informatyka', 'ICT')).toMatchObject({ id: 'ict', namePl: 'informatyka' });
    await expect(save(undefined, 'REKLAMA', 'ads')).rejects.toMatchObject({
      key: 'people:errors.branchTaken',
      field: 'namePl',
    });
    await expect(save('ict', 'informatyka', 'Advertising')).rejects.toMatchObject({ field: 'nameEn' });
    await expect(save('ict', '', 'x')).rejects.toMatchObject({ key: 'people:errors.branchName' });
    await expect(save('none', 'nowa', 'new')).rejects.toMatchObject({ key: 'common:errors.notFound' });
  });

  it('change places, are archived and come back', async () => {
    await t.core.transaction((unit) => moveBranch(unit, 'ict', 'up'));
    await t.core.transaction((unit) => moveBranch(unit, 'construction', 'up'));
    await t.core.transaction((unit) => archiveBranch(unit, 'other'));
    expect(await ids()).toEqual([
      'construction',
      'chemical',
      'ict',
      'energy',
      'advertising',
      'machines',
      'services',
    ]);
    expect(await listBranches(t.core.db, { archived: true })).toHaveLength(8);
    await t.core.transaction((unit) => restoreBranch(unit, 'other'));
    expect((await ids()).at(-1)).toBe('other');
  });
});
