import type { ReplyView } from '../../core/replies/list.ts';
import { inLanguage } from '../../core/text.ts';
import type { View } from '../context.ts';
import { TextArea } from './fields.tsx';

/** What members wrote and what staff answered, with a field to answer in. */
export const ReplyList = ({
  view,
  replies,
  back,
  empty,
  subjects,
}: {
  view: View;
  replies: readonly ReplyView[];
  /** Where the forms lead back to. */
  back: string;
  empty: string;
  /** Says under what each reply was written. */
  subjects?: boolean;
}) =>
  replies.length === 0 ? (
    <p class="muted">{empty}</p>
  ) : (
    <ul class="exchanges">
      {replies.map((reply) => (
        <li id={`reply-${reply.id}`}>
          <Exchange view={view} reply={reply} back={back} subjects={subjects ?? false} />
        </li>
      ))}
    </ul>
  );

const Exchange = ({
  view,
  reply,
  back,
  subjects,
}: {
  view: View;
  reply: ReplyView;
  back: string;
  subjects: boolean;
}) => {
  const { t, formats } = view;
  const { kind, id, title } = reply.subject;
  return (
    <>
      {subjects && (
        <p class="meta">
          <a href={`/${kind}s/${id}`}>{inLanguage(title, view.language)}</a>
        </p>
      )}
      <div class="talk">
        <div class="said">
          <p class="meta">
            <a href={`/members/${reply.member.id}`}>{reply.member.name || t('console:people.erasedName')}</a>
            {reply.company && <span>{reply.company.name}</span>}
            <time>{formats.short(reply.at)}</time>
          </p>
          <p class="prose">{reply.text}</p>
        </div>
        {reply.answers.map((answer) => (
          <div class="said ours">
            <p class="meta">
              <span>{t('console:replies.staff')}</span>
              <time>{formats.short(answer.at)}</time>
            </p>
            <p class="prose">{answer.text}</p>
          </div>
        ))}
      </div>
      <div class="actions">
        <details class="fold">
          <summary>{t('console:replies.answer')}</summary>
          <form method="post" action={`/replies/${reply.id}/answer`} class="form" hx-morph-skip>
            <input type="hidden" name="back" value={back} />
            <TextArea
              name={`text-${reply.id}`}
              label={t('console:replies.yourAnswer')}
              hint={t('console:replies.goesTo')}
              rows={3}
              required
            />
            <div>
              <button type="submit" class="ds-button">
                {t('console:replies.send')}
              </button>
            </div>
          </form>
        </details>
        {reply.handledAt === null && (
          <form method="post" action={`/replies/${reply.id}/handled`} class="inline-form">
            <input type="hidden" name="back" value={back} />
            <button type="submit" class="ds-button" data-variant="tertiary">
              {t('console:replies.handled')}
            </button>
          </form>
        )}
      </div>
    </>
  );
};
