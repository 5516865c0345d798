// First, as another messenger's SDK may well be: it brings another undici into the process.
import { App } from '@slack/bolt';
import { expect, it } from 'vitest';
import { message, openAdapter, openEmulator } from './support.ts';

it('uploads a file although Slack’s SDK was loaded before', async () => {
  expect(App).toBeTypeOf('function');
  const emulator = await openEmulator();
  const { adapter } = openAdapter(emulator);
  const person = emulator.person();
  const data = new TextEncoder().encode('Regulamin');
  const media = { id: 'f', fileName: 'regulamin.txt', contentType: 'text/plain', data };
  await adapter.send(person.id, message([{ type: 'file', media, label: 'Regulamin' }]));
  const [file] = person.last().attachments;
  expect(emulator.platform.files.get(file?.id ?? '')).toEqual({ name: 'regulamin.txt', bytes: data });
});
