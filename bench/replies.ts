import { type Findings, figure, percentile, times } from './figures.ts';
import type { BenchOptions } from './main.ts';
import { Telegram } from './telegram.ts';
import { until } from './until.ts';
import { addresses, freePort, Wici } from './wici.ts';

interface Broadcast {
  /** Messages a second; 0 = the limit lifted. */
  readonly rate: number;
  /** Between two presses, so that all fall under it: without a limit it is over in two seconds. */
  readonly everyMs: number;
  /** Made once before, so that it is not the first code ever run; at 30 a second that would take minutes. */
  readonly warm: boolean;
}

const broadcasts: readonly Broadcast[] = [
  { rate: 0, everyMs: 6, warm: true },
  { rate: 1000, everyMs: 25, warm: true },
  { rate: 30, everyMs: 25, warm: false },
];

interface Waited {
  readonly rate: number;
  readonly idle: readonly number[];
  readonly busy: readonly number[];
  /** The broadcast went on until the last press was answered. */
  readonly throughout: boolean;
}

/** 3. From a button's press to the edited message, alone and while ten thousand messages leave. */
export async function replies({ quick, say }: BenchOptions): Promise<Findings> {
  const many = quick ? 2000 : 10_000;
  const count = quick ? 40 : 200;
  const telegram = await Telegram.start();
  const wici = new Wici();
  await wici.settle(addresses('telegram', many));
  const found: Waited[] = [];
  for (const { rate, everyMs, warm } of broadcasts) {
    await start(wici, telegram, rate);
    const presses = { pattern: ':confirm$', count, atOnce: 40, everyMs };
    if (warm) await wici.accepted(await wici.announce(), many);
    await telegram.press({ ...presses, count: 20 });
    const idle = await telegram.press(presses);
    await telegram.reset(rate);
    await wici.announce();
    await until(async () => (await telegram.counts()).sent > many / 20, 60_000, 'the first messages', 5);
    const busy = await telegram.press(presses);
    const { sent } = await telegram.counts();
    found.push({ rate, idle: idle.edited, busy: busy.edited, throughout: sent < many });
    say(
      `${named(rate)}: ${figure(percentile(idle.edited, 0.99))} → ${figure(percentile(busy.edited, 0.99))} ms`,
    );
    await wici.stop();
  }
  await wici.end();
  await telegram.end();
  return findings(found, count, many);
}

async function start(wici: Wici, telegram: Telegram, rate: number): Promise<void> {
  const port = await freePort();
  await wici.start({
    variables: {
      PORT: String(port),
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_URL: telegram.url,
      TELEGRAM_WEBHOOK: `http://127.0.0.1:${port}/telegram`,
    },
    telegram: { messagesPerSecond: rate },
  });
}

const named = (rate: number) => (rate === 0 ? 'limit lifted' : `${rate}/s`);

function findings(found: readonly Waited[], count: number, many: number): Findings {
  const rows = found.map(({ rate, idle, busy, throughout }) => {
    const [p50, p99] = [percentile(busy, 0.5), percentile(busy, 0.99)];
    const ratio = p99 / percentile(idle, 0.99);
    const alone = [percentile(idle, 0.5), percentile(idle, 0.99)].map(figure);
    return {
      rate,
      ratio,
      row: [named(rate), ...alone, figure(p50), figure(p99), figure(ratio), throughout ? 'yes' : 'no'],
    };
  });
  return {
    title: `3. A person's reply while ${many.toLocaleString('en')} are being sent, milliseconds`,
    tables: [
      {
        head: [
          'broadcast at',
          'p50 alone',
          'p99 alone',
          'p50 under it',
          'p99 under it',
          'p99 ratio',
          'all under it',
        ],
        rows: rows.map(({ row }) => row),
      },
    ],
    goals: rows.map(({ rate, ratio }) => ({
      goal: `p99 under a broadcast at ${named(rate)} ≤ 2 × alone`,
      found: times(ratio),
      held: ratio <= 2,
    })),
    notes: [
      `${count} presses by webhook, one every few milliseconds, each timed from its sending until its message was edited.`,
      'The stand-in counts messages towards the limit; Wici counts its edits too, and lets the broadcast make up for them.',
    ],
  };
}
