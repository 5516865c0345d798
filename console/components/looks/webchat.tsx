import type { LookProps, Shown } from './look.ts';
import { isWords, Words } from './words.tsx';

/** A message as the web chat shows it. */
export const WebchatLook = ({ view, blocks, lang }: LookProps) => (
  <div class="phone" lang={lang}>
    <div class="phone-head">{view.network.name}</div>
    <div class="phone-body">
      <div class="bubble">
        {blocks.map((block) => (
          <Part block={block} />
        ))}
      </div>
    </div>
  </div>
);

const Part = ({ block }: { block: Shown }) => {
  if (isWords(block)) return <Words block={block} />;
  if (block.type === 'input') return <p class="bubble-note">{block.label}</p>;
  if (block.type === 'choice') {
    return (
      <div class="bubble-choice">
        {block.options.map(({ label }) => (
          <span>{block.multiple ? `☐ ${label}` : label}</span>
        ))}
        {block.multiple && <span data-style="primary">{block.submitLabel}</span>}
      </div>
    );
  }
  return (
    <div class="bubble-buttons">
      {block.actions.map((action) => (
        <span data-style={action.kind === 'press' ? action.style : undefined}>
          {action.kind === 'link' ? `${action.label} ↗` : action.label}
        </span>
      ))}
    </div>
  );
};
