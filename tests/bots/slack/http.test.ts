import { afterEach, describe, expect, it, vi } from 'vitest';
import type { InboundEvent } from '../../../core/channels/inbound-event.ts';
import { serveEndpoints } from '../../contracts/endpoints.ts';
import { sign } from '../../emulators/slack/lines.ts';
import { SlackEmulator } from '../../emulators/slack/server.ts';
import { field, later, openAdapter, until } from './support.ts';

async function open(onEvent: (event: InboundEvent) => Promise<void> = async () => undefined) {
  const server = await serveEndpoints(() => adapter.endpoints);
  later(server.close);
  const url = `${server.url}/webhooks/slack`;
  const emulator = await SlackEmulator.start({ eventsUrl: url });
  later(() => emulator.close());
  const { adapter } = openAdapter(emulator, { receiving: { signingSecret: emulator.signingSecret } });
  const events: InboundEvent[] = [];
  const connect = () =>
    adapter.connect(async (event) => {
      await onEvent(event);
      events.push(event);
    });
  const post = (body: string, headers: Record<string, string>) =>
    fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  const signed = (body: string, offsetSeconds = 0, secret = emulator.signingSecret) => {
    const timestamp = String(Math.floor(Date.now() / 1000) + offsetSeconds);
    return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': sign(secret, timestamp, body) };
  };
  return { emulator, adapter, events, connect, post, signed };
}

const body = JSON.stringify({
  type: 'event_callback',
  event_id: 'Ev1',
  event: { type: 'message', channel: 'D1A', channel_type: 'im', user: 'U1A', text: 'x', ts: '1.000001' },
});

afterEach(() => void vi.useRealTimers());

describe('Slack, by HTTP', () => {
  it('has one address, and none over the socket', async () => {
    const { adapter, emulator } = await open();
    expect(adapter.endpoints).toMatchObject([{ method: 'POST', path: '/webhooks/slack' }]);
    expect(openAdapter(emulator).adapter.endpoints).toEqual([]);
  });

  it('takes nothing that Slack did not sign just now', async () => {
    const { connect, post, signed, events } = await open();
    await connect();
    // However slow the machine, a signature grows no older than it was made.
    vi.useFakeTimers({ toFake: ['Date'] });
    const refused = [
      {},
      signed(body, -301),
      signed(body, 301),
      signed(body, 0, 'another secret'),
      signed(`${body} `),
      { ...signed(body), 'x-slack-signature': 'v0=' },
      { ...signed(body), 'x-slack-signature': `v1=${'0'.repeat(64)}` },
      { ...signed(body), 'x-slack-request-timestamp': 'NaN' },
    ];
    for (const headers of refused)
      expect((await post(body, headers as Record<string, string>)).status).toBe(401);
    expect(events).toEqual([]);
    for (const offset of [-290, 0, 290]) expect((await post(body, signed(body, offset))).status).toBe(200);
    expect(events).toHaveLength(3);
  });

  it('proves its address when Slack asks, to nobody else', async () => {
    const { post, signed } = await open();
    const question = JSON.stringify({ type: 'url_verification', token: 'x', challenge: 'abc' });
    expect((await post(question, {})).status).toBe(401);
    const answer = await post(question, signed(question));
    expect(await answer.json()).toEqual({ challenge: 'abc' });
  });

  it('accepts what can never be read, or Slack would send it again', async () => {
    const { connect, post, signed, events } = await open();
    await connect();
    for (const text of ['', '{', '[]', 'null', '{"type":"event_callback"}']) {
      expect((await post(text, signed(text))).status).toBe(200);
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const text of ['payload=%7B', 'ssl_check=1&token=x', '']) {
      expect((await post(text, { ...signed(text), ...form })).status).toBe(200);
    }
    const huge = 'x'.repeat(1_100_000);
    expect((await post(huge, signed(huge))).status).toBe(413);
    expect(events).toEqual([]);
  });

  it('answers 200 only once the event is stored, 500 when it is not while closing', async () => {
    const store = vi.fn().mockRejectedValue(new Error('the store is away'));
    const { connect, adapter, post, signed } = await open(store);
    await connect();
    const answer = post(body, signed(body));
    await until(() => expect(store).toHaveBeenCalled());
    await adapter.close();
    expect((await answer).status).toBe(500);
  });

  it('asks to come again while it is not connected', async () => {
    const { connect, adapter, post, signed } = await open();
    expect((await post(body, signed(body))).status).toBe(503);
    await connect();
    await adapter.close();
    expect((await post(body, signed(body))).status).toBe(503);
  });

  it('takes events, presses, windows and commands', async () => {
    const { connect, adapter, emulator, events } = await open();
    await connect();
    const person = emulator.person();
    await person.say('cześć');
    await person.command('report');
    const blocks = [{ type: 'input' as const, id: 'words', ...field }];
    await adapter.send(person.id, { token: 'Abcdefgh12345678', language: 'pl', deliveryId: 'd', blocks });
    await person.press('✎ Co przeszkadza?');
    await until(() => expect(person.user.view).not.toBeNull());
    await person.submit('słowa');
    expect(events.map((e) => e.type)).toEqual(['text', 'command', 'text']);
  });
});
