import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openDiscordApi } from '../../../bots/discord/transport/api.ts';

it('A limit Discord told of while the clock was an hour ahead holds nothing up for an hour', async () => {
  const headers = {
    'content-type': 'application/json',
    'x-ratelimit-limit': '1',
    'x-ratelimit-remaining': '0',
  };
  const server = createServer((_, response) =>
    response.writeHead(200, { ...headers, 'x-ratelimit-reset-after': '2' }).end('{}'),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const api = openDiscordApi('token', `http://127.0.0.1:${port}`, 2000);
  onTestFinished(() => {
    api.close();
    server.close();
  });
  const real = Date.now;
  const ahead = vi.spyOn(Date, 'now').mockImplementation(() => real() + 3_600_000);
  await api.call('GET', '/channels/1/messages');
  ahead.mockRestore();
  await expect(api.call('GET', '/channels/1/messages')).resolves.toEqual({});
});
