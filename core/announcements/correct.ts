import { DomainError } from '../domain-error.ts';
import { networkSettings } from '../network/settings.ts';
import { refreshSubject } from '../outbox.ts';
import { changeAnnouncement, lockAnnouncement } from '../store/announcements.ts';
import type { Unit } from '../unit.ts';
import type { AnnouncementDraft } from './announcement.ts';
import { ringChanged } from './send.ts';
import { checkTexts, draftProblems, ParityError } from './validate.ts';

export type Correction = Pick<AnnouncementDraft, 'title' | 'text' | 'link'>;

/**
 * Changes what it says: what has not left goes out corrected, what was shown is edited where the messenger can and says so.
 * Throws like createAnnouncement; 'common:errors.conflict' when somebody was faster than `revision`.
 */
export async function correctAnnouncement(
  unit: Unit,
  id: string,
  correction: Correction,
  revision: number,
  { overrideParity = false }: { overrideParity?: boolean } = {},
): Promise<void> {
  const announcement = await lockAnnouncement(unit.db, id);
  if (!announcement) throw new DomainError('common:errors.notFound');
  if (announcement.revision !== revision) throw new DomainError('common:errors.conflict');
  const texts = checkTexts(correction);
  const problems = draftProblems(texts, (await networkSettings(unit.db)).languages);
  if (problems.length > 0 && !overrideParity) throw new ParityError(problems);
  await changeAnnouncement(unit.db, id, {
    title_pl: texts.title.pl ?? null,
    title_en: texts.title.en ?? null,
    text_pl: texts.text.pl ?? null,
    text_en: texts.text.en ?? null,
    link: texts.link,
    revision: revision + 1,
    // Nobody has seen it before: nothing is corrected in anybody's eyes.
    corrected_at: announcement.started_at === null ? null : unit.now,
  });
  await refreshSubject(unit, { kind: 'announcement', id });
  ringChanged(unit, id);
}
