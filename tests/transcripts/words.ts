import type { Block, OutboundMessage } from '../../core/channels/outbound-message.ts';

/** A message as its reader sees it, in lines; buttons in [brackets], options in (round ones). No-break spaces are plain. */
export function inLanguageOf({ blocks }: OutboundMessage): string {
  return blocks.flatMap(linesOf).join('\n').replaceAll('\u00a0', ' ');
}

function linesOf(block: Block<string>): string[] {
  switch (block.type) {
    case 'text':
      return [block.style === 'quote' ? `> ${block.text}` : block.text];
    case 'fields':
      return block.items.map(({ label, value }) => `${label}: ${value}`);
    case 'actions':
      return block.actions.map(({ label }) => `[${label}]`);
    case 'choice': {
      const options = block.options.map(({ label }) => `(${label})`);
      return block.multiple ? [...options, `[${block.submitLabel}]`] : options;
    }
    case 'input':
      return [`…${block.label}`];
    case 'image':
      return [`<${block.alt}>`];
    case 'file':
      return [`<${block.label}>`];
    case 'divider':
      return [];
  }
}
