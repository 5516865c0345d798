import { createHash } from 'node:crypto';
import { DomainError } from '../domain-error.ts';
import { insertApiToken, revokeApiToken } from '../store/api-tokens.ts';
import type { Unit } from '../unit.ts';

/** Makes a token for programs. The token itself is returned once and never stored: only its SHA-256 is. */
export async function createApiToken(unit: Unit, name: string): Promise<{ id: string; token: string }> {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > 100) throw new DomainError('common:errors.tokenName', {}, 'name');
  const id = unit.ids.next();
  const token = `wici_${unit.ids.secret()}`;
  const hash = createHash('sha256').update(token).digest('hex');
  await insertApiToken(unit.db, {
    id,
    name: trimmed,
    hash,
    created_at: unit.now,
    last_used_at: null,
    revoked_at: null,
  });
  return { id, token };
}

/** The token stops working at once. */
export async function removeApiToken(unit: Unit, id: string): Promise<void> {
  if (!(await revokeApiToken(unit.db, id, unit.now))) throw new DomainError('common:errors.notFound');
}
