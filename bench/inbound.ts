import { createHmac } from 'node:crypto';
import { Child } from './child.ts';
import { type Findings, figure, median, percentile, times } from './figures.ts';
import type { BenchOptions } from './main.ts';
import { Telegram } from './telegram.ts';
import { until } from './until.ts';
import { addresses, benchSecret, freePort, Wici } from './wici.ts';

/** Telegram's own default for a webhook. */
const atOnce = 40;

interface Run {
  readonly perSecond: number;
  readonly p99: number;
}

interface Contender {
  readonly name: string;
  readonly stores: string;
  readonly shows: string;
  run(): Promise<Run>;
}

/** 4. Presses taken by webhook, and in the web chat. */
export async function inbound({ quick, profile, say }: BenchOptions): Promise<Findings> {
  const [many, rounds] = quick ? [200, 1] : [2000, 3];
  const telegram = await Telegram.start();
  const wici = await startWici(telegram, many * (rounds + 1), profile);
  const bare = await startPeer(telegram, 'telegraf', false);
  const telegraf = await startPeer(telegram, 'telegraf', true);
  const chatSdk = await startPeer(telegram, 'chat-sdk', true);
  const pressed = 'chat:{"a":"confirm"}';
  const contenders: Contender[] = [
    {
      name: 'telegraf, bare',
      stores: 'nothing',
      shows: 'nothing',
      run: () => peerRun(telegram, bare, many, 'x:confirm', false),
    },
    {
      name: 'telegraf',
      stores: 'nothing',
      shows: 'edit',
      run: () => peerRun(telegram, telegraf, many, 'x:confirm', true),
    },
    {
      name: 'Chat SDK',
      stores: 'nothing',
      shows: 'edit',
      run: () => peerRun(telegram, chatSdk, many / 5, pressed, true),
    },
    { name: 'Wici, confirmations', stores: 'all', shows: 'edit', run: () => wici.press(':confirm$', many) },
    { name: 'Wici, votes', stores: 'all', shows: 'edit', run: () => wici.press(':vote:0$', many) },
    { name: 'Wici, web chat', stores: 'all', shows: 'edit', run: () => wici.chat(many) },
  ];
  const runs = contenders.map((): Run[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const run = await contender.run();
      // The first round warms everybody up.
      if (round > 0) runs[i]?.push(run);
      say(`${contender.name}: ${figure(run.perSecond)}/s, p99 ${figure(run.p99)} ms`);
    }
  }
  for (const peer of [bare, telegraf, chatSdk]) await peer.end();
  await wici.end();
  await telegram.end();
  return findings(contenders, runs, rounds);
}

interface Peer {
  readonly hook: { url: string; secret: string };
  end(): Promise<void>;
}

async function startPeer(telegram: Telegram, file: string, edits: boolean): Promise<Peer> {
  const argument = { apiUrl: telegram.url, token: telegram.token, edits };
  const child = await Child.start(`contenders/${file}.mjs`, { argument });
  const { own } = await child.ask<{ own: Peer['hook'] }>('listen');
  return { hook: own, end: () => child.end() };
}

async function peerRun(
  telegram: Telegram,
  { hook }: Peer,
  count: number,
  data: string,
  edits: boolean,
): Promise<Run> {
  await telegram.show(count, data);
  await telegram.listen(hook);
  const pattern = `^${data.replace(/[{}]/g, '\\$&')}$`;
  const { secondsToEdited, acknowledged } = await telegram.press({ pattern, count, atOnce, edits });
  return { perSecond: count / secondsToEdited, p99: percentile(acknowledged, 0.99) };
}

interface WiciInbound {
  press(pattern: string, count: number): Promise<Run>;
  chat(count: number): Promise<Run>;
  end(): Promise<void>;
}

