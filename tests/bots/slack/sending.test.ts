import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import type { Block } from '../../../core/channels/outbound-message.ts';
import type { EmulatorOptions } from '../../emulators/slack/server.ts';
import { connected, message, openAdapter, openEmulator } from './support.ts';

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
const image = (data = png, contentType = 'image/png'): Block<string> => ({
  type: 'image',
  media: { id: `picture-${data.length}`, fileName: 'hala "nowa"\r\n.png', contentType, data },
  alt: 'Hala',
});
const button: Block<string> = { type: 'actions', actions: [{ kind: 'press', id: 'ok', label: 'OK' }] };
const long: Block<string> = { type: 'text', text: 'słowo '.repeat(4000) };

async function open(options: EmulatorOptions = {}, sendTimeoutMs = 5000) {
  const emulator = await openEmulator(options);
  const { adapter, log } = openAdapter(emulator, { sendTimeoutMs });
  return { emulator, adapter, log, person: emulator.person() };
}

describe('sending on Slack', () => {
  it('opens the conversation with the first message and knows it from then on', async () => {
    const { emulator, adapter, person } = await open();
    const sent = await adapter.send(person.id, message('raz'));
    await adapter.send(person.id, message('dwa'));
    expect(sent.externalMessageId).toBe(`${person.user.conversation}:${person.shown()[0]?.ts}`);
    expect(emulator.calls('chat.postMessage').map((c) => c.channel)).toEqual([
      person.id,
      person.user.conversation,
    ]);
    expect(emulator.calls('conversations.open')).toEqual([]);
  });

  it('knows the conversation from what the person wrote', async () => {
    const emulator = await openEmulator();
    const { adapter } = await connected(emulator);
    const person = emulator.person();
    await person.say('cześć');
    await adapter.send(person.id, message('cześć'));
    expect(emulator.calls('chat.postMessage')[0]?.channel).toBe(person.user.conversation);
  });

  it('puts the delivery into the metadata and expands no link', async () => {
    const { emulator, adapter, person } = await open();
    await adapter.send(person.id, message('https://example.org', { deliveryId: 'delivery-7' }));
    const [call] = emulator.calls('chat.postMessage');
    expect(call).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false' });
    expect(person.last().metadata?.event_payload).toEqual({ delivery: 'delivery-7', part: 0 });
  });

  it('shows a picture in the message, uploaded once for everybody', async () => {
    const { emulator, adapter } = await open();
    const people = Array.from({ length: 5 }, () => emulator.person());
    for (const person of people) {
      await adapter.send(person.id, message([image(), { type: 'text', text: 'Nowa' }, button]));
      expect(person.shown()).toHaveLength(1);
      expect(person.files(person.last())).toEqual(['hala _nowa___.png']);
    }
    expect(emulator.calls('files.getUploadURLExternal')).toHaveLength(1);
    expect([...emulator.platform.workspace.files.values()][0]?.bytes).toEqual(png);
  });

  it('says what is in a picture to those who cannot see it, as far as Slack takes it', async () => {
    const { emulator, adapter, person } = await open();
    const described = { ...image(), alt: 'Hala '.repeat(300) } as Block<string>;
    await adapter.send(person.id, message([described]));
    const [{ alt_txt: said = '' } = {}] = emulator.calls('files.getUploadURLExternal');
    expect(said).toMatch(/^Hala Hala .*Hala…$/);
    expect(said.length).toBeLessThanOrEqual(1000);
  });

  it('waits until Slack can show a picture it was just given', async () => {
    const { adapter, person } = await open({ pictureReadyMs: 400 });
    await adapter.send(person.id, message([image(), { type: 'text', text: 'Nowa' }]));
    expect(person.shown()).toHaveLength(1);
  });

  it.each([
    ['a picture Slack does not show', image(png, 'image/webp')],
    [
      'a file',
      {
        type: 'file',
        label: 'Regulamin',
        media: { id: 'f', fileName: 'r.pdf', contentType: 'application/pdf', data: png },
      } as Block<string>,
    ],
  ])('hands over %s as a file before the words, in the thread of what is answered', async (_, block) => {
    const { adapter, person } = await open();
    const first = await adapter.send(person.id, message('Pytanie'));
    await adapter.send(
      person.id,
      message([block, { type: 'text', text: 'Oto' }], { replyTo: first.externalMessageId }),
    );
    const [root, file, words] = person.shown();
    expect(person.files(file as NonNullable<typeof file>)).toHaveLength(1);
    expect([file?.thread, words?.thread]).toEqual([root?.ts, root?.ts]);
    expect(words?.blocks).toMatchObject([{ type: 'section' }]);
  });

  it('answers beside what the person deleted meanwhile', async () => {
    const { emulator, adapter, person } = await open();
    const file: Block<string> = {
      type: 'file',
      label: 'Regulamin',
      media: { id: 'f', fileName: 'r.pdf', contentType: 'application/pdf', data: png },
    };
    const replyTo = `${person.user.conversation}:1600000000.000001`;
    await adapter.send(person.id, message([file, { type: 'text', text: 'Oto' }], { replyTo }));
    expect(person.shown().map((m) => [person.words(m), m.thread])).toEqual([
      ['Regulamin', null],
      ['Oto', null],
    ]);
    emulator.fail('chat.postMessage', { kind: 'error', error: 'msg_too_long' });
    const refused = adapter.send(person.id, message('x', { replyTo }));
    await expect(refused).rejects.toMatchObject({ code: 'Rejected' });
  });

  it('hands over as a file what turns out to be no picture, and refuses an empty one', async () => {
    const { adapter, person } = await open();
    const sent = await adapter.send(
      person.id,
      message([image(Uint8Array.of(1, 2, 3)), { type: 'text', text: 'Hala' }]),
    );
    expect(person.shown().map((m) => person.words(m))).toEqual(['Hala', 'Hala']);
    expect(sent.externalMessageId).toContain(person.last().ts);
    await expect(adapter.send(person.id, message([image(new Uint8Array())]))).rejects.toMatchObject({
      code: 'Rejected',
    });
  }, 15_000);

  it('finishes a message in parts although it is told to wait between them', async () => {
    const { emulator, adapter, person } = await open();
    let calls = 0;
    const original = emulator.platform.call.bind(emulator.platform);
    emulator.platform.call = (method, form) => {
      const result = original(method, form);
      if (calls++ === 0) emulator.fail('chat.postMessage', { kind: 'rateLimited', retryAfter: 1 });
      return result;
    };
    const sent = await adapter.send(person.id, message([long, button]));
    const shown = person.shown();
    expect(shown.length).toBeGreaterThan(2);
    expect(sent.externalMessageId).toContain(shown.at(-1)?.ts);
    expect(shown.map((m) => m.blocks.some((b) => b.type === 'actions'))).toEqual([
      ...shown.slice(1).map(() => false),
      true,
    ]);
  });

  it('is in doubt, not failed, when only the first part was taken', async () => {
    const { emulator, adapter, person } = await open();
    const original = emulator.platform.call.bind(emulator.platform);
    emulator.platform.call = (method, form) => {
      emulator.fail('chat.postMessage', { kind: 'error', error: 'invalid_arguments' });
      return original(method, form);
    };
    await expect(adapter.send(person.id, message([long]))).rejects.toMatchObject({
      maybeSent: true,
      retryable: false,
    });
  });

  it.each([
    { kind: 'silence', accepted: true },
    { kind: 'reset', accepted: true },
    { kind: 'page', status: 502, accepted: true },
    { kind: 'truncated' },
  ] as const)('sends once and is in doubt after $kind', async (fault) => {
    const { emulator, adapter, person } = await open({}, 500);
    emulator.fail('chat.postMessage', fault);
    await expect(adapter.send(person.id, message('raz'))).rejects.toMatchObject({ maybeSent: true });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(person.shown()).toHaveLength(1);
    expect(emulator.calls('chat.postMessage')).toHaveLength(1);
  });

  it('is told to wait without making others wait', async () => {
    const { emulator, adapter, person } = await open();
    emulator.fail('chat.postMessage', { kind: 'rateLimited', retryAfter: 30 });
    await expect(adapter.send(person.id, message('raz'))).rejects.toMatchObject({
      code: 'Throttled',
      retryAfterMs: 30_000,
    });
    await adapter.send(emulator.person().id, message('dwa'));
  });

  it('meets the limits of the platform as what they are', async () => {
    const { adapter, person } = await open({
      rates: { perConversationPerSecond: 1, perMinute: 100, retryAfter: 2 },
    });
    await adapter.send(person.id, message('raz'));
    await expect(adapter.send(person.id, message('dwa'))).rejects.toMatchObject({
      code: 'Throttled',
      retryAfterMs: 2000,
    });
  });

  it('meets the limit of edits by itself: messages still leave', async () => {
    const { emulator, adapter, person } = await open({
      rates: { perConversationPerSecond: 1, perMinute: 100, retryAfter: 30 },
    });
    const sent = await adapter.send(person.id, message('raz'));
    const { editsPerMinute = 0 } = adapter.capabilities;
    for (let n = 0; n < editsPerMinute; n++) await adapter.edit(person.id, sent, message(`${n}`));
    await expect(adapter.edit(person.id, sent, message('za dużo'))).rejects.toMatchObject({
      code: 'Throttled',
      retryAfterMs: 30_000,
    });
    await adapter.send(emulator.person().id, message('dwa'));
  });

  it('knows nothing was sent when nobody listens', async () => {
    const { emulator, adapter, person } = await open();
    await emulator.hangUp();
    const failed = { code: 'Unavailable', retryable: true };
    await expect(adapter.send(person.id, message('raz'))).rejects.toMatchObject(failed);
    await expect(adapter.send(person.id, message([image()]))).rejects.toMatchObject(failed);
  });

  it('closes the address of somebody unknown or gone', async () => {
    const { adapter, person } = await open();
    person.user.deleted = true;
    for (const address of [person.id, 'U0NOBODY']) {
      await expect(adapter.send(address, message('x'))).rejects.toMatchObject({ code: 'RecipientGone' });
    }
    await expect(adapter.send('not a user', message('x'))).rejects.toMatchObject({ code: 'Rejected' });
  });

  it('edits words, pictures and buttons; what is gone is refused', async () => {
    const { adapter, person } = await open();
    const sent = await adapter.send(person.id, message([{ type: 'text', text: 'Przed' }, button]));
    await adapter.edit(person.id, sent, message([{ type: 'text', text: 'Po' }, image()]));
    expect(person.shown()).toHaveLength(1);
    expect(person.last().blocks).toMatchObject([
      { type: 'section', text: { text: 'Po' } },
      { type: 'image' },
    ]);
    for (const externalMessageId of ['D1A:1600000000.000001', 'nonsense']) {
      await expect(adapter.edit(person.id, { externalMessageId }, message('x'))).rejects.toMatchObject({
        maybeSent: false,
      });
    }
  });

  it('never says a token or a word of the message, whatever goes wrong', async () => {
    const { emulator, adapter, person, log } = await open({}, 300);
    const levels = ['debug', 'info', 'log', 'warn', 'error'] as const;
    const printed = levels.map((level) => vi.spyOn(console, level));
    const faults = [
      { kind: 'truncated' },
      { kind: 'reset', accepted: false },
      { kind: 'silence', accepted: false },
      { kind: 'page', status: 502 },
      { kind: 'page', status: 200 },
      { kind: 'error', error: `tajne ${emulator.token}` },
      {
        kind: 'error',
        error: 'invalid_blocks',
        more: { response_metadata: { messages: ['[ERROR] tajne'] } },
      },
    ] as const;
    const sent = await adapter.send(person.id, message('raz'));
    for (const fault of faults) {
      emulator.fail('chat.postMessage', fault);
      emulator.fail('chat.update', fault);
      const outcomes = await Promise.allSettled([
        adapter.send(person.id, message('tajne')),
        adapter.edit(person.id, sent, message('tajne')),
      ]);
      for (const outcome of outcomes) {
        expect(outcome.status).toBe('rejected');
        const told = inspect(outcome, { depth: 10, showHidden: true });
        expect(told).not.toContain('standin-for-tests');
        expect(told).not.toContain('tajne');
      }
    }
    expect(log.join()).not.toContain('standin-for-tests');
    for (const print of printed) {
      expect(print.mock.calls).toEqual([]);
      print.mockRestore();
    }
  });

  it('makes links that open the conversation, once it knows its app; the code goes to nobody', async () => {
    const { emulator, adapter } = await open();
    expect(adapter.invitationLink('Kod')).toBeNull();
    await adapter.connect(async () => undefined);
    const link = new URL(adapter.invitationLink('Kod 1') ?? '');
    expect(`${link.origin}${link.pathname}${link.search}`).toBe(
      'https://slack.com/app_redirect?app=A0WICIAPP&team=T0STANDIN',
    );
    expect(link.hash).toBe('#Kod%201');
    emulator.fail('bots.info', { kind: 'error', error: 'missing_scope' });
    const { adapter: without } = await connected(emulator);
    expect(without.health().state).toBe('connected');
    expect(without.invitationLink('Kod')).toBeNull();
  });
});
