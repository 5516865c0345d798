import type { ChannelName } from '../channels/channel-name.ts';
import { type Language, languageFromTag } from '../language.ts';
import { networkSettings } from '../network/settings.ts';
import {
  type Account,
  changeAccount,
  findAccountByAddress,
  insertAccounts,
  useAccount,
} from '../store/accounts.ts';
import { findMember, type Member } from '../store/members.ts';
import { tidy } from '../tidy.ts';
import type { Unit } from '../unit.ts';

export interface Address {
  readonly channel: ChannelName;
  readonly externalId: string;
  readonly displayName?: string | undefined;
  /** BCP 47 tag from the platform. */
  readonly languageHint?: string | undefined;
}

/**
 * The account somebody writes from, made when it is new, with its person once they have joined. It counts as used now, and is
 * open again when it was gone: whoever writes can be written to.
 */
export async function takeAccount(
  unit: Unit,
  address: Address,
): Promise<{ account: Account; member: Member | null }> {
  const displayName = tidy(address.displayName ?? '').slice(0, 120) || null;
  const known = await findAccountByAddress(unit.db, address.channel, address.externalId);
  if (known) {
    const name = displayName ?? known.display_name;
    const member = await useAccount(unit.db, known, unit.now, name);
    if (known.status === 'gone') unit.ring({ kind: 'changed', topic: 'members' });
    const used = { last_used_at: unit.now, status: 'open', gone_reason: null, display_name: name } as const;
    return { account: { ...known, ...used }, member: member ?? null };
  }
  await insertAccounts(unit.db, [await newAccount(unit, address, displayName)]);
  const account = await findAccountByAddress(unit.db, address.channel, address.externalId);
  if (!account) throw new Error('the account just taken is not there');
  return withMember(unit, account);
}

async function withMember(
  { db }: Unit,
  account: Account,
): Promise<{ account: Account; member: Member | null }> {
  const member = account.member_id === null ? undefined : await findMember(db, account.member_id);
  return { account, member: member ?? null };
}

/** The platform says nothing reaches this address any more (blocked, left). Unknown address: nothing happens. */
export async function accountGone(unit: Unit, channel: ChannelName, externalId: string): Promise<void> {
  const account = await findAccountByAddress(unit.db, channel, externalId);
  if (!account || account.status === 'gone') return;
  await changeAccount(unit.db, account.id, { status: 'gone', gone_reason: 'blocked' });
  unit.ring({ kind: 'changed', topic: 'members' });
}

/** The language spoken with an address whose person has not joined yet. */
export async function setAccountLanguage(unit: Unit, accountId: string, language: Language): Promise<void> {
  await changeAccount(unit.db, accountId, { language });
}

async function newAccount(unit: Unit, { channel, externalId, languageHint }: Address, name: string | null) {
  const { languages } = await networkSettings(unit.db);
  const guessed = languageFromTag(languageHint);
  return {
    id: unit.ids.next(),
    channel,
    external_id: externalId,
    member_id: null,
    status: 'open' as const,
    gone_reason: null,
    display_name: name,
    language: guessed && languages.includes(guessed) ? guessed : (languages[0] ?? 'pl'),
    last_used_at: unit.now,
    created_at: unit.now,
  };
}
