/** One thing on a drawn screen; `here` marks what the step is about, numbered in the order of the presses. */
export type Drawn = { readonly here?: number } & (
  | { readonly draw: 'button'; readonly label: string; readonly quiet?: true }
  | { readonly draw: 'field'; readonly label: string; readonly value: string }
  | { readonly draw: 'tick'; readonly label: string; readonly on: boolean }
  | { readonly draw: 'switch'; readonly label: string; readonly on: boolean }
  | { readonly draw: 'code'; readonly lines: readonly string[] }
  | { readonly draw: 'said'; readonly words: readonly string[]; readonly own?: true }
);

/** A screen of the messenger's own pages, as far as the step needs it. The labels are those of the real screen. */
export interface Drawing {
  readonly title: string;
  /** The menu at the left; the entry to press comes with an asterisk. */
  readonly menu?: readonly string[];
  readonly content: readonly Drawn[];
}

const width = 360;
const barHeight = 30;
const rowGap = 12;
const menuWidth = 124;

/** Decoration: the step's words say the same, so it is left out for those who do not see it. */
export const Picture = ({ drawing }: { drawing: Drawing }) => {
  const { title, menu = [], content } = drawing;
  const left = menu.length > 0 ? menuWidth + 14 : 16;
  const tops: number[] = [];
  let bottom = barHeight + 16;
  for (const drawn of content) {
    tops.push(bottom);
    bottom += heightOf(drawn) + rowGap;
  }
  const height = Math.max(bottom + 4, barHeight + 24 + menu.length * 26);
  return (
    <svg class="drawing" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
      <rect class="d-window" x="1" y="1" width={width - 2} height={height - 2} rx="10" />
      <path class="d-line" d={`M1 ${barHeight}H${width - 1}`} />
      {[14, 26, 38].map((x) => (
        <circle class="d-dim" cx={x} cy={barHeight / 2} r="3.5" />
      ))}
      <text class="d-small" x="54" y="19">
        {title}
      </text>
      {menu.length > 0 && <path class="d-line" d={`M${menuWidth} ${barHeight}V${height - 1}`} />}
      {menu.map((entry, n) => (
        <MenuEntry entry={entry} y={barHeight + 14 + n * 26} />
      ))}
      {content.map((drawn, n) => (
        <Thing drawn={drawn} x={left} y={tops[n] ?? 0} room={width - left - 16} />
      ))}
    </svg>
  );
};

const MenuEntry = ({ entry, y }: { entry: string; y: number }) => {
  const chosen = entry.endsWith('*');
  return (
    <>
      {chosen && <rect class="d-mark" x="6" y={y - 4} width={menuWidth - 12} height="22" rx="5" />}
      <text class={chosen ? 'd-small d-strong' : 'd-small'} x="13" y={y + 11}>
        {entry.replace('*', '')}
      </text>
    </>
  );
};

function heightOf(drawn: Drawn): number {
  switch (drawn.draw) {
    case 'field':
      return 44;
    case 'code':
      return drawn.lines.length * 16 + 14;
    case 'said':
      return drawn.words.length * 17 + 14;
    case 'tick':
    case 'switch':
      return 18;
    case 'button':
      return 28;
  }
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly room: number;
}

const Thing = ({ drawn, ...place }: { drawn: Drawn } & Place) => {
  const { x, y, room } = place;
  const end = x + (drawn.draw === 'button' || drawn.draw === 'said' ? lengthOf(drawn) : room);
  const shift = drawn.draw === 'said' && drawn.own ? room - lengthOf(drawn) : 0;
  const corner = Math.min(end + shift, width - 14);
  const top = y + (drawn.draw === 'field' ? 18 : 2);
  return (
    <>
      <Shape drawn={drawn} {...place} x={x + shift} />
      {drawn.here !== undefined && (
        <g>
          <circle class="d-here" cx={corner} cy={top} r="10" />
          <text class="d-number" x={corner} y={top + 4.5}>
            {drawn.here}
          </text>
        </g>
      )}
    </>
  );
};

function lengthOf(drawn: Drawn): number {
  if (drawn.draw === 'said') return Math.max(...drawn.words.map((line) => line.length)) * 6.9 + 24;
  return drawn.draw === 'code' ? 0 : drawn.label.length * 7.2 + 30;
}

const Shape = ({ drawn, x, y, room }: { drawn: Drawn } & Place) => {
  const marked = drawn.here === undefined ? '' : ' d-marked';
  switch (drawn.draw) {
    case 'button':
      return (
        <>
          <rect
            class={drawn.quiet ? `d-field${marked}` : 'd-button'}
            {...{ x, y, width: lengthOf(drawn), height: 28, rx: 6 }}
          />
          <text class={drawn.quiet ? 'd-label' : 'd-on-button'} x={x + 15} y={y + 18.5}>
            {drawn.label}
          </text>
        </>
      );
    case 'field':
      return (
        <>
          <text class="d-small" x={x} y={y + 10}>
            {drawn.label}
          </text>
          <rect class={`d-field${marked}`} {...{ x, y: y + 16, width: room, height: 28, rx: 6 }} />
          <text class="d-mono" x={x + 10} y={y + 34}>
            {drawn.value}
          </text>
        </>
      );
    case 'tick':
      return (
        <>
          <rect class={`d-field${marked}`} {...{ x, y, width: 18, height: 18, rx: 4 }} />
          {drawn.on && <path class="d-tick" d={`m${x + 4} ${y + 9.5} 3.5 3.5 6.5-7.5`} />}
          <text class="d-label" x={x + 27} y={y + 13.5}>
            {drawn.label}
          </text>
        </>
      );
    case 'switch':
      return (
        <>
          <rect class={drawn.on ? 'd-button' : 'd-field'} {...{ x, y, width: 32, height: 18, rx: 9 }} />
          <circle class={drawn.on ? 'd-knob-on' : 'd-dim'} cx={drawn.on ? x + 23 : x + 9} cy={y + 9} r="6" />
          <text class="d-label" x={x + 41} y={y + 13.5}>
            {drawn.label}
          </text>
        </>
      );
    case 'code':
      return (
        <>
          <rect class={`d-field${marked}`} {...{ x, y, width: room, height: heightOf(drawn), rx: 6 }} />
          {drawn.lines.map((line, n) => (
            <text class="d-mono" x={x + 10} y={y + 20 + n * 16}>
              {line}
            </text>
          ))}
        </>
      );
    case 'said':
      return (
        <>
          <rect
            class={drawn.own ? 'd-own' : `d-field${marked}`}
            {...{ x, y, width: lengthOf(drawn), height: heightOf(drawn), rx: 9 }}
          />
          {drawn.words.map((line, n) => (
            <text class="d-label" x={x + 12} y={y + 20 + n * 17}>
              {line}
            </text>
          ))}
        </>
      );
  }
};
