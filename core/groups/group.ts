import type { ChannelName } from '../channels/channel-name.ts';
import type { Group } from '../channels/inbound-event.ts';
import { fold } from '../fold.ts';
import {
  changeGroup,
  findGroupByAddress,
  type GroupChat,
  groupChats,
  groupsByIds,
  insertGroup,
} from '../store/groups.ts';
import { invitationsByIds } from '../store/invitations.ts';
import { membersByIds } from '../store/members.ts';
import type { Db } from '../store/schema.ts';
import { tidy } from '../tidy.ts';
import type { Unit } from '../unit.ts';

/** A chat shared by many people in which Wici can post. */
export interface GroupView {
  readonly id: string;
  readonly channel: ChannelName;
  readonly title: string;
  /** The server it belongs to, where there may be several. */
  readonly place: string | null;
  /** False: the messenger does not let Wici post there. */
  readonly open: boolean;
  /** The member who let Wici in, where that is known. */
  readonly letInBy: { readonly id: string; readonly name: string } | null;
  /** What whoever presses its Join button is invited by; null while staff invited nobody there, or no longer. */
  readonly invitationId: string | null;
}

/** By their names; those of `channel` alone when it is given. */
export async function listGroups(db: Db, channel?: ChannelName): Promise<GroupView[]> {
  const rows = await groupChats(db, channel);
  const people = await membersByIds(db, [...new Set(rows.flatMap((g) => g.let_in_by ?? []))]);
  const names = new Map(people.map(({ id, name }) => [id, { id, name }]));
  const holding = new Set(
    (
      await invitationsByIds(
        db,
        rows.flatMap((g) => g.invitation_id ?? []),
      )
    )
      .filter((i) => i.revoked_at === null)
      .map((i) => i.id),
  );
  const { compare } = new Intl.Collator('pl');
  return rows
    .map((row) => ({
      ...{ id: row.id, channel: row.channel, title: row.title, place: row.place },
      open: row.status === 'open',
      letInBy: names.get(row.let_in_by ?? '') ?? null,
      invitationId: row.invitation_id !== null && holding.has(row.invitation_id) ? row.invitation_id : null,
    }))
    .sort((a, b) => compare(a.title, b.title) || compare(a.place ?? '', b.place ?? ''));
}

/** Which of these ids are no group, or none that can be posted in. */
export async function unusableGroups(db: Db, ids: readonly string[]): Promise<string[]> {
  const open = new Set((await groupsByIds(db, ids)).filter((g) => g.status === 'open').map((g) => g.id));
  return ids.filter((id) => !open.has(id));
}

/** What the messenger says of its groups now: new ones are added, those it does not name are closed. */
export async function learnGroups(unit: Unit, channel: ChannelName, groups: readonly Group[]): Promise<void> {
  const named = new Set(groups.map((g) => g.externalId));
  for (const known of await groupChats(unit.db, channel)) {
    if (!named.has(known.external_id)) await changeGroup(unit.db, known.id, { status: 'closed' });
  }
  for (const group of groups) await admitGroup(unit, channel, group);
}

/** Wici may post there from now on. `letInBy`: the member who saw to that, when it is known. */
export async function admitGroup(
  unit: Unit,
  channel: ChannelName,
  { externalId, title, place }: Group,
  letInBy: string | null = null,
): Promise<GroupChat> {
  const words = { title: titleOf(title), place: tidy(place ?? '').slice(0, 200) || null };
  await insertGroup(unit.db, {
    ...{ id: unit.ids.next(), channel, external_id: externalId, ...words },
    ...{ status: 'open', let_in_by: letInBy, invitation_id: null, created_at: unit.now },
  });
  const group = await findGroupByAddress(unit.db, channel, externalId);
  if (!group) throw new Error('the group just admitted is not there');
  const now = {
    ...{ title: words.title, place: words.place ?? group.place },
    ...{ status: 'open' as const, let_in_by: letInBy ?? group.let_in_by },
  };
  await changeGroup(unit.db, group.id, now);
  unit.ring({ kind: 'changed', topic: 'messengers' });
  return { ...group, ...now };
}

/** What a known group is called now; nothing else of it changes. */
export async function renameGroup(
  unit: Unit,
  channel: ChannelName,
  { externalId, title }: Group,
): Promise<void> {
  const group = await findGroupByAddress(unit.db, channel, externalId);
  if (!group) return;
  await changeGroup(unit.db, group.id, { title: titleOf(title) });
  unit.ring({ kind: 'changed', topic: 'messengers' });
}

/** Wici was let out: nothing is posted there any more. */
export async function dismissGroup(unit: Unit, channel: ChannelName, { externalId }: Group): Promise<void> {
  const group = await findGroupByAddress(unit.db, channel, externalId);
  if (!group) return;
  await changeGroup(unit.db, group.id, { status: 'closed' });
  unit.ring({ kind: 'changed', topic: 'messengers' });
}

const titleOf = (title: string) => tidy(title).slice(0, 200) || '?';

/** The open group people call so, "#" and case aside; null when there is none, or more than one. */
export async function groupNamed(db: Db, channel: ChannelName, name: string): Promise<GroupChat | null> {
  const plain = (title: string) => fold(title.replace(/^#/, ''));
  const found = (await groupChats(db, channel)).filter(
    (g) => g.status === 'open' && plain(g.title) === plain(name),
  );
  return found.length === 1 ? (found[0] ?? null) : null;
}
