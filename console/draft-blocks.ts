import type { Block, Media } from '../core/channels/outbound-message.ts';
import type { Draft } from '../core/deliveries/content.ts';
import { resolveBlocks } from '../core/deliveries/resolve-blocks.ts';
import type { Language } from '../core/language.ts';
import { loadMedia } from '../core/store/attachments.ts';
import type { View } from './context.ts';

/** A message in every language the network speaks. */
export async function inLanguages(
  view: View,
  draft: Draft,
): Promise<{ language: Language; blocks: Block<string, Media>[] }[]> {
  const { db, texts } = view.deps.core;
  const messages = [];
  for (const language of view.network.languages) {
    const blocks = await resolveBlocks(draft, language, texts, (ref) => loadMedia(db, ref.attachmentId));
    messages.push({ language, blocks });
  }
  return messages;
}
