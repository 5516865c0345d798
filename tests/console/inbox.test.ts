import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reportBarrier } from '../../core/barriers/report.ts';
import { type Browser, hidden, openConsole, plain, type TestConsole } from './support.ts';

let t: TestConsole;
let staff: Browser;
let memberId: string;
beforeEach(async () => {
  t = await openConsole();
  staff = await t.signedIn('staff');
  memberId = await t.joined('Osoba Zgłaszająca');
});
afterEach(() => t.close());

async function report(anonymous = false): Promise<string> {
  const made = await t.tc.core.transaction((unit) =>
    reportBarrier(unit, {
      memberId,
      text: 'Szlaban nie działa.',
      kind: 'infrastructure',
      visibility: 'private',
      anonymous,
    }),
  );
  return `/barriers/${made.id}`;
}

const said = () => JSON.stringify(t.tc.channels.webchat.to('webchat-Osoba Zgłaszająca').at(-1)?.blocks);

describe('a report', () => {
  test('arrives with its number, kind and who sent it', async () => {
    await report();
    const page = await staff.text('/inbox');
    for (const words of ['nr 1', 'Szlaban nie działa.', 'infrastruktura', 'Osoba Zgłaszająca']) {
      expect(page).toContain(words);
    }
    expect(await staff.text('/inbox?status=solved')).not.toContain('Szlaban');
  });

  test('made anonymously names nobody on any page', async () => {
    const path = await report(true);
    for (const page of [await staff.text('/inbox'), await staff.text(path)]) {
      expect(page).toContain('zgłoszenie anonimowe');
      expect(page).not.toContain('Osoba Zgłaszająca');
      expect(page).not.toContain(memberId);
    }
  });

  test('is answered, and its status reaches the person with the note', async () => {
    const path = await report();
    expect(await staff.submit(`${path}/answer`, { text: 'Technik będzie dziś.' })).toContain('jest w drodze');
    await t.settle();
    expect(said()).toContain('Technik będzie dziś.');
    const form = hidden(await staff.text(path));
    const page = await staff.submit(`${path}/status`, { ...form, status: 'solved', note: 'Naprawione.' });
    expect(page).toContain('rozwiązane');
    await t.settle();
    expect(said()).toContain('Naprawione.');
  });

  test('handled by two at once: the slower one is told', async () => {
    const path = await report();
    const form = hidden(await staff.text(path));
    const other = await t.signedIn('staff');
    await other.post(`${path}/status`, { ...form, status: 'inProgress' });
    const answer = await staff.post(`${path}/status`, { ...form, status: 'declined' });
    expect(answer.status).toBe(422);
    expect(await plain(answer)).toContain('Ktoś zmienił to w międzyczasie');
  });

  test('an empty answer is refused at its field', async () => {
    const answer = await staff.post(`${await report()}/answer`, { text: '   ' });
    expect(answer.status).toBe(422);
    expect(await plain(answer)).toContain('id="f-text-error"');
  });
});