/** Wici, its people holding an announcement and a poll none of them has answered. */
async function startWici(
  telegram: Telegram,
  many: number,
  profile: string | undefined,
): Promise<WiciInbound> {
  const wici = new Wici();
  await wici.settle([...addresses('telegram', many), ...addresses('webchat', many)]);
  const port = await freePort();
  await wici.start({
    variables: {
      PORT: String(port),
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_URL: telegram.url,
      TELEGRAM_WEBHOOK: `http://127.0.0.1:${port}/telegram`,
    },
    telegram: { messagesPerSecond: 0 },
    nodeFlags: profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [],
  });
  const announcement = await wici.announce();
  await wici.accepted(announcement, many * 2);
  await wici.accepted(await wici.ask(false), many * 2);
  const hook = {
    url: `http://127.0.0.1:${port}/telegram`,
    secret: createHmac('sha256', benchSecret).update('telegram webhook').digest('base64url'),
  };
  const hammer = await Child.start('standins/hammer.mjs');
  const tokens = wici.tokens(announcement);
  let chats = 0;
  return {
    async press(pattern, count) {
      await telegram.listen(hook);
      const { secondsToEdited, acknowledged } = await telegram.press({ pattern, count, atOnce });
      return { perSecond: count / secondsToEdited, p99: percentile(acknowledged, 0.99) };
    },
    async chat(count) {
      const requests = Array.from({ length: count }, () => {
        chats += 1;
        return pressInChat(wici.url, String(chats), tokens.get(String(chats)) ?? '');
      });
      const options = { origin: wici.url, requests, atOnce };
      const { seconds, tookMs } = await hammer.ask<{ seconds: number; tookMs: number[] }>('hammer', options);
      return { perSecond: count / seconds, p99: percentile(tookMs, 0.99) };
    },
    async end() {
      await until(() => wici.confirmed(announcement) === chats * 2, 10_000, 'every confirmation stored');
      await hammer.end();
      await wici.end();
    },
  };
}

/** What the page's script sends when its button is pressed, with the cookie of the browser's session. */
function pressInChat(url: string, externalId: string, token: string) {
  const signature = createHmac('sha256', benchSecret).update(externalId).digest('base64');
  return {
    path: '/chat/actions',
    headers: {
      'content-type': 'application/json',
      origin: url,
      cookie: `wici_chat=${encodeURIComponent(`${externalId}.${signature}`)}`,
    },
    body: JSON.stringify({ id: `press-${externalId}-bench`, token, action: 'confirm', values: [] }),
  };
}

function findings(contenders: readonly Contender[], runs: readonly Run[][], rounds: number): Findings {
  const rate = (name: string) => {
    const own = runs[contenders.findIndex((c) => c.name === name)] ?? [];
    return median(own.map((r) => r.perSecond));
  };
  const slower = Math.min(rate('Wici, confirmations'), rate('Wici, votes'));
  const ratios = [
    slower / rate('telegraf, bare'),
    slower / rate('telegraf'),
    slower / rate('Chat SDK'),
  ] as const;
  return {
    title: '4. Inbound: presses taken',
    tables: [
      {
        head: ['contender', 'stores', 'shows', 'presses/s', 'p99 ms to 200'],
        rows: contenders.map(({ name, stores, shows }, i) => [
          name,
          stores,
          shows,
          figure(rate(name)),
          figure(median(runs[i]?.map((r) => r.p99) ?? [])),
        ]),
      },
    ],
    goals: [
      {
        goal: '≥ 0.5 × telegraf doing as much for the person',
        found: times(ratios[1]),
        held: ratios[1] >= 0.5,
      },
      { goal: '≥ 0.5 × telegraf, bare', found: times(ratios[0]), held: ratios[0] >= 0.5 },
      { goal: '≥ 3 × Chat SDK', found: times(ratios[2]), held: ratios[2] >= 3 },
    ],
    notes: [
      `${rounds} interleaved rounds, ${atOnce} side by side; a press counts once its message is edited, where the contender edits.`,
      'telegraf, bare: its webhook handler answers the press in the response and does nothing else.',
      'Wici: the event, the confirmation or vote and the wish to edit stand in the database (synced) before the 200. The slower of its two rows is held against the goals.',
    ],
  };
}
