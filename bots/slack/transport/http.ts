import { verifySlackRequest } from '@slack/bolt';
import type { ChannelEndpoint } from '../../../core/channels/channel-adapter.ts';
import { maxClockSkewSeconds, maxRequestBytes } from '../limits.ts';

/** Resolves with the answer once the delivery is taken; null while not connected. */
type Take = ((body: unknown) => Promise<object | undefined>) | null;

/** Where Slack sends events, presses, submissions and commands alike. */
export const endpointPath = '/webhooks/slack';

/**
 * The address Slack calls: answered with 200 once the delivery is stored, with 500 when it is not, so that an event
 * comes again. Only what Slack signed within the last minutes is looked at.
 */
export function eventsEndpoint(signingSecret: string, take: () => Take): ChannelEndpoint {
  const handle = async (request: Request): Promise<Response> => {
    if (Number(request.headers.get('content-length') ?? 0) > maxRequestBytes) return answer(413);
    const text = await request.text();
    if (text.length > maxRequestBytes) return answer(413);
    if (!genuine(request.headers, text, signingSecret)) return answer(401);
    const body = readBody(text, request.headers.get('content-type') ?? '');
    const { type, challenge } = (body ?? {}) as { type?: unknown; challenge?: unknown };
    if (type === 'url_verification') return Response.json({ challenge });
    const taker = take();
    if (!taker) return answer(503);
    return taker(body).then(
      (said) => (said ? Response.json(said) : answer(200)),
      () => answer(500),
    );
  };
  return { method: 'POST', path: endpointPath, handle };
}

const answer = (status: number) => new Response(null, { status });

/** Bolt refuses signatures that are stale; those of the future are refused here. */
function genuine(headers: Headers, body: string, signingSecret: string): boolean {
  const timestamp = headers.get('x-slack-request-timestamp') ?? '';
  const signature = headers.get('x-slack-signature') ?? '';
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) return false;
  const seconds = Number(timestamp);
  if (Math.abs(Date.now() / 1000 - seconds) > maxClockSkewSeconds) return false;
  try {
    const signed = { 'x-slack-signature': signature, 'x-slack-request-timestamp': seconds };
    verifySlackRequest({ signingSecret, body, headers: signed });
    return true;
  } catch {
    return false;
  }
}

/** Events are JSON; presses and submissions a form with JSON in it; commands a form. Null when unreadable. */
function readBody(text: string, contentType: string): unknown {
  try {
    if (!contentType.startsWith('application/x-www-form-urlencoded')) return JSON.parse(text);
    const form = new URLSearchParams(text);
    const payload = form.get('payload');
    return payload === null ? Object.fromEntries(form) : JSON.parse(payload);
  } catch {
    return null;
  }
}
