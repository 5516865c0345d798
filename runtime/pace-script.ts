import type { Redis } from 'ioredis';

/** A message that wants to leave. */
export interface Wish {
  readonly address: string;
  /** Milliseconds between two messages to this address; 0 = none. */
  readonly intervalMs: number;
  /** So many at once when the address was quiet. */
  readonly burst: number;
}

/** Milliseconds from now: until the slot, which is now taken, or until asking again makes sense. */
export type Answer = { readonly slotInMs: number } | { readonly askInMs: number };

/** Two messages that left in time may arrive a little closer: a second counts as so long. */
const windowMs = 1004;
/** So much of the rate is made up for after nobody asked in time. */
const savedUpMs = 100;
/** A person's slot may lie this far ahead. */
const aheadMs = 250;
/** A person's answer does not wait for the next even slot: so many may leave before theirs, and the broadcast makes up for it. */
const personEarly = 5;

interface PaceRedis extends Redis {
  wiciSlots(keys: number, ...args: (string | number)[]): Promise<string[]>;
  wiciPause(keys: number, ...args: (string | number)[]): Promise<unknown>;
}

/**
 * Hands out slots by the server's own clock, whoever asks: evenly, and in any second no more than the limit. A person's may
 * come before its even turn where the second has room; broadcasts get theirs together, once the last has come. KEYS: the next
 * even slot, the pause, the slots of the last second, then each wish's address, persons' first. A server that knows nothing
 * may have been emptied: it waits out one second.
 */
const slots = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local perSecond, persons = tonumber(ARGV[1]), tonumber(ARGV[2])
local window = ${windowMs}
local interval, most = 0, math.huge
if perSecond > 0 then interval, most = 1000 / perSecond, math.max(1, math.floor(perSecond)) end
local function text(number) return string.format('%.3f', number) end

local known = redis.call('GET', KEYS[1])
if not known and redis.call('PTTL', KEYS[2]) < window then redis.call('SET', KEYS[2], '1', 'PX', window) end
local free = tonumber(known or now)
if free > now + 5000 + interval then free = now end
local from = now + math.max(0, redis.call('PTTL', KEYS[2]))
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', text(now - 2 * window))
redis.call('ZREMRANGEBYSCORE', KEYS[3], text(now + 5000 + interval), '+inf')

local taken = {}
-- What the addresses asked for have given away by now, before it is written down.
local given = {}
local function slotAfter(earliest)
  if perSecond == 0 then return earliest end
  local after = '(' .. text(earliest - window)
  local over = redis.call('ZCOUNT', KEYS[3], after, '+inf') + #taken - most
  if over < 0 then return earliest end
  local oldest = redis.call('ZRANGEBYSCORE', KEYS[3], after, '+inf', 'WITHSCORES', 'LIMIT', over, 1)
  return math.max(earliest, (tonumber(oldest[2]) or taken[1].slot) + window)
end
local function take(i, gap, full, slot)
  free = math.max(free, now - ${savedUpMs}) + interval
  taken[#taken + 1] = { i = i, gap = gap, full = full, slot = slot }
  given[KEYS[i]] = math.max(full, slot) + gap
end
local function keep()
  for _, t in ipairs(taken) do
    if perSecond > 0 then redis.call('ZADD', KEYS[3], text(t.slot), text(now) .. ' ' .. t.i) end
    if t.gap > 0 then
      local full = math.max(t.full, t.slot) + t.gap
      redis.call('SET', KEYS[t.i], text(full), 'PX', math.ceil(full - now))
    end
  end
  taken = {}
end

local answers = {}
for i = 4, #KEYS do
  local gap, burst = tonumber(ARGV[2 * i - 5]), tonumber(ARGV[2 * i - 4])
  local person = i - 3 <= persons
  local even = math.max(free, now - ${savedUpMs})
  local earliest = even
  if person then earliest = math.max(now, even - ${personEarly} * interval) end
  if from > now then earliest = math.max(from, earliest) end
  local slot = slotAfter(earliest)
  local full = 0
  if gap > 0 then
    full = given[KEYS[i]] or tonumber(redis.call('GET', KEYS[i]) or 0)
    if full > now + burst * gap + 5000 then full = 0 end
  end
  local ready = full - (burst - 1) * gap
  if ready > math.max(slot, now) then
    answers[#answers + 1] = '-' .. text(math.max(1, ready - now))
  elseif person and slot > now + ${aheadMs} then
    answers[#answers + 1] = '-' .. text(slot - now - ${aheadMs / 2})
  else
    take(i, gap, full, slot)
    answers[#answers + 1] = text(math.max(0, slot - now))
    if person then keep() end
  end
end

local last = taken[#taken]
if last and last.slot > now + 1 then
  for _, t in ipairs(taken) do answers[t.i - 3] = '-' .. text(last.slot - now) end
  free = free - #taken * interval
else
  -- They leave now, all together: what counts for the second is when the last one really came.
  for _, t in ipairs(taken) do t.slot = t.slot + math.max(0, now - last.slot) end
  keep()
end
redis.call('SET', KEYS[1], text(free))
return answers
`;

/** A pause is only ever made longer. */
const pause = `
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], '1', 'PX', ARGV[1]) end
return 1
`;

/** What all processes that send know together of one installation's pace. Rejects while the server is away. */
export class PaceScript {
  readonly #redis: PaceRedis;
  readonly #prefix: string;

  constructor(redis: Redis, namespace: string) {
    redis.defineCommand('wiciSlots', { lua: slots });
    redis.defineCommand('wiciPause', { lua: pause });
    this.#redis = redis as PaceRedis;
    this.#prefix = `${namespace}:pace`;
  }

  /**
   * One answer a wish, persons' first, each in line. All `broadcasts` get a slot or, but for what their addresses forbid, none
   * does. `perSecond` slots in all; 0 = no limit.
   */
  async ask(
    channel: string,
    perSecond: number,
    persons: readonly Wish[],
    broadcasts: readonly Wish[],
  ): Promise<Answer[]> {
    const wishes = [...persons, ...broadcasts];
    const to = wishes.map(({ address }) => `${this.#key(channel)}:to:${address}`);
    const keys = [this.#key(channel), this.#pauseKey(channel), `${this.#key(channel)}:second`, ...to];
    const args = wishes.flatMap(({ intervalMs, burst }) => [intervalMs, burst]);
    const answers = await this.#redis.wiciSlots(keys.length, ...keys, perSecond, persons.length, ...args);
    return answers.map((answer) =>
      answer.startsWith('-') ? { askInMs: -Number(answer) } : { slotInMs: Number(answer) },
    );
  }

  /** No slot of this channel lies within the next `ms`. */
  async pause(channel: string, ms: number): Promise<void> {
    await this.#redis.wiciPause(1, this.#pauseKey(channel), Math.ceil(ms));
  }

  #key(channel: string): string {
    return `${this.#prefix}:${channel}`;
  }

  #pauseKey(channel: string): string {
    return `${this.#key(channel)}:pause`;
  }
}
