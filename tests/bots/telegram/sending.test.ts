import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Block } from '../../../core/channels/outbound-message.ts';
import { message, openAdapter, openEmulator, openPerson, token } from './support.ts';

const png = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
);
const image = (data = png): Block<string> => ({
  type: 'image',
  media: { id: 'picture-1', fileName: 'hala "nowa"\r\n.png', contentType: 'image/png', data },
  alt: '',
});
const button: Block<string> = { type: 'actions', actions: [{ kind: 'press', id: 'ok', label: 'OK' }] };

async function open(sendTimeoutMs = 10_000) {
  const emulator = await openEmulator();
  const { adapter, log } = openAdapter(emulator, { sendTimeoutMs });
  return { emulator, adapter, log, person: openPerson(emulator) };
}

describe('sending on Telegram', () => {
  it('uploads a picture with its words, its buttons and what it answers', async () => {
    const { emulator, adapter, person } = await open();
    const first = await adapter.send(person.id, message('Pytanie'));
    const sent = await adapter.send(
      person.id,
      message([image(), { type: 'text', text: 'Hala' }, button], { replyTo: first.externalMessageId }),
    );
    expect(sent.externalMessageId).toMatch(/^\d+p$/);
    const shown = person.last();
    expect(shown).toMatchObject({ text: 'Hala', replyTo: Number(first.externalMessageId) });
    expect(person.labels()).toEqual(['OK']);
    expect(emulator.requests.at(-1)?.contentType).toBe('multipart/form-data');
    expect(emulator.platform.files.get(shown.media?.fileId ?? '')).toEqual({
      name: 'hala _nowa___.png',
      bytes: png,
    });
    await adapter.edit(person.id, sent, message([image(), { type: 'text', text: 'Przeczytane' }]));
    expect(person.last()).toMatchObject({ text: 'Przeczytane', markup: null });
  });

  it('uploads the same picture once for everybody, and again when Telegram forgot it', async () => {
    const { emulator, adapter } = await open();
    const people = Array.from({ length: 5 }, () => openPerson(emulator));
    for (const person of people) await adapter.send(person.id, message([image()]));
    const forms = () => emulator.requests.filter((r) => r.contentType === 'multipart/form-data').length;
    expect(forms()).toBe(1);
    emulator.platform.files.clear();
    for (const person of people) await adapter.send(person.id, message([image()]));
    expect(forms()).toBe(2);
    for (const person of people) expect(person.shown()).toHaveLength(2);
  });

  it('sends as a file what turns out to be no picture', async () => {
    const { adapter, person } = await open();
    await adapter.send(person.id, message([image(Uint8Array.of(1, 2, 3)), { type: 'text', text: 'Hala' }]));
    expect(person.shown()).toHaveLength(1);
    expect(person.last()).toMatchObject({ text: 'Hala', media: { kind: 'document' } });
  });

  it('finishes a message in parts although it is told to wait between them', async () => {
    const { emulator, adapter, person } = await open();
    const long = message([{ type: 'text', text: 'słowo '.repeat(1500) }, button]);
    const wait = {
      kind: 'error',
      code: 429,
      description: 'Too Many Requests',
      parameters: { retry_after: 1 },
    } as const;
    const original = emulator.platform.call.bind(emulator.platform);
    let failed = false;
    emulator.platform.call = async (method, payload) => {
      if (method === 'sendMessage' && !failed) {
        failed = true;
        emulator.fail('sendMessage', wait);
      }
      return original(method, payload);
    };
    const sent = await adapter.send(person.id, long);
    expect(person.shown().length).toBeGreaterThan(2);
    expect(String(person.last().messageId)).toBe(sent.externalMessageId);
    expect(person.shown().map((m) => person.labels(m))).toEqual([[], [], ['OK']]);
  });

  it('is in doubt, not failed, when only the first part was taken', async () => {
    const { emulator, adapter, person } = await open();
    const original = emulator.platform.call.bind(emulator.platform);
    emulator.platform.call = async (method, payload) => {
      emulator.fail('sendMessage', { kind: 'error', code: 400, description: 'Bad Request: no' });
      return original(method, payload);
    };
    const long = message('słowo '.repeat(1500));
    await expect(adapter.send(person.id, long)).rejects.toMatchObject({ maybeSent: true, retryable: false });
  });

  it.each(['silence', 'reset'] as const)('is in doubt after %s, and Telegram has it', async (kind) => {
    const { emulator, adapter, person } = await open(500);
    emulator.fail('sendMessage', { kind, accepted: true });
    await expect(adapter.send(person.id, message('raz'))).rejects.toMatchObject({ maybeSent: true });
    expect(person.shown()).toHaveLength(1);
  });

  it('waits no longer for the answer to a picture than it is told to', async () => {
    const { emulator, adapter, person } = await open(300);
    emulator.fail('sendPhoto', { kind: 'silence', accepted: true });
    const start = performance.now();
    await expect(adapter.send(person.id, message([image()]))).rejects.toMatchObject({ maybeSent: true });
    expect(performance.now() - start).toBeLessThan(5000);
    expect(person.shown()).toHaveLength(1);
  });

  it('is in doubt after half an answer', async () => {
    const { emulator, adapter, person } = await open();
    emulator.fail('sendMessage', { kind: 'truncated' });
    await expect(adapter.send(person.id, message('raz'))).rejects.toMatchObject({ maybeSent: true });
  });

  it('knows nothing was sent when nobody listens', async () => {
    const { emulator, adapter, person } = await open();
    await emulator.close();
    await expect(adapter.send(person.id, message('raz'))).rejects.toMatchObject({
      code: 'Unavailable',
      retryable: true,
    });
  });

  it('closes the address of somebody unknown, gone or not yet met', async () => {
    const { emulator, adapter, person } = await open();
    const stranger = emulator.person();
    person.deactivate();
    for (const address of [person.id, stranger.id, '999']) {
      await expect(adapter.send(address, message('x'))).rejects.toMatchObject({ code: 'RecipientGone' });
    }
    await expect(adapter.send('not a chat', message('x'))).rejects.toMatchObject({ code: 'Rejected' });
  });

  it('says where a conversation moved to', async () => {
    const { adapter, person } = await open();
    person.chat.migratedTo = -1005;
    await expect(adapter.send(person.id, message('x'))).rejects.toMatchObject({ movedTo: '-1005' });
  });

  it('never says the token, whatever goes wrong', async () => {
    const { emulator, adapter, person, log } = await open(500);
    const faults = [
      { kind: 'truncated' },
      { kind: 'reset', accepted: false },
      { kind: 'silence', accepted: false },
      { kind: 'page', status: 502 },
      { kind: 'page', status: 200 },
      { kind: 'page', status: 404 },
      { kind: 'error', code: 400, description: `Bad Request: /bot${emulator.token}/sendMessage` },
    ] as const;
    for (const [n, fault] of faults.entries()) {
      emulator.fail('sendMessage', fault);
      emulator.fail('editMessageText', fault);
      const errors = await Promise.all([
        adapter.send(person.id, message('tajne')).then(
          () => null,
          (error: unknown) => error,
        ),
        adapter.edit(person.id, { externalMessageId: '1' }, message(`tajne ${n}`)).then(
          () => null,
          (e: unknown) => e,
        ),
      ]);
      for (const error of errors) {
        expect(error).not.toBeNull();
        const told = inspect(error, { depth: 10, showHidden: true });
        expect(told).not.toContain(emulator.token.split(':')[1]);
        expect(told).not.toContain('tajne');
      }
    }
    expect(log.join()).not.toContain(emulator.token);
  });

  it('reaches a thousand people in seconds', async () => {
    const { emulator, adapter } = await open();
    const people = Array.from({ length: 1000 }, () => openPerson(emulator));
    const text = message([{ type: 'text', text: 'Do wszystkich' }, button]);
    for (let start = 0; start < people.length; start += 50) {
      await Promise.all(people.slice(start, start + 50).map((person) => adapter.send(person.id, text)));
    }
    for (const person of people) {
      expect(person.shown()).toHaveLength(1);
      expect(person.last().markup?.inline_keyboard[0]?.[0]?.callback_data).toBe(`${token}:ok`);
    }
  });

  it('edits words, captions and buttons; what is gone is refused, what is so already is fine', async () => {
    const { adapter, person } = await open();
    const sent = await adapter.send(person.id, message([{ type: 'text', text: 'Przed' }, button]));
    const after = message([{ type: 'text', text: 'Po' }]);
    await adapter.edit(person.id, sent, after);
    await adapter.edit(person.id, sent, after);
    expect(person.last()).toMatchObject({ text: 'Po', edits: 1, markup: null });
    await expect(adapter.edit(person.id, { externalMessageId: '999' }, after)).rejects.toMatchObject({
      code: 'Rejected',
      maybeSent: false,
    });
  });
});
