import { type ServerType, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { WebchatAdapter } from '../../bots/webchat/adapter.ts';
import { assetRoutes } from '../../console/assets.ts';
import { chatRoutes } from '../../console/chat/routes.tsx';
import type { InboundEvent } from '../../core/channels/inbound-event.ts';
import type { Block, OutboundMessage } from '../../core/channels/outbound-message.ts';
import type { Language } from '../../core/language.ts';
import { createCore } from '../../runtime/core.ts';
import { type Database, openDatabase } from '../../runtime/database.ts';
import { loadTexts } from '../../runtime/i18n.ts';
import { systemClock, systemIds } from '../../runtime/ids.ts';
import { WebchatHub } from '../../runtime/webchat-hub.ts';

export interface ChatServer {
  readonly url: string;
  readonly hub: WebchatHub;
  readonly adapter: WebchatAdapter;
  readonly database: Database;
  /** Every event handed to the core, oldest first. */
  readonly events: InboundEvent[];
  /** What happens with each event; the page is told "sent" once it resolves. */
  onEvent: (event: InboundEvent) => Promise<void>;
  /** Says something as the dispatcher would; returns the message's id. */
  say(
    externalId: string,
    blocks: readonly Block<string>[],
    extra?: Partial<OutboundMessage>,
  ): Promise<string>;
  edit(
    externalId: string,
    id: string,
    blocks: readonly Block<string>[],
    extra?: Partial<OutboundMessage>,
  ): Promise<void>;
  /** Stops listening and breaks every connection; the database stays. */
  stop(): Promise<void>;
  /** The same again on the same port and database. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const ids = systemIds(systemClock, 'a secret of the tests');

/** The web chat alone, over a real port and database: what the core would do is the test's to say. */
export async function startChatServer(networkName = 'Sieć Przykład'): Promise<ChatServer> {
  const database = openDatabase(':memory:');
  await database.migrate();
  const texts = await loadTexts();
  const core = createCore({
    database,
    clock: systemClock,
    ids,
    texts,
    channels: () => ['webchat'],
    wayIn: () => null,
    hear: () => undefined,
    url: 'http://localhost:8080',
  });
  const events: InboundEvent[] = [];
  let listening = await listen(0);
  const server: ChatServer = {
    get url() {
      return `http://localhost:${listening.port}`;
    },
    get hub() {
      return listening.hub;
    },
    get adapter() {
      return listening.adapter;
    },
    database,
    events,
    onEvent: async () => undefined,
    async say(externalId, blocks, extra) {
      const message = outbound(blocks, extra);
      await listening.adapter.send(externalId, message);
      return message.deliveryId;
    },
    async edit(externalId, id, blocks, extra) {
      const message = outbound(blocks, { ...extra, deliveryId: id });
      await listening.adapter.edit(externalId, { externalMessageId: id }, message);
    },
    stop: () => listening.stop(),
    async restart() {
      listening = await listen(listening.port);
    },
    async close() {
      await listening.stop();
      await database.close();
    },
  };

  async function listen(port: number) {
    const hub = new WebchatHub(core);
    const app = new Hono();
    const address = () => `http://localhost:${port}`;
    app.route('/assets', assetRoutes());
    app.route(
      '/',
      chatRoutes({
        hub,
        texts,
        clock: systemClock,
        ids,
        secret: 'a secret of the tests',
        secureCookies: false,
        publicUrl: 'http://localhost',
        // Often enough for tests that wait for one.
        heartbeatMs: 500,
        network: async () => ({ name: networkName, timeZone: 'Europe/Warsaw', language: 'pl' as Language }),
      }),
    );
    const adapter = new WebchatAdapter(hub, address());
    await adapter.connect(async (event) => {
      events.push(event);
      await server.onEvent(event);
    });
    const http = await new Promise<ServerType>((resolve) => {
      const started = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, () => resolve(started));
    });
    const bound = http.address();
    const stop = async () => {
      await adapter.close();
      hub.close();
      await new Promise((resolve) => {
        http.close(resolve);
        if ('closeAllConnections' in http) http.closeAllConnections();
      });
    };
    return { hub, adapter, stop, port: typeof bound === 'object' && bound ? bound.port : port };
  }
  return server;
}

function outbound(blocks: readonly Block<string>[], extra: Partial<OutboundMessage> = {}): OutboundMessage {
  return { token: ids.token(), language: 'pl', deliveryId: ids.next(), blocks, ...extra };
}
