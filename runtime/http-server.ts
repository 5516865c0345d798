import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { OperatorError } from './operator-error.ts';

type Handler = (request: Request, env?: unknown) => Response | Promise<Response>;

export interface HttpServer {
  /** The port really taken. */
  readonly port: number;
  /** From now on requests are answered; until then they are told to come back. */
  serve(handler: Handler): void;
  /** Takes no new connection. Open ones go on, their requests in hand are answered. */
  stopListening(): void;
  /** Ends what is still open: live pages hold theirs for ever. */
  close(): Promise<void>;
}

/** Takes the port before anything else is opened, so that a second program on it is noticed first. */
export async function openHttpServer(host: string, port: number): Promise<HttpServer> {
  let handler: Handler = () => new Response('starting', { status: 503, headers: { 'retry-after': '2' } });
  const server: ServerType = createAdaptorServer({ fetch: (request, env) => handler(request, env) });
  await listen(server, host, port);
  const gone = new Promise<void>((resolve) => server.once('close', () => resolve()));
  return {
    port: (server.address() as AddressInfo).port,
    serve: (next) => {
      handler = next;
    },
    stopListening: () => {
      if (server.listening) server.close();
      if ('closeIdleConnections' in server) server.closeIdleConnections();
    },
    close: async () => {
      if (server.listening) server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await gone;
    },
  };
}

function listen(server: ServerType, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(refused(error, host, port)));
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function refused(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new OperatorError(
        `PORT: another program uses ${host}:${port}: end it, or set PORT to a free one.`,
      );
    case 'EACCES':
      return new OperatorError(`PORT: this user may not use port ${port}: set PORT to 1024 or more.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new OperatorError(`HOST: this machine has no address ${host}: use 127.0.0.1 or 0.0.0.0.`);
    default:
      return error;
  }
}
