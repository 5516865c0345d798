import { DomainError } from '../domain-error.ts';
import { insertAttachment } from '../store/attachments.ts';
import { tidy } from '../tidy.ts';
import type { Unit } from '../unit.ts';
import { limits } from './announcement.ts';

export interface NewAttachment {
  readonly fileName: string;
  readonly contentType: string;
  readonly data: Uint8Array;
}

/**
 * Keeps a picture or file and returns its id. What its bytes show to be a PNG, JPEG, GIF or WebP is a picture; all else is a
 * file, whatever it claims. Throws DomainErrors 'announcements:errors.attachmentEmpty', '…attachmentLarge'.
 */
export async function addAttachment(
  unit: Unit,
  { fileName, contentType, data }: NewAttachment,
): Promise<string> {
  if (data.byteLength === 0) throw new DomainError('announcements:errors.attachmentEmpty', {}, 'attachment');
  if (data.byteLength > limits.attachmentBytes) {
    const limit = limits.attachmentBytes / 1_000_000;
    throw new DomainError('announcements:errors.attachmentLarge', { limit }, 'attachment');
  }
  const picture = pictureType(data);
  const id = unit.ids.next();
  await insertAttachment(unit.db, {
    id,
    kind: picture ? 'image' : 'file',
    file_name: safeName(fileName),
    content_type: picture ?? fileType(contentType),
    size: data.byteLength,
    data,
    created_at: unit.now,
  });
  return id;
}

function pictureType(data: Uint8Array): string | null {
  const head = Buffer.from(data.subarray(0, 12)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('GIF8')) return 'image/gif';
  return head.startsWith('RIFF') && head.endsWith('WEBP') ? 'image/webp' : null;
}

/** A well-formed type that no browser runs or draws; else plain bytes. */
function fileType(claimed: string): string {
  const type = claimed.toLowerCase().split(';')[0]?.trim() ?? '';
  const harmless =
    /^(application|text|audio|video)\/[a-z0-9.+-]+$/.test(type) && !/html|xml|script/.test(type);
  return harmless ? type : 'application/octet-stream';
}

function safeName(name: string): string {
  const last = tidy(name).split(/[\\/]/).at(-1) ?? '';
  return [...last.replace(/[<>:"|?*]/g, '_')].slice(-120).join('') || 'file';
}
