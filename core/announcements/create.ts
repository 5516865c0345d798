import { checkAudience } from '../audiences/parse.ts';
import { DomainError } from '../domain-error.ts';
import { unusableGroups } from '../groups/group.ts';
import { networkSettings } from '../network/settings.ts';
import { type Announcement, insertAnnouncement } from '../store/announcements.ts';
import { findAttachmentInfo } from '../store/attachments.ts';
import type { Db } from '../store/schema.ts';
import type { Unit } from '../unit.ts';
import type { AnnouncementDraft, AnnouncementStatus } from './announcement.ts';
import { ringChanged, scheduleSending } from './send.ts';
import { type CheckedDraft, checkDraft, draftProblems, ParityError } from './validate.ts';

/**
 * Writes an announcement and the moment it leaves. Throws DomainErrors 'announcements:errors.…' with the field at fault;
 * 'announcements:errors.parity' is a ParityError that carries the problems.
 */
export async function createAnnouncement(
  unit: Unit,
  draft: AnnouncementDraft,
  authorId: string | null,
): Promise<{ id: string; status: AnnouncementStatus }> {
  const checked = checkDraft(draft, unit.now);
  const problems = draftProblems(checked, (await networkSettings(unit.db)).languages);
  if (problems.length > 0 && !checked.overrideParity) throw new ParityError(problems);
  await checkAudience(unit.db, checked.audience);
  await checkGroups(unit.db, checked.groups);
  await checkAttachment(unit, checked.attachmentId);
  const id = unit.ids.next();
  await insertAnnouncement(unit.db, toRow(checked, id, authorId, unit.now));
  await scheduleSending(unit, id, 1, checked.sendAt);
  ringChanged(unit, id);
  return { id, status: 'scheduled' };
}

/** Throws DomainError 'announcements:errors.groupUnknown' when nothing can be posted in one of them. */
export async function checkGroups(db: Db, ids: readonly string[]): Promise<void> {
  if ((await unusableGroups(db, ids)).length > 0) {
    throw new DomainError('announcements:errors.groupUnknown', {}, 'groups');
  }
}

async function checkAttachment({ db }: Unit, id: string | null): Promise<void> {
  if (id !== null && !(await findAttachmentInfo(db, id))) {
    throw new DomainError('announcements:errors.attachmentUnknown', {}, 'attachmentId');
  }
}

/** The row a draft becomes. */
export function toRow(draft: CheckedDraft, id: string, authorId: string | null, now: number): Announcement {
  return {
    id,
    title_pl: draft.title.pl ?? null,
    title_en: draft.title.en ?? null,
    text_pl: draft.text.pl ?? null,
    text_en: draft.text.en ?? null,
    link: draft.link,
    attachment_id: draft.attachmentId,
    audience: JSON.stringify(draft.audience),
    group_ids: JSON.stringify(draft.groups),
    confirm: draft.confirm ? 1 : 0,
    urgent: draft.urgent ? 1 : 0,
    replies: draft.replies ? 1 : 0,
    reminder_count: draft.reminders.count,
    reminder_every_hours: draft.reminders.everyHours,
    send_at: draft.sendAt,
    status: 'scheduled',
    author_id: authorId,
    demo: draft.demo ? 1 : 0,
    revision: 1,
    created_at: now,
    started_at: null,
    finished_at: null,
    corrected_at: null,
    half_at: null,
    ninety_at: null,
  };
}
