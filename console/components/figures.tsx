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

/** The bar with what each colour means and how many it stands for. */
export const FiguresLegend = ({ view, figures }: { view: View; figures: Figures }) => (
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
  </ul>
);

export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
