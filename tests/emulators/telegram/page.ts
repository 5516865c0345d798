import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from './body.ts';
import type { Chat } from './chats.ts';
import { ApiError } from './failures.ts';
import { pageHtml } from './page-html.ts';
import { Person } from './person.ts';
import type { TelegramEmulator } from './server.ts';

/** The pages a person watches and plays the chats on. Bound to 127.0.0.1 like everything here. */
export async function servePage(
  emulator: TelegramEmulator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://emulator');
  if (request.method === 'GET' && pathname === '/') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(pageHtml);
    return;
  }
  if (request.method === 'GET' && pathname === '/people') return json(response, people(emulator));
  if (request.method === 'GET' && pathname === '/messages') {
    return json(response, chatOf(emulator, searchParams.get('id')).messages);
  }
  if (request.method !== 'POST') throw new ApiError(404, 'Not Found');
  const body = await readBody(request);
  json(response, act(emulator, pathname, body));
}

function act(emulator: TelegramEmulator, path: string, body: Record<string, unknown>): unknown {
  if (path === '/people') {
    const person = emulator.person({
      first_name: String(body.name || 'Osoba'),
      language_code: String(body.language || 'pl'),
    });
    return { id: person.chat.user.id };
  }
  const person = new Person(emulator.platform, chatOf(emulator, body.id));
  const message = person.chat.messages.find((m) => m.messageId === Number(body.message));
  if (path === '/say') person.say(String(body.text), message?.messageId);
  else if (path === '/press' && message) person.pressData(String(body.data), message);
  else if (path === '/block') person.block();
  else if (path === '/unblock') person.unblock();
  else throw new ApiError(404, 'Not Found');
  return {};
}

function people(emulator: TelegramEmulator) {
  return [...emulator.platform.chats.values()].map(({ user, state, messages }) => ({
    id: user.id,
    name: user.first_name,
    language: user.language_code,
    state,
    messages: messages.length,
  }));
}

function chatOf(emulator: TelegramEmulator, id: unknown): Chat {
  const chat = emulator.platform.chats.get(Number(id));
  if (!chat) throw new ApiError(404, 'Not Found');
  return chat;
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
