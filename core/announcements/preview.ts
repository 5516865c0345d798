import { checkAudience } from '../audiences/parse.ts';
import { type AudienceReach, audienceReach } from '../audiences/reach.ts';
import type { Block } from '../channels/outbound-message.ts';
import { resolveBlocks } from '../deliveries/resolve-blocks.ts';
import type { Language } from '../language.ts';
import { networkSettings } from '../network/settings.ts';
import { findAttachmentInfo, loadMedia } from '../store/attachments.ts';
import type { Unit } from '../unit.ts';
import type { AnnouncementDraft } from './announcement.ts';
import { drawCard } from './card.ts';
import { checkGroups, toRow } from './create.ts';
import type { ParityProblem } from './parity.ts';
import { checkDraft, draftProblems } from './validate.ts';

export interface AnnouncementPreview {
  /** What members will see, for each language the network speaks: each messenger's render shows it its own way. */
  readonly messages: readonly { readonly language: Language; readonly blocks: readonly Block<string>[] }[];
  readonly reach: AudienceReach;
  readonly problems: readonly ParityProblem[];
  /** When it will leave, epoch ms. */
  readonly sendAt: number;
}

/** What would be sent to whom, without writing anything. Throws like createAnnouncement, but lists parity problems. */
export async function previewAnnouncement(
  unit: Pick<Unit, 'db' | 'now' | 'texts' | 'channels'>,
  draft: AnnouncementDraft,
): Promise<AnnouncementPreview> {
  const { db, now, texts, channels } = unit;
  const checked = checkDraft(draft, now);
  await checkAudience(db, checked.audience);
  await checkGroups(db, checked.groups);
  const { languages, timeZone } = await networkSettings(db);
  const file = checked.attachmentId === null ? undefined : await findAttachmentInfo(db, checked.attachmentId);
  const card = drawCard(toRow(checked, 'preview', null, now), file ?? null, {
    reminder: false,
    confirmedAt: null,
    undoable: false,
    timeZone,
  });
  const messages = [];
  for (const language of languages) {
    const blocks = await resolveBlocks(card, language, texts, (ref) => loadMedia(db, ref.attachmentId));
    messages.push({ language, blocks });
  }
  return {
    messages,
    reach: await audienceReach(db, checked.audience, channels),
    problems: draftProblems(checked, languages),
    sendAt: checked.sendAt,
  };
}
