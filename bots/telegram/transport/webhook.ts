import { timingSafeEqual } from 'node:crypto';
import type { ChannelEndpoint } from '../../../core/channels/channel-adapter.ts';
import { maxUpdateBytes, webhookSecret } from '../limits.ts';
import { updateIdOf } from './polling.ts';
import type { PressAnswer } from './updates.ts';

export interface Webhook {
  /** The public address Telegram calls; its path is where the endpoint is mounted. */
  readonly url: string;
  /** 1-256 characters of [A-Za-z0-9_-]. */
  readonly secret: string;
}

/** Takes one update and gives back what a press is answered with; rejects when it could not be stored. Null while not connected. */
type Take = ((raw: unknown, updateId: number) => Promise<PressAnswer | null>) | null;

/**
 * The address Telegram delivers to: answered with 200 once the update is stored, with 500 when it is not, so that
 * Telegram sends it again. A press is answered in the same breath, which saves a call for each
 * (https://core.telegram.org/bots/api#making-requests-when-getting-updates). Throws RangeError for a secret the platform would refuse.
 */
export function webhookEndpoint(webhook: Webhook, token: string, take: () => Take): ChannelEndpoint {
  if (!webhookSecret.test(webhook.secret))
    throw new RangeError('a webhook secret has 1-256 of A-Z a-z 0-9 _ -');
  const path = new URL(webhook.url).pathname;
  if (path.includes(token)) throw new RangeError("the webhook's address must not contain the bot's token");
  const handle = async (request: Request): Promise<Response> => {
    const given = request.headers.get('x-telegram-bot-api-secret-token') ?? '';
    if (!sameSecret(given, webhook.secret)) return answer(403);
    if (Number(request.headers.get('content-length') ?? 0) > maxUpdateBytes) return answer(413);
    const handler = take();
    if (!handler) return answer(503);
    const raw = await request.json().catch(() => null);
    const id = updateIdOf(raw);
    // What can never be read is accepted, or Telegram would send it for a day.
    if (id === null) return answer(200);
    return handler(raw, id).then(
      (press) => (press ? Response.json({ method: 'answerCallbackQuery', ...press }) : answer(200)),
      () => answer(500),
    );
  };
  return { method: 'POST', path, handle };
}

const answer = (status: number) => new Response(null, { status });

/** Takes as long wherever they differ. That another one is longer or shorter may be seen: the secret's length is none. */
function sameSecret(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
