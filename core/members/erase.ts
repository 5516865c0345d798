import { sharedListId } from '../barriers/list.ts';
import type { StoredContent } from '../deliveries/content.ts';
import { refresh } from '../outbox.ts';
import { deleteAccessOf } from '../store/access.ts';
import { type Account, accountsOf, changeAccount, deleteAccounts, strangers } from '../store/accounts.ts';
import {
  eraseCodes,
  eraseDeliveries,
  eraseListed,
  eraseNotices,
  eraseTalk,
  eraseWords,
} from '../store/person-traces.ts';
import { say } from '../text.ts';
import type { Core, Unit } from '../unit.ts';
import { editMember, notTheLast, presentMember } from './member.ts';
import { endPending } from './stop.ts';

/**
 * Forgets a person: name, e-mail, tags, addresses, open dialogs, the web chat's transcript, their words under announcements
 * and polls and in reports, also where staff was told of them. What stays is a nameless row with company and language, so that counts hold; votes stay counted.
 * The address they wrote from in this very unit of work is kept without a person for the parting answer; forgetStrangers
 * removes it soon after. Errors: common:errors.notFound, people:errors.lastAdministrator.
 */
export async function eraseMember(unit: Unit, memberId: string): Promise<void> {
  const member = await presentMember(unit, memberId);
  await notTheLast(unit, member);
  await endPending(unit, memberId, 'erased');
  const accounts = await accountsOf(unit.db, [memberId]);
  await eraseTold(unit, memberId);
  await eraseWords(unit.db, memberId);
  await eraseDeliveries(unit.db, memberId);
  await eraseCodes(unit.db, memberId);
  await deleteAccessOf(unit.db, memberId);
  await eraseTalk(unit.db, [memberId], accounts);
  await partFrom(unit, accounts);
  await editMember(unit, memberId, undefined, {
    ...{ name: '', name_folded: '', email: null, tags: '[]', role: 'member', status: 'erased' },
    ...{ consent_at: null, consent_version: null, stopped_at: null, simulated: 0 },
  });
  for (const topic of ['members', 'inbox']) unit.ring({ kind: 'changed', topic });
}

/** Staff's messengers, and those of others who were shown a shared report, show nothing of it any more either, where they can be edited. */
async function eraseTold(unit: Unit, memberId: string): Promise<void> {
  const content: StoredContent = {
    blocks: [{ type: 'text', style: 'note', text: say('people:erasedWords') }],
  };
  const words = JSON.stringify(content);
  const told = await eraseNotices(unit.db, memberId, words);
  const listed = await eraseListed(unit.db, memberId, sharedListId, words);
  await refresh(unit, [...told, ...listed], 'broadcast');
}

async function partFrom({ db, now }: Unit, accounts: readonly Account[]): Promise<void> {
  const speaking = accounts.filter((a) => a.last_used_at === now).slice(0, 1);
  for (const { id } of speaking) {
    await changeAccount(db, id, { member_id: null, display_name: null, gone_reason: 'erased' });
  }
  const gone = accounts.filter((a) => !speaking.includes(a));
  await deleteAccounts(
    db,
    gone.map((a) => a.id),
  );
}

const hour = 3_600_000;

/**
 * Removes addresses that belong to nobody, with all that was said there: of erased people an hour after the parting answer,
 * of people who wrote but never joined after 30 days. For the periodic sweep; returns how many.
 */
export async function forgetStrangers(core: Core): Promise<number> {
  return core.transaction(async ({ db, now }) => {
    const forgotten = await strangers(db, now - 30 * 24 * hour, now - hour, 200);
    await eraseTalk(db, [], forgotten);
    await deleteAccounts(
      db,
      forgotten.map((a) => a.id),
    );
    return forgotten.length;
  });
}
