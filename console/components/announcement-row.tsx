import type { AnnouncementItem } from '../../core/announcements/list.ts';
import { inLanguage } from '../../core/text.ts';
import type { View } from '../context.ts';
import { FiguresBar, share } from './figures.tsx';
import { Tag, type Tone } from './ui.tsx';

const tones: Record<AnnouncementItem['status'], Tone> = {
  scheduled: 'info',
  sending: 'info',
  sent: 'success',
  paused: 'warning',
  stopped: 'neutral',
};

export const AnnouncementStatusTag = ({
  view,
  status,
}: {
  view: View;
  status: AnnouncementItem['status'];
}) => <Tag tone={tones[status]}>{view.t(`announcements:status.${status}`)}</Tag>;

/** An announcement in a list: its title, when, and how far it has come. */
export const AnnouncementRow = ({ view, item }: { view: View; item: AnnouncementItem }) => {
  const { t, formats } = view;
  const { counts } = item;
  const counted = item.confirm ? counts.confirmed : counts.accepted;
  return (
    <li class="row">
      <div class="tight">
        <a class="row-title" href={`/announcements/${item.id}`}>
          {inLanguage(item.title, view.language)}
        </a>
        <span class="meta">
          <AnnouncementStatusTag view={view} status={item.status} />
          <span>{formats.short(item.startedAt ?? item.sendAt)}</span>
          {counts.replies > 0 && <span>{t('console:count.replies', { count: counts.replies })}</span>}
        </span>
      </div>
      <div class="row-figures">
        <strong>{formats.percent(share(counted, counts.recipients))}</strong>
        <span>
          {t(item.confirm ? 'console:report.confirmedOf' : 'console:report.acceptedOf', {
            part: formats.number(counted),
            whole: formats.number(counts.recipients),
          })}
        </span>
      </div>
      <div class="row-wide">
        <FiguresBar figures={counts} />
      </div>
    </li>
  );
};
