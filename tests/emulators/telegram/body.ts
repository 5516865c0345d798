import type { IncomingMessage } from 'node:http';
import { ApiError, badRequest } from './failures.ts';
import type { UploadedFile } from './fields.ts';

const maxBytes = 52 * 1024 * 1024;

/** The fields of a request, JSON or a form; in a form, numbers, booleans and objects travel as text. */
export async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const bytes = await readAll(request);
  const type = request.headers['content-type'] ?? '';
  if (bytes.length === 0) return {};
  if (type.startsWith('multipart/form-data')) return readForm(bytes, type);
  if (!type.startsWith('application/json')) throw badRequest(`unexpected content type ${type}`);
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Falls through to the same answer.
  }
  throw badRequest("can't parse request JSON object");
}

async function readForm(bytes: Buffer, type: string): Promise<Record<string, unknown>> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const fields: Record<string, unknown> = {};
  for (const [name, value] of form) {
    // telegraf adds the method's name to its forms, which the platform allows.
    if (name === 'method') continue;
    fields[name] = typeof value === 'string' ? plain(name, value) : await uploaded(value);
  }
  return fields;
}

const numbers = new Set(['chat_id', 'message_id']);
const objects = new Set(['reply_markup', 'reply_parameters', 'link_preview_options']);

function plain(name: string, value: string): unknown {
  if (numbers.has(name) && /^-?\d+$/.test(value)) return Number(value);
  if (!objects.has(name)) return value;
  try {
    return JSON.parse(value);
  } catch {
    throw badRequest(`can't parse ${name} JSON object`);
  }
}

async function uploaded(file: File): Promise<UploadedFile> {
  return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new ApiError(413, 'Request Entity Too Large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
