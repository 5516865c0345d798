import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const opcodes = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;

interface Events {
  text: [string];
  pong: [];
  ping: [];
  close: [];
}

/** The server's end of one WebSocket (RFC 6455): text, pings and the closing handshake. */
export class ServerSocket extends EventEmitter<Events> {
  readonly #stream: Duplex;
  #buffer = Buffer.alloc(0);
  #fragments: Buffer[] = [];
  #closed = false;
  /** Pings of the client are answered; a stalled peer answers none, sends none, nor says goodbye. */
  stalled = false;

  private constructor(stream: Duplex) {
    super();
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.on('error', () => this.#end());
    stream.on('close', () => this.#end());
  }

  /** Answers an upgrade request. */
  static accept(request: IncomingMessage, stream: Duplex): ServerSocket {
    const key = String(request.headers['sec-websocket-key']);
    const accept = createHash('sha1').update(`${key}${magic}`).digest('base64');
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    stream.write(`${[...lines, `Sec-WebSocket-Accept: ${accept}`].join('\r\n')}\r\n\r\n`);
    return new ServerSocket(stream);
  }

  get open(): boolean {
    return !this.#closed;
  }

  send(text: string): void {
    this.#write(opcodes.text, Buffer.from(text));
  }

  ping(): void {
    if (!this.stalled) this.#write(opcodes.ping, Buffer.from('ping from the server'));
  }

  /** Says goodbye and hangs up. */
  close(code = 1000): void {
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(code);
    this.#write(opcodes.close, payload);
    this.#stream.end();
  }

  /** Hangs up without a word. */
  cut(): void {
    this.#stream.destroy();
  }

  #write(opcode: number, payload: Buffer): void {
    if (this.#closed || this.#stream.destroyed) return;
    const head = [0x80 | opcode];
    if (payload.length < 126) head.push(payload.length);
    else if (payload.length < 65_536) head.push(126, payload.length >> 8, payload.length & 0xff);
    else {
      const length = Buffer.alloc(8);
      length.writeBigUInt64BE(BigInt(payload.length));
      head.push(127, ...length);
    }
    this.#stream.write(Buffer.concat([Buffer.from(head), payload]));
  }

  #read(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (let frame = takeFrame(this.#buffer); frame; frame = takeFrame(this.#buffer)) {
      this.#buffer = this.#buffer.subarray(frame.size);
      this.#frame(frame);
    }
  }

  #frame({ opcode, final, payload }: Frame): void {
    if (this.stalled) return;
    switch (opcode) {
      case opcodes.ping:
        this.#write(opcodes.pong, payload);
        this.emit('ping');
        return;
      case opcodes.pong:
        this.emit('pong');
        return;
      case opcodes.close:
        this.#write(opcodes.close, payload.subarray(0, 2));
        this.#stream.end();
        this.#end();
        return;
      default:
        this.#fragments.push(payload);
        if (!final) return;
        this.emit('text', Buffer.concat(this.#fragments.splice(0)).toString('utf8'));
    }
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.emit('close');
  }
}

interface Frame {
  readonly opcode: number;
  readonly final: boolean;
  readonly payload: Buffer;
  /** Bytes of the whole frame. */
  readonly size: number;
}

function takeFrame(buffer: Buffer): Frame | null {
  const [first, second] = buffer;
  if (first === undefined || second === undefined) return null;
  if ((second & 0x80) === 0) throw new Error('a client masks what it sends');
  let length = second & 0x7f;
  let at = 2;
  if (length === 126) {
    if (buffer.length < 4) return null;
    length = buffer.readUInt16BE(2);
    at = 4;
  } else if (length === 127) {
    if (buffer.length < 10) return null;
    length = Number(buffer.readBigUInt64BE(2));
    at = 10;
  }
  if (buffer.length < at + 4 + length) return null;
  const mask = buffer.subarray(at, at + 4);
  const payload = Buffer.from(buffer.subarray(at + 4, at + 4 + length));
  for (let n = 0; n < payload.length; n++) payload[n] = (payload[n] ?? 0) ^ (mask[n % 4] ?? 0);
  return { opcode: first & 0x0f, final: (first & 0x80) !== 0, payload, size: at + 4 + length };
}
