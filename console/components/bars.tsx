export interface Segment {
  readonly value: number;
  readonly tone: string;
}

/** One bar in parts. A picture for the eye; the numbers stand beside it in words. */
export const StackedBar = ({ segments, total }: { segments: readonly Segment[]; total: number }) => {
  let x = 0;
  return (
    <svg class="stacked" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="bar-ground" width="100" height="4" />
      {segments.map(({ value, tone }) => {
        const width = total === 0 ? 0 : (value / total) * 100;
        const at = x;
        x += width;
        return <rect class={`bar-${tone}`} x={at.toFixed(3)} width={width.toFixed(3)} height="4" />;
      })}
    </svg>
  );
};

/** A bar of a share between 0 and 1. */
export const ShareBar = ({ share, tone }: { share: number; tone?: string }) => (
  <StackedBar segments={[{ value: share, tone: tone ?? 'brand' }]} total={1} />
);

export interface BarRow {
  readonly label: string;
  readonly value: number;
  /** The number as shown: "5 głosów". */
  readonly valueLabel: string;
  readonly share: number;
  readonly shareLabel: string;
}

/** Horizontal bars that are a table at once: label, bar, number, share. */
export const BarTable = ({
  caption,
  head,
  rows,
}: {
  caption: string;
  head: readonly [string, string, string];
  rows: readonly BarRow[];
}) => {
  const best = Math.max(...rows.map((r) => r.value), 0);
  return (
    <table class="bar-table">
      <caption class="ds-sr-only">{caption}</caption>
      <thead class="ds-sr-only">
        <tr>
          {head.map((h) => (
            <th scope="col">{h}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            <th scope="row">
              {row.label}
              <ShareBar share={row.share} tone={row.value === best && best > 0 ? 'brand' : 'soft'} />
            </th>
            <td class="num">{row.valueLabel}</td>
            <td class="num strong">{row.shareLabel}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};
