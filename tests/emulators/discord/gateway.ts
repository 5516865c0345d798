import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { APIUser, GatewayIdentifyData, GatewayResumeData } from 'discord-api-types/v10';
import { WebSocket, WebSocketServer } from 'ws';

/** The platform's close codes. */
const unknownOpcode = 4001;
const decodeError = 4002;
const notAuthenticated = 4003;
const authenticationFailed = 4004;
const alreadyAuthenticated = 4005;
const invalidSequence = 4007;
const tooManyCalls = 4008;
const timedOut = 4009;
const invalidVersion = 4012;
const invalidIntents = 4013;
const disallowedIntents = 4014;

const directMessagesIntent = 1 << 12;
const knownIntents = 0x3_37_ff_ff;
/** What a bot may say in a minute. */
const maxSaid = 120;

export interface GatewayOptions {
  readonly token: string;
  readonly user: APIUser;
  /** The server as it stands now. */
  readonly guild: () => object;
  readonly guildId: string;
  readonly url: () => string;
  readonly heartbeatMs: number;
}

interface Session {
  readonly id: string;
  readonly intents: number;
  readonly sent: { readonly s: number; readonly text: string }[];
  socket: WebSocket | null;
}

/** The socket events come over, with sessions that can be taken up again. */
export class Gateway {
  /** Bits that were not switched on in the developer portal. */
  disallowed = 0;
  /** Refuses every new connection with this HTTP status. */
  refusing: number | null = null;
  refused = 0;
  /** Takes connections and says nothing. */
  silent = false;
  /** How many times a bot has introduced itself, and taken a session up again. */
  identifies = 0;
  resumes = 0;
  heartbeats = 0;
  readonly #options: GatewayOptions;
  readonly #server = new WebSocketServer({ noServer: true });
  /** Each with when it said its last things, epoch milliseconds. */
  readonly #sockets = new Map<WebSocket, number[]>();
  #sessions: Session[] = [];
  #nextSession = 1;

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.refusing !== null) {
      this.refused += 1;
      socket.end(`HTTP/1.1 ${this.refusing} Refused\r\nConnection: close\r\n\r\n`);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#greet(opened, request));
  }

  /** How many connections are open, whoever has introduced themselves. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Says it to every session; whoever is away gets it when it comes back. */
  dispatch(type: string, data: unknown, directMessage = false): void {
    for (const session of this.#sessions) {
      if (!directMessage || (session.intents & directMessagesIntent) !== 0) this.#say(session, type, data);
    }
  }

  /** Cuts the connections; sessions can be taken up again. */
  drop(): void {
    for (const socket of this.#sockets.keys()) socket.terminate();
  }

  close(code: number): void {
    for (const socket of this.#sockets.keys()) socket.close(code);
  }

  /** Asks everybody to come again (op 7). */
  reconnect(): void {
    for (const socket of this.#sockets.keys()) send(socket, { op: 7, d: null });
  }

  /** Forgets the sessions: what is said from now on is lost for whoever had one. */
  invalidate(): void {
    this.#sessions = [];
    for (const socket of this.#sockets.keys()) send(socket, { op: 9, d: false });
  }

  /** Forgets the sessions without telling, and cuts: taking one up again is refused then. */
  forget(): void {
    this.#sessions = [];
    this.drop();
  }

  async end(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #greet(socket: WebSocket, request: IncomingMessage): void {
    const query = new URL(request.url ?? '/', 'ws://gateway').searchParams;
    this.#sockets.set(socket, []);
    // A beat that stays out for two intervals is a death.
    const patience = setTimeout(() => socket.close(timedOut), this.#options.heartbeatMs * 2).unref();
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(patience);
      this.#sockets.delete(socket);
      for (const session of this.#sessions) if (session.socket === socket) session.socket = null;
    });
    socket.on('message', (raw) => {
      const closed = this.#saysTooMuch(socket) ? tooManyCalls : this.#hear(socket, String(raw), patience);
      if (closed !== null) socket.close(closed);
    });
    if (query.get('v') !== '10' || query.get('encoding') !== 'json') socket.close(invalidVersion);
    else if (!this.silent) send(socket, { op: 10, d: { heartbeat_interval: this.#options.heartbeatMs } });
  }

  /** The code to close with, or null. */
  #hear(socket: WebSocket, text: string, patience: NodeJS.Timeout): number | null {
    const payload = text.length > 4096 ? null : parse(text);
    if (!payload) return decodeError;
    switch (payload.op) {
      case 1:
        this.heartbeats += 1;
        patience.refresh();
        send(socket, { op: 11 });
        return null;
      case 2:
        return this.#identify(socket, payload.d as GatewayIdentifyData);
      case 6:
        return this.#resume(socket, payload.d as GatewayResumeData);
      default:
        return this.#sessionOf(socket) ? unknownOpcode : notAuthenticated;
    }
  }

  #saysTooMuch(socket: WebSocket): boolean {
    const now = Date.now();
    const lately = [...(this.#sockets.get(socket) ?? []), now].filter((at) => at > now - 60_000);
    this.#sockets.set(socket, lately);
    return lately.length > maxSaid;
  }

  #identify(socket: WebSocket, { token, intents }: GatewayIdentifyData): number | null {
    if (this.#sessionOf(socket)) return alreadyAuthenticated;
    this.identifies += 1;
    if (token !== this.#options.token) return authenticationFailed;
    if ((intents & ~knownIntents) !== 0) return invalidIntents;
    if ((intents & this.disallowed) !== 0) return disallowedIntents;
    const session: Session = { id: `session-${this.#nextSession++}`, intents, sent: [], socket };
    this.#sessions = this.#sessions.filter((s) => s.socket !== null).concat(session);
    const { user, guild, guildId } = this.#options;
    this.#say(session, 'READY', {
      v: 10,
      user,
      guilds: [{ id: guildId, unavailable: true }],
      session_id: session.id,
      resume_gateway_url: this.#options.url(),
      shard: [0, 1],
      application: { id: user.id, flags: 0 },
    });
    this.#say(session, 'GUILD_CREATE', guild());
    return null;
  }

  #resume(socket: WebSocket, { token, session_id: id, seq }: GatewayResumeData): number | null {
    if (token !== this.#options.token) return authenticationFailed;
    const session = this.#sessions.find((s) => s.id === id);
    if (!session) {
      send(socket, { op: 9, d: false });
      return null;
    }
    if (!(seq >= 0 && seq <= session.sent.length)) return invalidSequence;
    this.resumes += 1;
    session.socket = socket;
    for (const { s, text } of session.sent) if (s > seq) socket.send(text);
    this.#say(session, 'RESUMED', {});
    return null;
  }

  #say(session: Session, t: string, d: unknown): void {
    const s = session.sent.length + 1;
    const text = JSON.stringify({ op: 0, t, s, d });
    session.sent.push({ s, text });
    if (session.socket?.readyState === WebSocket.OPEN) session.socket.send(text);
  }

  #sessionOf(socket: WebSocket): Session | undefined {
    return this.#sessions.find((session) => session.socket === socket);
  }
}

function send(socket: WebSocket, payload: object): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(payload));
}

function parse(text: string): { op: number; d: unknown } | null {
  try {
    return JSON.parse(text) as { op: number; d: unknown };
  } catch {
    return null;
  }
}
