import { Child } from './child.ts';
import { type Findings, figure, percent } from './figures.ts';
import type { BenchOptions } from './main.ts';
import type { Others } from './standins/others.ts';
import { Telegram } from './telegram.ts';
import { until } from './until.ts';
import { addresses, Wici } from './wici.ts';

interface Kept {
  readonly what: string;
  /** Messages a second. */
  readonly limit: number;
  readonly sent: number;
  readonly perSecond: number;
  /** Refused with 429. */
  readonly refused: number;
  /** Share of one core; null where several messengers share the process. */
  readonly cpu: number | null;
}

/** 2. At the platforms' real limits, enforced to the message by their stand-ins. */
export async function limits({ quick, say }: BenchOptions): Promise<Findings> {
  const part = quick ? 0.2 : 1;
  const found = [
    await onTelegram(30, 750 * part),
    await onTelegram(1000, 20_000 * part),
    ...(await onAllFour(part)),
  ];
  for (const { what, perSecond, refused } of found)
    say(`${what}: ${figure(perSecond)}/s, ${refused} refused`);
  return findings(found);
}

async function onTelegram(perSecond: number, many: number): Promise<Kept> {
  const telegram = await Telegram.start();
  const wici = new Wici();
  await wici.settle(addresses('telegram', many));
  await wici.start({
    variables: {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_URL: telegram.url,
      TELEGRAM_MESSAGES_PER_SECOND: String(perSecond),
    },
  });
  await telegram.reset(perSecond);
  await wici.mark();
  const started = performance.now();
  await wici.announce();
  await until(async () => (await telegram.counts()).sent >= many, 120_000, 'all messages', 100);
  const { cpuMs } = await wici.cost();
  const cpu = cpuMs / (performance.now() - started);
  const counts = await telegram.counts();
  await wici.end();
  await telegram.end();
  const sent = ((many - 1) * 1000) / (counts.lastAt - counts.firstAt);
  return {
    what: `Telegram alone at ${perSecond}/s`,
    limit: perSecond,
    sent: many,
    perSecond: sent,
    refused: counts.refused,
    cpu,
  };
}

/** Twenty seconds' worth on each at once. */
async function onAllFour(part: number): Promise<Kept[]> {
  const limit = { telegram: 30, slack: 5, discord: 40 };
  const many = { telegram: 600 * part, slack: 100 * part, discord: 800 * part, webchat: 600 * part };
  const telegram = await Telegram.start();
  const others = await Child.start<Others>('standins/others.mjs', { argument: many });
  const wici = new Wici();
  await wici.settle([
    ...addresses('telegram', many.telegram),
    ...addresses('webchat', many.webchat),
    ...others.ready.addresses,
  ]);
  await wici.start({
    variables: {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_URL: telegram.url,
      ...others.ready.variables,
    },
  });
  await telegram.reset(limit.telegram);
  await wici.mark();
  const started = performance.now();
  const id = await wici.announce();
  await wici.accepted(
    id,
    Object.values(many).reduce((sum, n) => sum + n),
  );
  const { cpuMs } = await wici.cost();
  const cpu = cpuMs / (performance.now() - started);
  const throttled = await wici.throttled();
  const found = (['telegram', 'slack', 'discord', 'webchat'] as const).map((channel): Kept => {
    const at = wici.acceptedAt(id, channel).sort((a, b) => a - b);
    const perSecond = ((at.length - 1) * 1000) / ((at.at(-1) ?? 0) - (at[0] ?? 0));
    const own = channel === 'webchat' ? Number.POSITIVE_INFINITY : limit[channel];
    return {
      what: `${channel}, all four at once`,
      limit: own,
      sent: at.length,
      perSecond,
      refused: throttled,
      cpu: null,
    };
  });
  await wici.end();
  await others.end();
  await telegram.end();
  return [
    ...found,
    {
      what: 'the process, all four at once',
      limit: 0,
      sent: 0,
      perSecond: Number.NaN,
      refused: throttled,
      cpu,
    },
  ];
}

function findings(found: readonly Kept[]): Findings {
  const limited = found.filter(({ limit }) => limit > 0 && Number.isFinite(limit));
  const least = Math.min(...limited.map(({ perSecond, limit }) => perSecond / limit));
  const refused = Math.max(...found.map((f) => f.refused));
  return {
    title: '2. Broadcast at the real limits',
    tables: [
      {
        head: ['', 'limit/s', 'messages', 'messages/s', 'of the limit', '429s', 'CPU of one core'],
        rows: found.map(({ what, limit, sent, perSecond, refused: n, cpu }) => [
          what,
          limit > 0 && Number.isFinite(limit) ? String(limit) : '–',
          sent > 0 ? String(sent) : '–',
          figure(perSecond),
          limit > 0 && Number.isFinite(limit) ? percent(perSecond / limit) : '–',
          String(n),
          cpu === null ? '–' : percent(cpu),
        ]),
      },
    ],
    goals: [
      { goal: 'at least 99 % of each limit used', found: percent(least), held: least >= 0.99 },
      { goal: 'no 429 provoked', found: String(refused), held: refused === 0 },
    ],
    notes: [
      'The stand-in for Telegram refuses a message when as many as the limit came in the second before it: any second, not each by the clock.',
      'With all four at once the rate is counted from the outcomes in the database, and the 429s are those of all messengers together.',
      "Discord allows fifty calls a second and Wici uses forty of them; Slack's five a second are what it asks for as SLACK_MESSAGES_PER_SECOND.",
    ],
  };
}
