import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chosen, isSubmit, isToggle, multipleChoiceRows, toggle } from '../../../bots/telegram/choice.ts';
import { maxCallbackData } from '../../../bots/telegram/limits.ts';
import { decodeAction } from '../../../core/channels/action-token.ts';

const token = 'Abcdefgh12345678';
const choice = (values: readonly string[]) => ({
  type: 'choice' as const,
  id: 'a-choice-id-of-20-ch',
  multiple: true,
  options: values.map((value) => ({ value, label: value })),
  submitLabel: 'Wyślij',
});
const twenty = Array.from({ length: 20 }, (_, index) => `${index}`);

describe('a multiple choice in a keyboard', () => {
  it('fits the longest names and twenty options into what a button carries', () => {
    const values = twenty.map((value) => value.padStart(20, 'x'));
    let keyboard = multipleChoiceRows(token, choice(values), values) as ReturnType<typeof toggle>;
    for (const value of values) {
      const pressed = keyboard?.flat().find((b) => b.text.endsWith(value))?.callback_data ?? '';
      keyboard = keyboard && toggle(keyboard, pressed);
    }
    for (const button of keyboard?.flat() ?? []) {
      expect(Buffer.byteLength(button.callback_data ?? '')).toBeLessThanOrEqual(maxCallbackData);
    }
    const submit = keyboard?.flat().at(-1)?.callback_data ?? '';
    expect(isSubmit(submit)).toBe(true);
    expect(chosen(submit, keyboard)).toEqual(values);
  });

  it('chooses exactly what is marked, by its marks and by its mask alike', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(19), { maxLength: 40 }), (presses) => {
        let keyboard = multipleChoiceRows(token, choice(twenty), twenty) as NonNullable<
          ReturnType<typeof toggle>
        >;
        const marked = new Set<number>();
        for (const option of presses) {
          keyboard = toggle(keyboard, keyboard[option]?.[0]?.callback_data ?? '') ?? keyboard;
          if (!marked.delete(option)) marked.add(option);
        }
        const expected = twenty.filter((_, index) => marked.has(index));
        expect(twenty.filter((_, index) => keyboard[index]?.[0]?.text.startsWith('☑'))).toEqual(expected);
        const submit = keyboard.at(-1)?.[0]?.callback_data ?? '';
        expect(chosen(submit, keyboard)).toEqual(expected);
        expect(chosen(submit, null)).toEqual(expected);
      }),
    );
  });

  it('speaks in data no action of the core can be mistaken for', () => {
    for (const { callback_data: data = '' } of multipleChoiceRows(token, choice(twenty), twenty).flat()) {
      expect(decodeAction(data)).toBeNull();
      expect(isToggle(data) || isSubmit(data)).toBe(true);
    }
    expect(isToggle(`${token}:vote:1`)).toBe(false);
    expect(isSubmit('=forged')).toBe(false);
  });

  it('has no mark to turn for an option it does not show', () => {
    const keyboard = multipleChoiceRows(token, choice(['0', '1']), ['0', '1']);
    expect(toggle(keyboard, `-${token}:a-choice-id-of-20-ch:7`)).toBeNull();
  });
});
