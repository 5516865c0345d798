import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pageHtml } from './page-html.ts';
import type { Hand, Stage } from './stage.ts';

/** The page on which somebody plays people at a messenger and watches what they are shown. On 127.0.0.1 alone. */
export async function servePage(stage: Stage, port: number): Promise<Server> {
  const hands = new Map<string, Hand>();
  const add = (name: string, language: string) => {
    const hand = stage.add(name, language);
    hands.set(hand.id, hand);
    return hand.id;
  };
  add('Ala (test)', 'pl');
  add('Bob (test)', 'en');
  const server = createServer((request, response) => {
    answer(request, { title: stage.title, hands, add })
      .then(({ type, text }) => response.writeHead(200, { 'content-type': type }).end(text))
      .catch((error: unknown) => refuse(response, error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return server;
}

interface Play {
  readonly title: string;
  readonly hands: ReadonlyMap<string, Hand>;
  add(name: string, language: string): string;
}

async function answer(request: IncomingMessage, play: Play): Promise<{ type: string; text: string }> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
  if (request.method === 'GET' && pathname === '/') {
    return { type: 'text/html; charset=utf-8', text: pageHtml(play.title) };
  }
  const result =
    request.method === 'GET'
      ? looked(pathname, searchParams.get('id'), play)
      : done(pathname, await bodyOf(request), play);
  return { type: 'application/json', text: JSON.stringify(result) };
}

function looked(path: string, id: string | null, { hands }: Play): unknown {
  if (path === '/people') return [...hands.values()].map((hand) => ({ ...hand, about: hand.about() }));
  const hand = handOf(hands, id);
  if (path !== '/messages') throw new Error('Not found');
  return { messages: hand.messages(), window: hand.window(), deeds: Object.keys(hand.deeds) };
}

function done(path: string, body: Readonly<Record<string, string | undefined>>, play: Play): unknown {
  if (path === '/people') return { id: play.add(body.name || 'Osoba (test)', body.language || 'pl') };
  const hand = handOf(play.hands, body.id);
  const { text = '', message = '', press = '' } = body;
  if (path === '/say') hand.say(text, message || undefined);
  else if (path === '/press') hand.press(message, press);
  else if (path === '/submit') hand.submit(text);
  else if (path === '/do') hand.deeds[text]?.();
  else throw new Error('Not found');
  return {};
}

function handOf(hands: ReadonlyMap<string, Hand>, id: unknown): Hand {
  const hand = hands.get(String(id));
  if (!hand) throw new Error('Nobody of that name');
  return hand;
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
}

function refuse(response: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? error.message : 'fault';
  response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
}
