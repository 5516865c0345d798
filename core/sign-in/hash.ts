import { createHash } from 'node:crypto';

/** SHA-256 in hex: what is stored of a link's, a session's or a token's secret. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
