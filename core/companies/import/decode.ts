import iconv from 'iconv-lite';
import { DomainError } from '../../domain-error.ts';

const megabytes = 5;

/** The text of a CSV file: UTF-8 with or without BOM, UTF-16 with BOM, else Windows-1250. Errors: import:errors.*. */
export function decodeCsv(bytes: Uint8Array): string {
  if (bytes.length > megabytes * 1024 * 1024) throw new DomainError('import:errors.tooBig', { megabytes });
  const text = decode(bytes);
  if (text.includes('\u0000')) throw new DomainError('import:errors.notText');
  if (text.trim() === '') throw new DomainError('import:errors.empty');
  return text;
}

function decode(bytes: Uint8Array): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return iconv.decode(bytes, 'utf-16');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return iconv.decode(bytes, 'windows-1250');
  }
}
