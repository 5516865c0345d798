import { type Language, languages } from '../language.ts';
import { findAttachmentInfo, insertAttachment } from '../store/attachments.ts';
import type { Poll } from '../store/polls.ts';
import { inLanguage } from '../text.ts';
import type { Core } from '../unit.ts';
import { questionOf } from './poll.ts';
import { resultPicture } from './result-picture.ts';
import { type PollResults, percent, resultsFor } from './results.ts';

/** The attachment with the bars of a closed poll in a language; letters and digits only, as every attachment's id. */
export const resultPictureId = (pollId: string, language: Language) => `${pollId}${language}`;

/** Draws the bars in every language, once; nothing while the counts are hidden from members. */
export async function drawResults(core: Core, poll: Poll): Promise<void> {
  const results = await resultsFor(core.db, poll, 'member');
  if (results.hidden) return;
  for (const language of languages) {
    const id = resultPictureId(poll.id, language);
    if (await findAttachmentInfo(core.db, id)) continue;
    const data = await core.pictures.png(pictureOf(core, poll, results, language));
    await core.transaction(async ({ db, now }) => {
      if (await findAttachmentInfo(db, id)) return;
      await insertAttachment(db, {
        id,
        kind: 'image',
        file_name: 'wici-results.png',
        content_type: 'image/png',
        size: data.byteLength,
        data,
        created_at: now,
      });
    });
  }
}

function pictureOf({ texts }: Core, poll: Poll, { options, voted }: PollResults, language: Language): string {
  return resultPicture({
    question: inLanguage(questionOf(poll), language),
    total: texts.translate(language, 'polls:results.answers', { count: voted }),
    bars: options.map(({ label, votes }) => ({
      label: inLanguage(label, language),
      share: voted === 0 ? 0 : (votes ?? 0) / voted,
      value: texts.translate(language, 'polls:results.votes', {
        count: votes ?? 0,
        percent: percent(votes ?? 0, voted),
      }),
    })),
  });
}
