import { describe, expect, it } from 'vitest';
import type { InboundEvent } from '../../../core/channels/inbound-event.ts';
import { serveEndpoints } from '../../contracts/endpoints.ts';
import { later, message, openAdapter, openEmulator, openPerson, until } from './support.ts';

const secret = 'webhook-secret';

async function open(onEvent: (event: InboundEvent) => Promise<void> = async () => undefined) {
  const emulator = await openEmulator();
  const server = await serveEndpoints(() => adapter.endpoints);
  later(server.close);
  const url = `${server.url}/webhooks/telegram`;
  const { adapter } = openAdapter(emulator, { webhook: { url, secret } });
  const events: InboundEvent[] = [];
  const connect = () =>
    adapter.connect(async (event) => {
      await onEvent(event);
      events.push(event);
    });
  const post = (body: string, headers: Record<string, string>) =>
    fetch(url, { method: 'POST', body, headers }).then((response) => response.status);
  return { emulator, adapter, events, url, connect, post };
}

const update = JSON.stringify({
  update_id: 5,
  message: {
    message_id: 1,
    chat: { id: 7, type: 'private' },
    from: { id: 7, is_bot: false, first_name: 'A' },
    text: 'x',
  },
});

describe('Telegram, by webhook', () => {
  it('registers its address with the secret and the kinds it can use', async () => {
    const { emulator, connect, url } = await open();
    await connect();
    expect(emulator.calls('setWebhook')).toEqual([
      { url, secret_token: secret, allowed_updates: ['message', 'callback_query', 'my_chat_member'] },
    ]);
    expect(emulator.calls('getUpdates')).toEqual([]);
  });

  it('takes nothing without the right secret', async () => {
    const { connect, post, events } = await open();
    await connect();
    const header = 'x-telegram-bot-api-secret-token';
    expect(await post(update, {})).toBe(403);
    expect(await post(update, { [header]: 'wrong' })).toBe(403);
    expect(await post(update, { [header]: `${secret}x` })).toBe(403);
    expect(events).toEqual([]);
    expect(await post(update, { [header]: secret })).toBe(200);
    expect(events).toHaveLength(1);
  });

  it('accepts what can never be read, or the platform would send it for a day', async () => {
    const { connect, post, events } = await open();
    await connect();
    for (const body of ['', '{', '[]', 'null', '{"update_id":"x"}', '{"update_id":1}']) {
      expect(await post(body, { 'x-telegram-bot-api-secret-token': secret })).toBe(200);
    }
    expect(await post('x'.repeat(2_000_000), { 'x-telegram-bot-api-secret-token': secret })).toBe(413);
    expect(events).toEqual([]);
  });

  it('answers 200 only once the update is stored, 500 when it is not', async () => {
    let failures = 1;
    const { emulator, connect, events } = await open(async () => {
      if (failures-- > 0) throw new Error('the store is away');
    });
    await connect();
    openPerson(emulator).say('ważne');
    await until(() => expect(events).toHaveLength(1));
    expect(emulator.platform.updates.lastWebhookError).toBe('Wrong response from the webhook: 500');
    await until(() => expect(emulator.platform.updates.pending).toEqual([]));
  });

  it('answers a press in the same breath, once it is stored; one that could not be stored when it comes again', async () => {
    let failures = 1;
    const { emulator, adapter, connect, events } = await open(async (event) => {
      if (event.type === 'action' && failures-- > 0) throw new Error('the store is away');
    });
    await connect();
    const person = openPerson(emulator);
    const button = { type: 'actions', actions: [{ kind: 'press', id: 'ok', label: 'OK' }] } as const;
    await adapter.send(person.id, message([button]));
    const query = person.press('OK');
    await until(() => expect(events.map((e) => e.type)).toEqual(['action']));
    await until(() => expect(emulator.platform.queries.get(query)?.answered).toBe(true));
    const answers = emulator.requests.filter((r) => r.method === 'answerCallbackQuery');
    expect(answers).toMatchObject([{ payload: { callback_query_id: query }, contentType: 'reply' }]);
  });

  it('asks to come again while it is not connected', async () => {
    const { connect, adapter, post } = await open();
    const headers = { 'x-telegram-bot-api-secret-token': secret };
    expect(await post(update, headers)).toBe(503);
    await connect();
    await adapter.close();
    expect(await post(update, headers)).toBe(503);
  });

  it('has no address with the token in it, and no secret Telegram refuses', async () => {
    const emulator = await openEmulator();
    const build = (url: string, given: string) => () =>
      openAdapter(emulator, { webhook: { url, secret: given } });
    expect(build(`https://wici.example.org/${emulator.token}`, secret)).toThrow(RangeError);
    expect(build('https://wici.example.org/hook', 'spaces are no good')).toThrow(RangeError);
    expect(build('https://wici.example.org/hook', secret)().adapter.endpoints[0]).toMatchObject({
      method: 'POST',
      path: '/hook',
    });
  });
});
