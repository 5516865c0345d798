import type { Action, Block, Field, Media } from '../channels/outbound-message.ts';
import type { Language } from '../language.ts';
import { resolve, type Text, type Texts } from '../text.ts';
import type { AttachmentRef, Draft } from './content.ts';

/** Puts a draft into the reader's language and loads its media. */
export async function resolveBlocks(
  draft: Draft,
  language: Language,
  texts: Texts,
  load: (ref: AttachmentRef) => Promise<Media>,
): Promise<Block<string>[]> {
  const words = (text: Text) => resolve(texts, language, text);
  return Promise.all(draft.map((block) => resolveBlock(block, words, load)));
}

async function resolveBlock(
  block: Draft[number],
  words: (text: Text) => string,
  load: (ref: AttachmentRef) => Promise<Media>,
): Promise<Block<string>> {
  switch (block.type) {
    case 'text':
      return { ...block, text: words(block.text) };
    case 'fields':
      return { ...block, items: block.items.map((i) => ({ label: words(i.label), value: words(i.value) })) };
    case 'image':
      return { ...block, alt: words(block.alt), media: await load(block.media) };
    case 'file':
      return { ...block, label: words(block.label), media: await load(block.media) };
    case 'actions':
      return { ...block, actions: block.actions.map((a) => resolveAction(a, words)) };
    case 'choice':
      return {
        ...block,
        options: block.options.map((o) => ({ ...o, label: words(o.label) })),
        submitLabel: words(block.submitLabel),
      };
    case 'input':
      return { ...block, ...resolveField(block, words) };
    case 'divider':
      return block;
  }
}

function resolveAction(action: Action<Text>, words: (text: Text) => string): Action<string> {
  const label = words(action.label);
  if (action.kind === 'link') return { ...action, label };
  const { field, ...press } = action;
  return field ? { ...press, label, field: resolveField(field, words) } : { ...press, label };
}

function resolveField({ label, title, submit, cancel }: Field<Text>, words: (text: Text) => string) {
  return { label: words(label), title: words(title), submit: words(submit), cancel: words(cancel) };
}
