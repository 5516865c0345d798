import type { Aside } from '../channels/channel-adapter.ts';
import type { InboundEvent } from '../channels/inbound-event.ts';
import { type Language, languageFromTag } from '../language.ts';
import { networkSettings } from '../network/settings.ts';
import { type Account, findAccountByAddress } from '../store/accounts.ts';
import { findMember, type Member } from '../store/members.ts';
import { type Params, resolve, say } from '../text.ts';
import type { Unit } from '../unit.ts';

/** Who did something in a group; what they did there opens no account. */
export interface Presser {
  readonly account: Account | null;
  /** Null until they have joined. */
  readonly member: Member | null;
  readonly language: Language;
}

export async function presserOf(unit: Unit, event: InboundEvent): Promise<Presser> {
  const { channel, externalId, languageHint } = event;
  const account = (await findAccountByAddress(unit.db, channel, externalId)) ?? null;
  const member = account?.member_id ? ((await findMember(unit.db, account.member_id)) ?? null) : null;
  const { languages } = await networkSettings(unit.db);
  const hinted = languageFromTag(languageHint);
  const guessed = hinted && languages.includes(hinted) ? hinted : (languages[0] ?? 'pl');
  return { account, member, language: member?.language ?? account?.language ?? guessed };
}

/** What only this person is told, in their language. */
export function asideFor(unit: Unit, { language }: Presser, key: string, params?: Params): Aside {
  return { text: resolve(unit.texts, language, say(key, params)) };
}
