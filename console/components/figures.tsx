import type { Tally } from '../../core/announcements/report.ts';
import type { View } from '../context.ts';
import { StackedBar } from './bars.tsx';

export type Figures = Omit<Tally, 'replied'>;

const order = ['confirmed', 'accepted', 'pending', 'unknown', 'unreachable', 'failed'] as const;

/** The parts of the bar: those who confirmed are taken out of those it reached, so that all parts make up the recipients. */
export function partsOf(figures: Figures) {
  return order.map((tone) => ({
    tone,
    value: tone === 'accepted' ? Math.max(0, figures.accepted - figures.confirmed) : figures[tone],
  }));
}

export const FiguresBar = ({ figures }: { figures: Figures }) => (
  <StackedBar segments={partsOf(figures)} total={figures.recipients} />
);

/** What each colour of the bar means and how many it stands for; how many of these people wrote back, when it is given. */
export const FiguresLegend = ({
  view,
  figures,
  replied = 0,
}: {
  view: View;
  figures: Figures;
  replied?: number;
}) => (
  <ul class="legend">
    {partsOf(figures)
      .filter(({ value }) => value > 0)
      .map(({ tone, value }) => (
        <li>
          <span class={`dot dot-${tone}`}></span>
          {view.t(tone === 'accepted' ? 'console:report.acceptedOnly' : `delivery:status.${tone}`)}{' '}
          <strong>{view.formats.number(value)}</strong>
        </li>
      ))}
    {replied > 0 && (
      <li>
        {view.t('announcements:report.replied')} <strong>{view.formats.number(replied)}</strong>
      </li>
    )}
  </ul>
);

export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
