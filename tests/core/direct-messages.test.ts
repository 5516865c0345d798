import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiscordAdapter } from '../../bots/discord/adapter.ts';
import type { InboundEvent } from '../../core/channels/inbound-event.ts';
import { takeEvent } from '../../core/inbox.ts';
import { forgetStrangers } from '../../core/members/erase.ts';
import { threadsOf } from '../../core/store/accounts.ts';
import { DiscordMemory } from '../../runtime/discord-memory.ts';
import { DiscordEmulator } from '../emulators/discord/server.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { until } from '../support/until.ts';

let t: TestCore;
let discord: DiscordEmulator;
const running = new Set<Run>();
beforeEach(async () => {
  t = await openTestCore();
  discord = await DiscordEmulator.start();
});
afterEach(async () => {
  for (const run of running) await run.stop();
  await discord.close();
  await t.close();
});

/** The messenger between one start of Wici and its stop, on the same database. */
class Run {
  readonly #memory = new DiscordMemory(t.core);
  readonly taken: InboundEvent[] = [];
  readonly adapter = new DiscordAdapter({
    token: discord.token,
    apiUrl: discord.url,
    memory: this.#memory,
    backoffMs: () => 5,
    openingIntervalMs: 0,
  });

  static async start(): Promise<Run> {
    const run = new Run();
    running.add(run);
    await run.adapter.connect(async (event) => {
      await takeEvent(t.core, event);
      run.taken.push(event);
    });
    return run;
  }

  async stop(): Promise<void> {
    running.delete(this);
    await this.adapter.close();
    await this.#memory.drain();
  }

  async took(...texts: string[]): Promise<void> {
    await until(() => this.taken.length >= texts.length, 10_000, texts.join());
    expect(this.taken.map((event) => event.type === 'text' && event.text)).toEqual(texts);
  }
}

const say = (text: string) => ({
  token: 'Abcdefgh12345678',
  language: 'pl' as const,
  deliveryId: text,
  blocks: [{ type: 'text' as const, text }],
});
const readBackOf = () => discord.calls('readMessages').length;

describe('direct messages written while Wici was stopped', () => {
  it('are taken after the next start, once, in order, without what Wici said itself', async () => {
    const person = discord.person();
    const first = await Run.start();
    person.say('przed');
    await first.took('przed');
    await first.adapter.send(person.id, say('od Wici'));
    await first.stop();
    for (const text of ['pierwsza', 'druga']) person.say(text);
    const second = await Run.start();
    await second.took('pierwsza', 'druga');
    await second.stop();

    const third = await Run.start();
    person.say('po wszystkim');
    await third.took('po wszystkim');
  });

  it('are taken also of somebody who was only written to before', async () => {
    const person = discord.person();
    const first = await Run.start();
    await takeEvent(t.core, {
      channel: 'discord',
      externalId: person.id,
      externalEventId: 'button',
      type: 'joined',
    });
    await first.adapter.send(person.id, say('Ogłoszenie'));
    await first.stop();
    person.say('odpowiedź');
    await (await Run.start()).took('odpowiedź');
  });

  it('are not read, and not remembered, of somebody who was forgotten', async () => {
    const person = discord.person();
    const first = await Run.start();
    person.say('nigdy nie dołączę');
    await first.took('nigdy nie dołączę');
    await first.stop();
    expect(await threadsOf(t.core.db, 'discord')).toMatchObject([{ externalId: person.id }]);
    t.clock.advance(31 * 24 * 3_600_000);
    await forgetStrangers(t.core);
    const memory = new DiscordMemory(t.core);
    await memory.save({ externalId: person.id, channelId: '1', lastMessageId: '2' });
    expect(await memory.load()).toEqual([]);
    const before = readBackOf();
    const second = await Run.start();
    person.say('znów');
    await second.took('znów');
    expect(readBackOf()).toBe(before);
  });

  it('are known from the newest mark, however fast the marks came', async () => {
    const person = discord.person();
    const run = await Run.start();
    person.say('x');
    await run.took('x');
    await run.stop();
    const memory = new DiscordMemory(t.core);
    const ids = Array.from({ length: 20 }, (_, n) => `${1000 + n}`);
    for (const id of ids) void memory.save({ externalId: person.id, channelId: '7', lastMessageId: id });
    await memory.drain();
    expect(await memory.load()).toEqual([{ externalId: person.id, channelId: '7', lastMessageId: '1019' }]);
  });
});
