import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAnnouncement } from '../../core/announcements/create.ts';
import { holdRestored } from '../../core/restorations/hold.ts';
import { insertBackup } from '../../core/store/backups.ts';
import { insertRestoration } from '../../core/store/restorations.ts';
import { openConsole, type TestConsole } from './support.ts';

let t: TestConsole;

beforeEach(async () => {
  t = await openConsole();
  await t.joined('Ola', 'telegram');
});
afterEach(() => t.close());

async function restored(): Promise<void> {
  await t.change((unit) =>
    createAnnouncement(
      unit,
      {
        title: { pl: 'Przegląd', en: 'Inspection' },
        text: { pl: 'W środę.', en: 'On Wednesday.' },
        confirm: true,
        urgent: true,
      },
      null,
    ),
  );
  const taken_at = t.tc.clock.now();
  t.tc.clock.advance(3_600_000);
  const at = t.tc.clock.now();
  await insertRestoration(t.tc.core.db, {
    id: '1',
    taken_at,
    at,
    held_at: null,
    settled_at: null,
    sent: null,
  });
  await holdRestored(t.tc.core);
}

describe('after a restoration', () => {
  it.each([
    ['pl', 'Zdecyduj', 'Po przywróceniu kopii', 'początek wysyłki'],
    ['en', 'Decide about', 'After a restored backup', 'the beginning of the sending'],
  ] as const)('staff are led to decide, in %s', async (language, lead, title, due) => {
    await restored();
    const staff = await t.signedIn('staff', language);
    const home = await staff.text('/');
    expect(home).toContain('href="/restored"');
    expect(home).toContain(lead);
    const page = await staff.text('/restored');
    expect(page).toContain(title);
    expect(page).toContain(due);
  });

  it('what they send leaves, and the page is gone', async () => {
    await restored();
    const staff = await t.signedIn('staff');
    await t.settle();
    expect(t.tc.channels.telegram.sent).toEqual([]);
    await staff.post('/restored/send', {});
    await t.settle();
    expect(t.tc.channels.telegram.sent).toHaveLength(1);
    expect((await staff.get('/restored')).status).toBe(303);
  });

  it('what they drop never leaves', async () => {
    await restored();
    const staff = await t.signedIn('staff');
    await staff.post('/restored/drop', {});
    await t.settle();
    expect(t.tc.channels.telegram.sent).toEqual([]);
  });
});

describe('backups on the console', () => {
  const backup = (fault: string | null) => ({
    ...{ id: fault ?? 'made', at: t.tc.clock.now(), ended_at: t.tc.clock.now() },
    ...(fault ? { file: null, size: null, fault } : { file: '/backups/a.jsonl.gz', size: 1_500_000, fault }),
  });

  it('stand under the settings: when, how large, where', async () => {
    const admin = await t.signedIn('administrator', 'en');
    expect(await admin.text('/settings')).toContain('There is no backup yet.');
    await insertBackup(t.tc.core.db, backup(null));
    const text = await admin.text('/settings');
    expect(text).toContain('/backups/a.jsonl.gz');
    expect(text).toContain('1.5 MB');
    expect(text).toContain('every day at 03:30');
  });

  it('that failed or are old warn administrators at home', async () => {
    const admin = await t.signedIn('administrator', 'en');
    const staff = await t.signedIn('staff', 'en');
    await t.tc.core.db.updateTable('network').set({ named_at: 1 }).execute();
    expect(await admin.text('/')).toContain('No backup has been made for more than two days');
    await insertBackup(t.tc.core.db, backup('There is no room'));
    expect(await admin.text('/')).toContain('The last backup failed.');
    expect(await staff.text('/')).not.toContain('The last backup');
  });
});
