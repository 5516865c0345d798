import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import type { Clock, Ids } from '../core/unit.ts';

/** In the order of their bytes, in which SQLite sorts them. */
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const tokenLength = 16;
/** Milliseconds up to the year 2081. */
const stampLength = 7;

/** Ids from the operating system's randomness; rows sort by the clock's time of making. `secret` is the installation's own. */
export function systemIds(clock: Clock, secret: string): Ids {
  const ulid = monotonicFactory(() => randomInt(2 ** 32) / 2 ** 32);
  return {
    next: () => ulid(clock.now()),
    token: () => random(tokenLength),
    actionToken: () => stamp(clock.now()) + random(tokenLength - stampLength),
    secret: () => randomBytes(32).toString('base64url'),
    derived: (name) => createHmac('sha256', secret).update(name).digest('base64url'),
    integer: (below) => randomInt(below),
  };
}

export const systemClock: Clock = { now: () => Date.now() };

/** Milliseconds since the start, for waiting: setting the machine's clock neither shortens nor prolongs it. */
export const steadyClock: Clock = { now: () => performance.now() };

/** Drawn for many tokens at once: a draw costs as much for one byte as for thousands. */
let drawn: Iterator<number> = [].values();

function randomByte(): number {
  const next = drawn.next();
  if (!next.done) return next.value;
  drawn = randomBytes(4096).values();
  return randomByte();
}

/** Bytes that would make some characters likelier than others are passed over. */
function random(length: number): string {
  let text = '';
  while (text.length < length) {
    const byte = randomByte();
    if (byte < 4 * alphabet.length) text += alphabet[byte % alphabet.length];
  }
  return text;
}

/**
 * A moment as it sorts. Tokens of one broadcast stand side by side in their index, so that a batch of them writes a few of its
 * pages and not one each.
 */
function stamp(ms: number): string {
  let text = '';
  for (let left = ms; text.length < stampLength; left = Math.floor(left / alphabet.length)) {
    text = alphabet[left % alphabet.length] + text;
  }
  return text;
}
