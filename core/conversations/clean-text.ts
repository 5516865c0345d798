/** What is kept of one message or of a text gathered over several, in characters (UTF-16 units). */
export const textLimit = 4000;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const emojiOnly = /^(?:[\p{Extended_Pictographic}\p{Emoji_Component}\p{P}\p{S}\s]|\u200d)+$/u;
const invisible = /^[\s\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*$/u;

/** A person's text as it can be stored anywhere: no NUL, no broken surrogates, no white space around. */
export function cleanText(text: string): string {
  return text
    .replaceAll('\0', '')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .trim();
}

/** Whether nothing readable is in it. */
export function isBlank(text: string): boolean {
  return invisible.test(text);
}

/** Whether it holds signs but no letter or number: thumbs, hearts, punctuation. */
export function isWordless(text: string): boolean {
  return !/[\p{L}\p{N}]/u.test(text) || (emojiOnly.test(text) && !/\p{N}{2}|\p{L}/u.test(text));
}

export interface Clipped {
  readonly kept: string;
  /** Characters in all, when more than `limit` came. */
  readonly cutFrom: number | null;
}

/** The first `limit` characters, never splitting what people see as one (an emoji with its parts). */
export function clip(text: string, limit: number = textLimit): Clipped {
  if (text.length <= limit) return { kept: text, cutFrom: null };
  let end = 0;
  for (const { segment, index } of segmenter.segment(text)) {
    if (index + segment.length > limit) break;
    end = index + segment.length;
  }
  return { kept: text.slice(0, end), cutFrom: text.length };
}
