import type { PollView } from '../../core/polls/list.ts';
import { inLanguage } from '../../core/text.ts';
import type { View } from '../context.ts';
import { ShareBar } from './bars.tsx';
import { share } from './figures.tsx';
import { Tag, type Tone } from './ui.tsx';

const tones: Record<PollView['status'], Tone> = {
  scheduled: 'info',
  open: 'success',
  closed: 'neutral',
  paused: 'warning',
  stopped: 'neutral',
};

export const PollStatusTag = ({ view, status }: { view: View; status: PollView['status'] }) => (
  <Tag tone={tones[status]}>{view.t(`console:pollStatus.${status}`)}</Tag>
);

/** A poll in a list: its question, until when, and how many voted. */
export const PollRow = ({ view, poll }: { view: View; poll: PollView }) => {
  const { t, formats } = view;
  const ended = poll.closedAt !== null;
  return (
    <li class="row">
      <div class="tight">
        <a class="row-title" href={`/polls/${poll.id}`}>
          {inLanguage(poll.question, view.language)}
        </a>
        <span class="meta">
          <PollStatusTag view={view} status={poll.status} />
          <span>
            {t(ended ? 'console:polls.closed' : 'console:polls.closes', {
              when: formats.short(poll.closedAt ?? poll.closesAt),
            })}
          </span>
          {poll.anonymous && <span>{t('console:pollForm.anonymous')}</span>}
        </span>
      </div>
      <div class="row-figures">
        <strong>{formats.percent(share(poll.voted, poll.asked))}</strong>
        <span>
          {t('console:polls.votedOf', {
            part: formats.number(poll.voted),
            whole: formats.number(poll.asked),
          })}
        </span>
      </div>
      <div class="row-wide">
        <ShareBar share={share(poll.voted, poll.asked)} />
      </div>
    </li>
  );
};
