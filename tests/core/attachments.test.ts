import { afterEach, beforeEach, expect, it } from 'vitest';
import { addAttachment } from '../../core/announcements/attachment.ts';
import { createPoll } from '../../core/polls/create.ts';
import { closePollNow } from '../../core/polls/steer.ts';
import { vote } from '../../core/polls/vote.ts';
import { deleteUnusedAttachments, findAttachmentInfo } from '../../core/store/attachments.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { addPerson, announce } from './announcements-support.ts';

let t: TestCore;
beforeEach(async () => {
  t = await openTestCore();
});
afterEach(() => t.close());

const upload = () =>
  t.core.transaction((unit) =>
    addAttachment(unit, { fileName: 'a.pdf', contentType: 'application/pdf', data: new Uint8Array([1]) }),
  );
const kept = async () =>
  (await t.core.db.selectFrom('attachment').select('id').orderBy('id').execute()).map((r) => r.id);
const sweep = () => deleteUnusedAttachments(t.core.db, t.clock.now() - 86_400_000);

it('what was uploaded for a preview and never sent goes after a day; what was sent and polls’ pictures stay', async () => {
  await t.core.db.updateTable('network').set({ smallest_group: 1 }).execute();
  await addPerson(t, { id: 'ala' });
  const sent = await upload();
  await announce(t, { attachmentId: sent, urgent: true });
  const { id: poll } = await t.core.transaction((unit) =>
    createPoll(
      unit,
      {
        question: { pl: 'Kiedy?', en: 'When?' },
        options: [
          { pl: 'Dziś', en: 'Today' },
          { pl: 'Jutro', en: 'Tomorrow' },
        ],
        ...{ multiple: false, anonymous: false, showResults: 'afterClose', urgent: true },
        closesAt: unit.now + 3_600_000,
      },
      null,
    ),
  );
  await t.settle();
  await t.core.transaction((unit) => vote(unit, { pollId: poll, memberId: 'ala', values: [0] }));
  await t.core.transaction((unit) => closePollNow(unit, poll));
  await t.settle();
  const unsent = await upload();
  const pictures = (await kept()).filter((id) => id.startsWith(poll));
  expect(pictures.length).toBeGreaterThan(0);
  await sweep();
  expect(await kept()).toContain(unsent);
  t.clock.advance(25 * 3_600_000);
  await sweep();
  expect(await kept()).toEqual([...pictures, sent].sort());
});

it.each([
  ['half a character', 'raport\ud83d.pdf', 'raport\ufffd.pdf'],
  ['more than is kept', `${'a'.repeat(60)}${'📄'.repeat(119)}b`, `${'📄'.repeat(119)}b`],
])('a file name with %s can be named in an address', async (_, fileName, kept) => {
  const file = { fileName, contentType: 'application/pdf', data: new Uint8Array([1]) };
  const id = await t.core.transaction((unit) => addAttachment(unit, file));
  const info = await findAttachmentInfo(t.core.db, id);
  expect(info?.file_name).toBe(kept);
  expect(() => encodeURIComponent(String(info?.file_name))).not.toThrow();
});
