import type { Db } from './schema.ts';

export interface Administrator {
  readonly id: string;
  /** Has been signed in before, or is now. */
  readonly signedIn: boolean;
}

/** Who may let others in, the first one first. */
export async function administrators(db: Db): Promise<Administrator[]> {
  const rows = await db
    .selectFrom('member')
    .select((e) => [
      'member.id',
      e
        .selectFrom('session')
        .select((s) => s.fn.countAll<number>().as('n'))
        .whereRef('session.member_id', '=', 'member.id')
        .as('sessions'),
      e
        .selectFrom('sign_in_link')
        .select((s) => s.fn.countAll<number>().as('n'))
        .whereRef('sign_in_link.member_id', '=', 'member.id')
        .where('sign_in_link.used_at', 'is not', null)
        .as('used'),
    ])
    .where('member.role', '=', 'administrator')
    .where('member.status', '!=', 'erased')
    .where('member.demo', '=', 0)
    .orderBy('member.id')
    .execute();
  return rows.map(({ id, sessions, used }) => ({ id, signedIn: (sessions ?? 0) + (used ?? 0) > 0 }));
}
