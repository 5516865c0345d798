import { splitText } from '../../../bots/split-text.ts';
import { encodeAction } from '../../../core/channels/action-token.ts';
import type { Block, OutboundMessage } from '../../../core/channels/outbound-message.ts';
import { limits } from './limits.ts';
import type { Key, Sheet } from './terminal-service.ts';

/** The sheets a message makes: keys, files and the note of what it answers are on the last. Pure. */
export function render({ blocks, token, replyTo }: OutboundMessage): Sheet[] {
  const parts = splitText(blocks.flatMap(wordsOf).join('\n'), limits.sheet);
  const files = blocks.flatMap((block) =>
    block.type === 'image' || block.type === 'file'
      ? [{ name: block.media.fileName, data: block.media.data }]
      : [],
  );
  const last = {
    keys: blocks.flatMap((block) => keysOf(token, block)),
    files,
    ...(replyTo === undefined ? {} : { answers: Number(replyTo) }),
  };
  return parts.map((text, n) => (n === parts.length - 1 ? { text, ...last } : { text, keys: [], files: [] }));
}

function wordsOf(block: Block<string>): string[] {
  switch (block.type) {
    case 'text':
      return [block.text];
    case 'fields':
      return block.items.map(({ label, value }) => `${label}: ${value}`);
    case 'image':
      return [block.alt];
    case 'file':
    case 'input':
      return [block.label];
    case 'divider':
      return ['----'];
    case 'actions':
    case 'choice':
      return [];
  }
}

function keysOf(token: string, block: Block<string>): Key[] {
  if (block.type === 'actions') {
    return block.actions.map((action) =>
      action.kind === 'link'
        ? { label: action.label, url: action.url }
        : { label: action.label, data: encodeAction({ token, id: action.id }) },
    );
  }
  if (block.type !== 'choice') return [];
  const { id, options, submitLabel } = block;
  if (!block.multiple) {
    return options.map(({ value, label }) => ({ label, data: encodeAction({ token, id, value }) }));
  }
  const marks = options.map(({ value, label }) => ({ label, mark: value }));
  return [...marks, { label: submitLabel, data: encodeAction({ token, id }) }];
}
