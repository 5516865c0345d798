import { DomainError } from '../core/domain-error.ts';
import { insertAttachment } from '../core/store/attachments.ts';
import type { Core } from '../core/unit.ts';

export const attachmentBytes = 10_000_000;

const signatures: readonly (readonly [type: string, test: (bytes: Uint8Array) => boolean])[] = [
  ['image/png', (b) => starts(b, [0x89, 0x50, 0x4e, 0x47])],
  ['image/jpeg', (b) => starts(b, [0xff, 0xd8, 0xff])],
  ['image/gif', (b) => starts(b, [0x47, 0x49, 0x46, 0x38])],
  [
    'image/webp',
    (b) => starts(b, [0x52, 0x49, 0x46, 0x46]) && starts(b.subarray(8), [0x57, 0x45, 0x42, 0x50]),
  ],
];

/** The picture type the bytes really are, or null: a name or a header proves nothing. */
export function pictureType(bytes: Uint8Array): string | null {
  return signatures.find(([, test]) => test(bytes))?.[0] ?? null;
}

function starts(bytes: Uint8Array, with_: readonly number[]): boolean {
  return with_.every((value, at) => bytes[at] === value);
}

/** Keeps an uploaded picture or file and returns its id. Errors: console:errors.413 beyond 10 MB. */
export async function keepUpload(core: Core, file: File): Promise<string> {
  if (file.size > attachmentBytes) throw new DomainError('console:errors.413', {}, 'attachment');
  const data = new Uint8Array(await file.arrayBuffer());
  const picture = pictureType(data);
  return core.transaction(async (unit) => {
    const id = unit.ids.next();
    await insertAttachment(unit.db, {
      id,
      kind: picture ? 'image' : 'file',
      file_name: fileName(file.name),
      content_type: picture ?? 'application/octet-stream',
      size: data.byteLength,
      data,
      created_at: unit.now,
    });
    return id;
  });
}

/** A name without folders and control characters, at most 120 characters with its ending kept. */
export function fileName(given: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const name = (given.split(/[\\/]/).at(-1) ?? '').replaceAll(/[\u0000-\u001f"]/g, '').trim() || 'file';
  if (name.length <= 120) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= 12 ? name.slice(dot) : '';
  return name.slice(0, 120 - ending.length) + ending;
}
