import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { announce, counted, dataOf, type Items, openWorld, Phone, type World } from './support.ts';

let world: World;
let webhook: string;

beforeAll(async () => {
  const port = await freePort();
  webhook = `http://127.0.0.1:${port}/telegram`;
  world = await openWorld({ PORT: String(port), TELEGRAM_WEBHOOK: webhook });
});
afterAll(() => world?.close());

const titles = { pl: 'Próba alarmu', en: 'Alarm drill' } as const;

it('called by Telegram, it is not asked for updates and hears everything all the same', async () => {
  expect(world.telegram.calls('setWebhook')).toMatchObject([
    { url: webhook, secret_token: expect.stringMatching(/^[\w-]{16,}$/) },
  ]);
  const phone = await Phone.joined(world, 'Osoba Testowa');
  const id = await announce(world, [phone], titles);
  await phone.sees(titles.pl);
  await phone.tap(phone.words.read);
  await counted(world, id, { accepted: 1, confirmed: 1 });
  expect(world.telegram.calls('getUpdates')).toEqual([]);
});

it('whoever does not know the secret is refused, and what they say counts for nothing', async () => {
  const phone = await Phone.joined(world, 'Podszywana Osoba');
  const id = await announce(world, [phone], titles);
  const message = await phone.sees(titles.pl);
  const forged = {
    update_id: 1,
    callback_query: {
      id: '1',
      from: phone.person.chat.user,
      message: { message_id: message.messageId, chat: { id: Number(phone.person.id), type: 'private' } },
      data: dataOf(message, phone.words.read),
    },
  };
  for (const secret of [undefined, '', 'wrong', `${secretOf()}x`]) {
    expect(await post(forged, secret)).toBe(403);
  }
  await counted(world, id, { accepted: 1, confirmed: 0 });
  expect(await post(forged, secretOf())).toBe(200);
  await counted(world, id, { confirmed: 1 });
});

it('an update that comes again counts once', async () => {
  const phone = await Phone.joined(world, 'Powtarzana Osoba');
  const id = await announce(world, [phone], titles);
  const message = await phone.sees(titles.pl);
  const { updates } = world.telegram.platform;
  phone.person.say('Czy trzeba wyjść?', message.messageId);
  const said = updates.pending.at(-1);
  await counted(world, id, { replies: 1 });
  if (!said) throw new Error('nothing was on its way');
  for (let again = 0; again < 3; again++) {
    updates.replay([said]);
    // Taken from the line once Wici answered that it has it.
    await until(() => updates.pending.length === 0);
  }
  phone.person.say('I gdzie się zebrać?', message.messageId);
  await counted(world, id, { replies: 2 });
  const { items } = await world.wici.api<Items<{ text: string }>>('GET', `/announcements/${id}/replies`);
  expect(items.map((reply) => reply.text)).toEqual(['I gdzie się zebrać?', 'Czy trzeba wyjść?']);
});

const secretOf = () => String(world.telegram.calls('setWebhook')[0]?.secret_token);

async function post(update: object, secret: string | undefined): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    ...(secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret }),
  };
  const response = await fetch(webhook, { method: 'POST', headers, body: JSON.stringify(update) });
  return response.status;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}
