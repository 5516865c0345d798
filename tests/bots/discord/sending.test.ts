import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Block } from '../../../core/channels/outbound-message.ts';
import { message, openAdapter, openEmulator, texts, token } from './support.ts';

const png = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
);
const image: Block<string> = {
  type: 'image',
  media: { id: 'picture-1', fileName: 'hala "nowa".png', contentType: 'image/png', data: png },
  alt: 'Hala',
};
const button: Block<string> = { type: 'actions', actions: [{ kind: 'press', id: 'ok', label: 'OK' }] };

async function open(options: Parameters<typeof openAdapter>[1] = {}) {
  const emulator = await openEmulator();
  return { emulator, ...openAdapter(emulator, options), person: emulator.person() };
}

describe('sending on Discord', () => {
  it('uploads a picture with its words, its buttons and what it answers', async () => {
    const { emulator, adapter, person } = await open();
    const first = await adapter.send(person.id, message('Pytanie'));
    const sent = await adapter.send(
      person.id,
      message([image, { type: 'text', text: 'Hala' }, button], { replyTo: first.externalMessageId }),
    );
    const [file] = person.last().attachments;
    expect(file).toMatchObject({ filename: 'hala "nowa".png', description: 'Hala' });
    expect(emulator.platform.files.get(file?.id ?? '')?.bytes).toEqual(png);
    expect(person.last().message_reference?.message_id).toBe(first.externalMessageId);
    expect(person.labels()).toEqual(['OK']);
    await adapter.edit(person.id, sent, message([image, { type: 'text', text: 'Przeczytane' }]));
    expect(person.text()).toBe('Hala\n\nPrzeczytane');
    expect(person.last()).toMatchObject({ components: [], attachments: { length: 1 } });
  });

  it('says on a list of several that closing it sends the marks, in the reader’s language, also when edited', async () => {
    const { adapter, person } = await open({ texts });
    const options = ['Rano', 'Wieczór'].map((label, n) => ({ value: `${n}`, label }));
    const several: Block<string> = { type: 'choice', id: 'v', multiple: true, options, submitLabel: 'Send' };
    const sent = await adapter.send(person.id, message([several], { language: 'en' }));
    expect(person.list().component.placeholder).toBe('en: mark');
    await adapter.edit(person.id, sent, message([several]));
    expect(person.list().component.placeholder).toBe('pl: mark');
  });

  it('sends once what may have been taken: the second try brings the same key', async () => {
    for (const fault of [
      { kind: 'silence', accepted: true },
      { kind: 'silence', accepted: false },
      { kind: 'reset', accepted: true },
      { kind: 'truncated' },
    ] as const) {
      const { emulator, adapter, person } = await open({ sendTimeoutMs: 300 });
      emulator.fail('postMessage', fault);
      const sent = await adapter.send(person.id, message('raz'));
      expect(person.shown().map((m) => m.id)).toEqual([sent.externalMessageId]);
      expect(emulator.calls('postMessage')).toHaveLength(2);
    }
  });

  it('is in doubt, not failed, when the second try is no better', async () => {
    const { emulator, adapter, person } = await open({ sendTimeoutMs: 300 });
    emulator.fail('postMessage', { kind: 'silence', accepted: true });
    emulator.fail('postMessage', { kind: 'error', status: 502, code: 0, message: 'Bad Gateway' });
    await expect(adapter.send(person.id, message('raz'))).rejects.toMatchObject({ maybeSent: true });
    expect(person.shown()).toHaveLength(1);
  });

  it('asks once, not four times, when the platform is in trouble', async () => {
    const { emulator, adapter, person } = await open();
    emulator.fail('postMessage', { kind: 'error', status: 500, code: 0, message: 'x' });
    await expect(adapter.send(person.id, message('raz'))).rejects.toMatchObject({ retryable: true });
    expect(emulator.calls('postMessage')).toHaveLength(1);
  });

  it('says that it is to wait instead of waiting in silence', async () => {
    const { emulator, adapter, person } = await open();
    emulator.fail('postMessage', { kind: 'limit', retryAfter: 20, scope: 'global' });
    const start = performance.now();
    await expect(adapter.send(person.id, message('raz'))).rejects.toMatchObject({
      code: 'Throttled',
      retryAfterMs: expect.toSatisfy((ms: number) => ms >= 19_000 && ms <= 21_000),
    });
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('waits out the limit of one conversation, which holds up nobody else', async () => {
    const rates = { global: 1000, perChannel: 2, windowMs: 400, openings: 100 };
    const emulator = await openEmulator({ rates });
    const { adapter } = openAdapter(emulator);
    const [busy, other] = [emulator.person(), emulator.person()];
    const order: string[] = [];
    await Promise.all([
      ...[1, 2, 3].map((n) => adapter.send(busy.id, message(`b${n}`)).then(() => order.push('b'))),
      adapter.send(other.id, message('o')).then(() => order.push('o')),
    ]);
    expect(busy.shown()).toHaveLength(3);
    expect(order.at(-1)).toBe('b');
    expect(order.indexOf('o')).toBeLessThan(3);
  });

  it('keeps its token although it was refused once', async () => {
    const { emulator, adapter, person } = await open();
    emulator.fail('postMessage', { kind: 'error', status: 401, code: 0, message: '401: Unauthorized' });
    await expect(adapter.send(person.id, message('raz'))).rejects.toMatchObject({ code: 'Misconfigured' });
    await adapter.send(person.id, message('dwa'));
    expect(person.shown()).toHaveLength(1);
    expect(emulator.requests.at(-1)?.authorization).toBe(`Bot ${emulator.token}`);
  });

  it('finishes a message in parts although it is told to wait between them', async () => {
    const { emulator, adapter, person } = await open();
    const post = emulator.platform.post.bind(emulator.platform);
    let failed = false;
    emulator.platform.post = (...given) => {
      if (!failed) emulator.fail('postMessage', { kind: 'limit', retryAfter: 1, scope: 'global' });
      failed = true;
      return post(...given);
    };
    const sent = await adapter.send(
      person.id,
      message([{ type: 'text', text: 'słowo '.repeat(800) }, button]),
    );
    expect(person.shown()).toHaveLength(3);
    const [first, second, last] = person.shown().map((m) => m.id);
    expect(sent.externalMessageId).toBe(`${last} ${first} ${second}`);
    expect(person.shown().map((m) => person.labels(m))).toEqual([[], [], ['OK']]);
  });

  it('is in doubt, not failed, when only the first part was taken', async () => {
    const { emulator, adapter, person } = await open();
    const post = emulator.platform.post.bind(emulator.platform);
    emulator.platform.post = (...given) => {
      emulator.fail('postMessage', {
        kind: 'error',
        status: 400,
        code: 50_035,
        message: 'Invalid Form Body',
      });
      return post(...given);
    };
    const long = message('słowo '.repeat(800));
    await expect(adapter.send(person.id, long)).rejects.toMatchObject({ maybeSent: true, retryable: false });
  });

  it('knows nothing was sent when nobody listens', async () => {
    const { emulator, adapter, person } = await open();
    await emulator.hangUp();
    await expect(adapter.send(person.id, message('raz'))).rejects.toMatchObject({
      code: 'Unavailable',
      retryable: true,
    });
    await emulator.listen(emulator.port);
  });

  it.each(['closed', 'stranger', 'deleted'] as const)(
    'closes the address of somebody who is %s',
    async (state) => {
      const { emulator, adapter, person } = await open();
      person.account.state = state;
      await expect(adapter.send(person.id, message('x'))).rejects.toMatchObject({ code: 'RecipientGone' });
      await expect(adapter.send('100000000000000009', message('x'))).rejects.toMatchObject({
        code: 'RecipientGone',
      });
      await expect(adapter.send('not a person', message('x'))).rejects.toMatchObject({ code: 'Rejected' });
      expect(emulator.calls('postMessage').length).toBeLessThanOrEqual(1);
    },
  );

  it('opens a conversation once, and anew when the one it remembers is gone', async () => {
    const { emulator, adapter, person } = await open();
    await Promise.all([adapter.send(person.id, message('a')), adapter.send(person.id, message('b'))]);
    expect(emulator.calls('openDirectMessages')).toHaveLength(1);
    emulator.fail('postMessage', { kind: 'error', status: 404, code: 10_003, message: 'Unknown Channel' });
    await adapter.send(person.id, message('c'));
    expect(emulator.calls('openDirectMessages')).toHaveLength(2);
    expect(person.shown()).toHaveLength(3);
  });

  it('opens conversations one after another, with time between', async () => {
    const { emulator, adapter } = await open({ openingIntervalMs: 60 });
    const people = Array.from({ length: 4 }, () => emulator.person());
    await Promise.all(people.map((person) => adapter.send(person.id, message('x'))));
    const at = emulator.calls('openDirectMessages').map((call) => call.at);
    for (const [n, time] of at.entries())
      if (n > 0) expect(time - (at[n - 1] ?? 0)).toBeGreaterThanOrEqual(55);
  });

  it('is told when it opens them too fast', async () => {
    const emulator = await openEmulator({
      rates: { global: 100, perChannel: 100, windowMs: 5000, openings: 1 },
    });
    const { adapter } = openAdapter(emulator);
    await adapter.send(emulator.person().id, message('x'));
    await expect(adapter.send(emulator.person().id, message('x'))).rejects.toMatchObject({
      code: 'Throttled',
      retryAfterMs: 30_000,
    });
  });

  it('refuses to edit what is gone; what is so already is fine', async () => {
    const { adapter, person } = await open();
    const sent = await adapter.send(person.id, message([{ type: 'text', text: 'Przed' }, button]));
    await adapter.edit(person.id, sent, message('Po'));
    await adapter.edit(person.id, sent, message('Po'));
    expect(person.last()).toMatchObject({ content: 'Po', components: [] });
    const gone = { externalMessageId: '100000000000000009' };
    await expect(adapter.edit(person.id, gone, message('Po'))).rejects.toMatchObject({
      code: 'Rejected',
      maybeSent: false,
    });
  });

  it('corrects every part of a message; parts no longer needed go, gone already or not', async () => {
    const { emulator, adapter, person } = await open();
    const long = (word: string) => message([{ type: 'text', text: `${word} `.repeat(500) }, button]);
    const sent = await adapter.send(person.id, long('przed'));
    expect(person.shown()).toHaveLength(2);
    await adapter.edit(person.id, sent, long('potem'));
    expect(
      person
        .shown()
        .map((m) => person.text(m))
        .join(' '),
    ).toBe('potem '.repeat(500).trim());
    const answer = await adapter.send(person.id, message('Odpowiedź', { replyTo: sent.externalMessageId }));
    expect(person.last().message_reference?.message_id).toBe(sent.externalMessageId.split(' ')[0]);
    for (let times = 1; times <= 2; times++) {
      await adapter.edit(person.id, sent, message([{ type: 'text', text: 'krótko' }, button]));
      expect(person.shown().map((m) => [person.text(m), person.labels(m)])).toEqual([
        ['krótko', ['OK']],
        ['Odpowiedź', []],
      ]);
    }
    expect(emulator.calls('deleteMessage')).toHaveLength(2);
    expect(answer.externalMessageId).not.toContain(' ');
  });

  it('never says the token or a person’s words, whatever goes wrong', async () => {
    const { emulator, adapter, person, log } = await open({ sendTimeoutMs: 200 });
    const faults = [
      { kind: 'truncated' },
      { kind: 'reset', accepted: false },
      { kind: 'silence', accepted: false },
      { kind: 'page', status: 502 },
      { kind: 'page', status: 200 },
      { kind: 'page', status: 404 },
      { kind: 'error', status: 400, code: 50_035, message: 'Value "tajne" is wrong' },
      { kind: 'error', status: 401, code: 0, message: '401: Unauthorized' },
    ] as const;
    for (const fault of faults) {
      emulator.fail('postMessage', fault, 2);
      const error = await adapter.send(person.id, message('tajne')).catch((caught: unknown) => caught);
      const told = inspect(error, { depth: 10, showHidden: true });
      expect(told).toMatch(/^ChannelError/);
      expect(told).not.toContain(emulator.token);
      expect(told).not.toContain('tajne');
    }
    expect(log.join()).not.toContain(emulator.token);
  });

  it('reaches five hundred people in seconds', async () => {
    const { emulator, adapter } = await open();
    const people = Array.from({ length: 500 }, () => emulator.person());
    const text = message([{ type: 'text', text: 'Do wszystkich' }, button]);
    // As the sender of the core does: no more than the platform takes in a second.
    for (let start = 0; start < people.length; start += 20) {
      const wave = people.slice(start, start + 20);
      await Promise.all(wave.map((person) => sendPatiently(() => adapter.send(person.id, text))));
    }
    for (const person of people) {
      expect(person.shown()).toHaveLength(1);
      expect(JSON.stringify(person.last().components)).toContain(`${token}:ok`);
    }
  }, 60_000);
});

async function sendPatiently<T>(send: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await send();
    } catch (error) {
      const { retryAfterMs } = error as { retryAfterMs?: number };
      if (retryAfterMs === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    }
  }
}
