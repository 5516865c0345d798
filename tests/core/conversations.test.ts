import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Conversation, noConversation } from '../../core/conversations/conversation.ts';
import type { DialogContext, Outcome } from '../../core/conversations/dialog.ts';
import { advance, type Effect, type Happening, hears } from '../../core/conversations/engine.ts';
import type { Texts } from '../../core/text.ts';
import { loadTexts } from '../../runtime/i18n.ts';

let context: DialogContext;
beforeAll(async () => {
  const texts: Texts = await loadTexts();
  context = {
    language: 'pl',
    texts,
    network: { name: 'Sieć Testowa', contact: null, languages: ['pl', 'en'], joining: 'invited' },
    person: {
      joined: true,
      staff: true,
      stopped: false,
      unnamed: false,
      name: 'Anna Przykładowa',
      company: 'Firma Testowa',
    },
  };
});

function play(happenings: readonly Happening[], from: Conversation = noConversation) {
  let conversation = from;
  let effects: readonly Effect[] = [];
  for (const happening of happenings) ({ conversation, effects } = advance(conversation, happening, context));
  return { conversation, effects };
}

const begin = (dialog: string, args = {}): Happening => ({ type: 'begin', dialog, args });
const text = (words: string): Happening => ({ type: 'text', text: words });
const press = (id: string): Happening => ({ type: 'press', id, values: [] });

describe('the dialog engine', () => {
  it.each([
    ...['nie, dziękuję', 'Nie dziękuję.', 'no thank you', 'No, thanks!'],
    ...['Nie, dziękuję bardzo', 'nie, bardzo dziękuję', 'No, thank you very much.', 'nie trzeba, dzięki'],
    ...['Nie.', 'nie!'],
  ])('takes the polite "%s" as the button it means, not as more words of the report', (words) => {
    const offered = play([begin('report', { text: 'Cieknie dach' })]);
    expect(hears(offered.conversation, words, context)).toBe('button');
    const answered = play([text(words)], offered.conversation);
    expect(answered.conversation.open).toBeNull();
  });

  it.each([
    'ok',
    'OK, dziękuję',
    'jasne',
    'Dobrze.',
    'sure',
    'tak poproszę',
    'yes please',
    'przekaż',
    'pass it on',
  ])('takes "%s" as the consent it is', (words) => {
    const offered = play([begin('report', { text: 'Cieknie dach' })]);
    expect(hears(offered.conversation, words, context)).toBe('button');
    const { conversation } = play([text(words)], offered.conversation);
    expect(conversation.open?.state).toMatchObject({ step: 'kind', text: 'Cieknie dach' });
  });

  it('keeps a politely ended sentence as words of the report', () => {
    const offered = play([begin('report', { text: 'Cieknie dach' })]);
    expect(hears(offered.conversation, 'Nie działa też brama, dziękuję', context)).toBe('more');
  });

  it('asks for what a dialog needs from outside and goes on with its outcome', () => {
    const asked = play([begin('report'), text('Brama'), press('kind.finance'), press('private')]);
    expect(asked.effects).toEqual([
      { kind: 'chosen', text: expect.anything() },
      {
        kind: 'call',
        call: {
          kind: 'reportBarrier',
          text: 'Brama',
          barrier: 'finance',
          visibility: 'private',
          anonymous: false,
        },
      },
    ]);
    const outcome: Outcome = { kind: 'reported', id: 'b1', number: 7 };
    const done = play([{ type: 'outcome', outcome }], asked.conversation);
    expect(done.conversation.open).toBeNull();
    expect(done.effects).toMatchObject([{ kind: 'say', about: { kind: 'barrier', id: 'b1' } }]);
  });

  it('tells a refusal in the words of whoever refused and ends', () => {
    const asked = play([begin('report'), text('Brama'), press('kind.finance'), press('shared')]);
    const outcome: Outcome = { kind: 'refused', text: { key: 'chat:errors.joinFirst' }, field: null };
    const refused = play([{ type: 'outcome', outcome }], asked.conversation);
    expect(refused.effects).toMatchObject([{ blocks: [{ text: { key: 'chat:errors.joinFirst' } }] }]);
    expect(refused.conversation.open).toBeNull();
  });

  it('begins anew, politely, when the dialog has changed since, and keeps what is written then', () => {
    const open = { dialog: 'report', version: 0, args: {}, state: { old: true }, left: false, below: null };
    const { conversation, effects } = play([text('Brama nie działa')], { revision: 4, open });
    expect(effects).toMatchObject([{ blocks: [{ text: { key: 'chat:dialog.changed' } }] }, { revision: 5 }]);
    expect(conversation.open).toMatchObject({
      version: 1,
      state: { step: 'kind', text: 'Brama nie działa' },
    });
  });

  it('does not take a press that its question never offered', () => {
    const { conversation } = play([begin('report'), text('Brama'), press('private')]);
    expect(conversation.open?.state).toMatchObject({ step: 'kind' });
  });

  it('understands a button’s words in either language, and only whole', () => {
    const { conversation } = play([begin('erase')]);
    expect(hears(conversation, 'erase my data', context)).toBe('button');
    expect(hears(conversation, 'USUŃ MOJE DANE!', context)).toBe('button');
    expect(hears(conversation, 'nie', context)).toBe('button');
    expect(hears(conversation, 'nie usuwaj', context)).toBeNull();
  });

  it('a dialog that was left takes no texts until it is resumed', () => {
    const left = play([begin('report'), { type: 'cancel' }]);
    expect(hears(left.conversation, 'Brama', context)).toBeNull();
    const back = play([{ type: 'resume' }], left.conversation);
    expect(hears(back.conversation, 'Brama', context)).toBe('text');
  });

  it('the revision grows with every question, whatever happens', () => {
    const happening = fc.oneof(
      fc.constantFrom('report', 'announce', 'erase', 'name', 'feedback', 'answer').map((d) => begin(d)),
      fc.string().map(text),
      fc.constantFrom('yes', 'no', 'kind.other', 'private', 'anonymous', 'skip', 'keep', 'x').map(press),
      fc.constantFrom<Happening>({ type: 'cancel' }, { type: 'resume' }, { type: 'ask' }),
    );
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
        let conversation = noConversation;
        for (const next of happenings) {
          const step = advance(conversation, next, context);
          const shown = step.effects.flatMap((e) => (e.kind === 'say' && e.revision ? [e.revision] : []));
          expect(shown.every((r) => r > conversation.revision && r === step.conversation.revision)).toBe(
            true,
          );
          expect(JSON.parse(JSON.stringify(step.conversation))).toEqual(step.conversation);
          conversation = step.conversation;
        }
      }),
      { numRuns: 150 },
    );
  });

  it('dialogs begun out of dialogs do not pile up without end', () => {
    const many = Array.from({ length: 20 }, (_, n) =>
      begin(n % 2 === 0 ? 'report' : 'name', { n: String(n) }),
    );
    const { conversation } = play(many);
    let depth = 0;
    for (let open = conversation.open; open; open = open.below) depth += 1;
    expect(depth).toBeLessThanOrEqual(5);
  });
});
