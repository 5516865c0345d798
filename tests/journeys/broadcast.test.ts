import { generateSignedCookie } from 'hono/cookie';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { slices } from '../../core/slices.ts';
import { type People, settlePeople, shownCounts } from '../reliability/wici.ts';
import { until } from '../support/until.ts';
import { counted, type Items, openWorld, textOf, type World, words } from './support.ts';

const many = { telegram: 700, webchat: 300 } as const;
const everybody = many.telegram + many.webchat;
const secret = 'a secret for tests only';

let world: World;
let people: People;
/** What each browser of the web chat keeps. */
let cookies: string[];

beforeAll(async () => {
  world = await openWorld(
    { TELEGRAM_MESSAGES_PER_SECOND: '1000', WICI_SECRET: secret },
    {
      prepare: async (environment, telegram) => {
        people = await settlePeople(environment, telegram, many);
      },
    },
  );
  cookies = await Promise.all(people.webchat.map((id) => generateSignedCookie('wici_chat', id, secret)));
});
afterAll(() => world?.close());

it('a thousand people are reached once each and confirm by pressing, with every figure right', {
  timeout: 240_000,
}, async () => {
  const { id } = await world.wici.api<{ id: string }>('POST', '/announcements', {
    title: { pl: 'Próbna ewakuacja', en: 'Evacuation drill' },
    text: { pl: 'Zbiórka przed wejściem.', en: 'We meet in front of the entrance.' },
    audience: { except: { roles: ['administrator'] } },
    confirm: true,
    urgent: true,
  });
  // The figures of a thousand are not asked for more often than a person would.
  await until(() => shownCounts(people.telegram).every((shown) => shown > 0), 60_000);
  await counted(world, id, { recipients: everybody, accepted: everybody, unknown: 0, failed: 0 }, 60_000);
  expect(shownCounts(people.telegram).every((shown) => shown === 1)).toBe(true);

  for (const person of people.telegram) person.press(words.pl.read);
  for (const wave of slices(cookies, 20)) await Promise.all(wave.map(pressInBrowser));
  const read = new RegExp(`${words.pl.read} \\d`);
  await until(() => people.telegram.every((person) => read.test(textOf(person.last()))), 60_000);
  await counted(
    world,
    id,
    { recipients: everybody, accepted: everybody, confirmed: everybody, unreachable: 0 },
    60_000,
  );

  expect(shownCounts(people.telegram).every((shown) => shown === 1)).toBe(true);

  const deliveries = await deliveriesOf(id);
  expect(new Set(deliveries.map((delivery) => delivery.member.id)).size).toBe(everybody);
  for (const channel of ['telegram', 'webchat'] as const) {
    expect(deliveries.filter((d) => d.channel === channel && d.status === 'confirmed')).toHaveLength(
      many[channel],
    );
  }
  const report = await world.wici.api<{ secondsToHalf: number; secondsTo90: number }>(
    'GET',
    `/announcements/${id}`,
  );
  expect(report.secondsToHalf).toBeGreaterThan(0);
  expect(report.secondsTo90).toBeGreaterThanOrEqual(report.secondsToHalf);
});

/** Opens the page, finds the button among the one announcement's, and sends the form as a browser without scripts does. */
async function pressInBrowser(cookie: string): Promise<void> {
  const headers = { cookie, 'accept-language': 'pl' };
  const page = await (await fetch(`${world.wici.url}/chat`, { headers })).text();
  const presses = [...page.matchAll(/value="([A-Za-z0-9]{16}:confirm)"/g)].map(([, press]) => press);
  expect(presses).toHaveLength(1);
  const [token, action] = String(presses[0]).split(':');
  const response = await fetch(`${world.wici.url}/chat/actions`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', origin: world.wici.url },
    body: JSON.stringify({ id: crypto.randomUUID(), token, action, values: [] }),
  });
  expect(response.status).toBe(204);
}

interface Delivered {
  readonly member: { readonly id: string };
  readonly status: string;
  readonly channel: string;
}

async function deliveriesOf(id: string): Promise<Delivered[]> {
  const all: Delivered[] = [];
  let after = '';
  do {
    const page = await world.wici.api<Items<Delivered>>(
      'GET',
      `/announcements/${id}/deliveries?limit=200${after && `&cursor=${encodeURIComponent(after)}`}`,
    );
    all.push(...page.items);
    after = page.next ?? '';
  } while (after);
  return all;
}
