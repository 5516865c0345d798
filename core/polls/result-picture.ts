export interface ResultBars {
  readonly question: string;
  /** Under the bars: how many answered, in the reader's language. */
  readonly total: string;
  readonly bars: readonly {
    readonly label: string;
    /** 0 … 1 of those who voted. */
    readonly share: number;
    /** What stands at the bar's end: "3 votes (60%)". */
    readonly value: string;
  }[];
}

const width = 800;
const margin = 40;
const inner = width - 2 * margin;
const valueWidth = 190;
const barWidth = inner - valueWidth;
const ink = '#1b2430';
const soft = '#4a5768';
const bar = '#0b5cab';
const track = '#e3e9f0';

/** Bars of a poll's result as SVG; long words are wrapped, then cut with an ellipsis. Pure. */
export function resultPicture({ question, total, bars }: ResultBars): string {
  const shapes: string[] = [];
  let y = margin;
  for (const line of wrap(question, inner, 26, 3)) {
    y += 34;
    shapes.push(text(line, margin, y, 26, ink, 'bold'));
  }
  y += 22;
  for (const { label, share, value } of bars) {
    for (const line of wrap(label, inner, 20, 2)) {
      y += 27;
      shapes.push(text(line, margin, y, 20, ink));
    }
    y += 10;
    shapes.push(box(barWidth, y, track));
    if (share > 0) shapes.push(box(Math.max(6, barWidth * Math.min(1, share)), y, bar));
    shapes.push(text(value, margin + barWidth + 14, y + 20, 18, ink));
    y += 38;
  }
  y += 28;
  shapes.push(text(total, margin, y, 18, soft));
  return svg(y + margin - 10, shapes);
}

/** Lines of at most `room` pixels at this size; what does not fit into `most` lines ends with an ellipsis. */
export function wrap(words: string, room: number, size: number, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of parts(words).flatMap((part) => broken(part, room, size))) {
    const longer = line ? `${line} ${word}` : word;
    if (measure(longer, size) <= room) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  if (line) lines.push(line);
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), ellipsized(lines[most - 1] ?? '', room, size)];
}

/** Words that may stand at the end of a line: a one-letter one goes with the next. */
function parts(words: string): string[] {
  return words
    .replace(/(?<=^|\s)(\p{L})\s+/gu, '$1\u00a0')
    .split(/[^\S\u00a0]+/u)
    .filter(Boolean);
}

/** A word wider than a line, in pieces. */
function broken(word: string, room: number, size: number): string[] {
  if (measure(word, size) <= room) return [word];
  const pieces: string[] = [''];
  for (const char of word) {
    const piece = pieces.at(-1) ?? '';
    if (measure(piece + char, size) <= room) pieces[pieces.length - 1] = piece + char;
    else pieces.push(char);
  }
  return pieces;
}

function ellipsized(line: string, room: number, size: number): string {
  const chars = [...line];
  while (chars.length > 0 && measure(`${chars.join('')}…`, size) > room) chars.pop();
  return `${chars.join('').trimEnd()}…`;
}

/** A generous guess at the width of words in DejaVu Sans, in pixels. */
function measure(words: string, size: number): number {
  let ems = 0;
  for (const char of words) ems += emsOf(char);
  return ems * size;
}

function emsOf(char: string): number {
  if (/[ijl.,:;'|!\u00a0 ]/u.test(char)) return 0.36;
  if (/[mwMW@%—]/u.test(char)) return 1.05;
  if (/\p{Lu}/u.test(char)) return 0.78;
  return (char.codePointAt(0) ?? 0) > 0x2e80 ? 1.1 : 0.66;
}

const box = (w: number, y: number, fill: string) =>
  `<rect x="${margin}" y="${y}" width="${Math.round(w)}" height="28" rx="4" fill="${fill}"/>`;

function text(words: string, x: number, y: number, size: number, fill: string, weight = 'normal'): string {
  return (
    `<text x="${x}" y="${y}" font-family="DejaVu Sans" font-size="${size}" font-weight="${weight}" ` +
    `fill="${fill}">${escapeXml(words)}</text>`
  );
}

function svg(height: number, shapes: readonly string[]): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<rect width="${width}" height="${height}" fill="#ffffff"/>${shapes.join('')}</svg>`
  );
}

/** Escapes markup and drops the characters XML cannot hold. */
function escapeXml(words: string): string {
  return words
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
