import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, clip, isBlank, isWordless } from '../../core/conversations/clean-text.ts';
import { codeIn } from '../../core/conversations/codes.ts';
import { commandNamed, commandSaid, languageSaid } from '../../core/conversations/commands.ts';
import { menuActions } from '../../core/conversations/menu.ts';
import { smallTalk } from '../../core/conversations/small-talk.ts';
import { languages } from '../../core/language.ts';
import { resolve, say } from '../../core/text.ts';
import { loadTexts } from '../../runtime/i18n.ts';

describe('commands', () => {
  it('go by their names in both languages, with or without diacritics', () => {
    const twins = [
      ['polls', 'sondy'],
      ['announcements', 'ogloszenia', 'ogłoszenia'],
      ['report', 'zglos', 'zgłoś'],
      ['reports', 'zgloszenia', 'zgłoszenia'],
      ['me', 'ja'],
      ['language', 'jezyk', 'język'],
      ['help', 'pomoc'],
      ['cancel', 'anuluj'],
      ['announce', 'oglos', 'ogłoś'],
      ['link', 'polacz', 'połącz', 'POŁĄCZ'],
      ['start'],
      ['menu'],
      ['panel'],
      ['stop'],
    ];
    for (const [name = '', ...others] of twins) {
      for (const other of [name, ...others]) expect(commandNamed(other)).toBe(name);
    }
    expect(commandNamed('nic')).toBeNull();
  });

  it('may be whole messages, never parts of one', () => {
    expect(commandSaid('Menu!')).toBe('menu');
    expect(commandSaid('pomoc')).toBe('help');
    expect(commandSaid('nie mogę znaleźć menu')).toBeNull();
    expect(commandSaid('ja')).toBeNull();
    expect(languageSaid('Po polsku, proszę')).toBeNull();
    expect(languageSaid('in English')).toBe('en');
  });
});

describe('the words on a button that always stands', () => {
  it('may be typed instead of pressed, in either language', async () => {
    const texts = await loadTexts();
    const standing = [
      ...menuActions.map((action) => [`chat:menu.${action}`, action] as const),
      ...(['link', 'stop', 'erase'] as const).map((action) => [`chat:me.${action}`, action] as const),
    ];
    for (const [key, action] of standing) {
      for (const language of languages) expect(commandSaid(resolve(texts, language, say(key)))).toBe(action);
    }
  });
});

describe('codes', () => {
  it('are found alone or inside an address', () => {
    expect(codeIn(' aB3dEf6hIjKlMn0p ')).toEqual({ kind: 'invitation', code: 'aB3dEf6hIjKlMn0p' });
    expect(codeIn('https://t.me/wici_bot?start=aB3dEf6hIjKlMn0p')).toMatchObject({
      code: 'aB3dEf6hIjKlMn0p',
    });
    expect(codeIn('abcd-efgh')).toEqual({ kind: 'link', code: 'ABCDEFGH' });
    expect(codeIn('Cieknie dach')).toBeNull();
    expect(codeIn('zobacz https://t.me/wici_bot?start=aB3dEf6hIjKlMn0p')).toBeNull();
  });
});

describe('small talk', () => {
  it('is told from what matters', () => {
    expect(smallTalk('Dzień dobry!')).toBe('greeting');
    expect(smallTalk('dzięki :)')).toBe('thanks');
    expect(smallTalk('👍🏽👍🏽')).toBe('nod');
    expect(smallTalk('???')).toBe('nod');
    expect(smallTalk('Dzień dobry, cieknie dach')).toBeNull();
    expect(smallTalk('112')).toBeNull();
  });
});

describe('what people write', () => {
  it('is cut between characters as people see them', () => {
    const family = '👨‍👩‍👧‍👦';
    expect(clip(`${'a'.repeat(3995)}${family}b`)).toEqual({
      kept: 'a'.repeat(3995),
      cutFrom: 3995 + family.length + 1,
    });
    expect(clip('krótkie')).toEqual({ kept: 'krótkie', cutFrom: null });
  });

  it('is never longer than the limit and always the beginning', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        (text, limit) => {
          const { kept, cutFrom } = clip(text, limit);
          expect(text.startsWith(kept)).toBe(true);
          expect(kept.length <= limit).toBe(true);
          expect(cutFrom === null).toBe(kept === text);
        },
      ),
    );
  });

  it('can be stored anywhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(cleanText(text)).not.toMatch(/\0|\p{Surrogate}/u);
      }),
    );
    expect(isBlank('\u200b \n')).toBe(true);
    expect(isBlank('🙂')).toBe(false);
    expect(isWordless('🙂 !')).toBe(true);
    expect(isWordless('مرحبا')).toBe(false);
  });
});
