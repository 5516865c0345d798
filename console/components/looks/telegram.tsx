import type { LookProps, Shown } from './look.ts';
import { isWords, Words } from './words.tsx';

/** A message as Telegram shows it: words in the bubble, buttons beneath it. */
export const TelegramLook = ({ view, blocks, lang }: LookProps) => {
  const keys = blocks.flatMap(keysOf);
  return (
    <div class="phone telegram" lang={lang}>
      <div class="phone-head">{view.network.name}</div>
      <div class="phone-body">
        <div class="bubble">
          {blocks.filter(isWords).map((block) => (
            <Words block={block} />
          ))}
        </div>
        {keys.length > 0 && (
          <div class="keys">
            {keys.map((label) => (
              <span>{label}</span>
            ))}
          </div>
        )}
      </div>
    </div>
  );
};

function keysOf(block: Shown): string[] {
  if (block.type === 'actions')
    return block.actions.map((a) => (a.kind === 'link' ? `${a.label} ↗` : a.label));
  if (block.type !== 'choice') return [];
  const options = block.options.map(({ label }) => (block.multiple ? `☐ ${label}` : label));
  return block.multiple ? [...options, block.submitLabel] : options;
}
