import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { ChannelEndpoint } from '../../core/channels/channel-adapter.ts';

/** Serves adapters' endpoints on 127.0.0.1, as the console's server does. */
export async function serveEndpoints(
  endpoints: () => readonly ChannelEndpoint[],
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request: Request) => {
      const { pathname } = new URL(request.url);
      const endpoint = endpoints().find((e) => e.path === pathname && e.method === request.method);
      return endpoint ? endpoint.handle(request) : new Response(null, { status: 404 });
    },
  });
  await new Promise<void>((resolve) => (server.listening ? resolve() : server.once('listening', resolve)));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
