import { isLanguage } from '../../../core/language.ts';
import type { Choice, LookProps, Shown } from './look.ts';
import { FieldLines, Words } from './words.tsx';

/** A row takes so many buttons; more options, and several at once, stand in a menu. */
const mostButtons = 5;

/** A message as Discord shows it: all its words first, then pictures and files, then rows of what can be pressed. */
export const DiscordLook = ({ view, blocks, lang }: LookProps) => (
  <div class="phone discord" lang={lang}>
    <div class="phone-body app-message">
      <span class="app-face" aria-hidden="true">
        {view.network.name.charAt(0)}
      </span>
      <div class="app-words">
        <p class="app-name">
          {view.network.name} <span class="app-badge">APP</span>
        </p>
        {[Said, Attached].map((Layer) => blocks.map((block) => <Layer block={block} />))}
        {blocks.map((block) => (
          <Pressable block={block} markSeveral={markSeveral(view, lang)} />
        ))}
      </div>
    </div>
  </div>
);

/** What stands there on a list of which several may be marked. */
function markSeveral({ deps, language }: LookProps['view'], lang: string): string {
  const reads = isLanguage(lang) ? lang : language;
  return deps.core.texts.translate(reads, 'servers:begin.markSeveral');
}

const Said = ({ block }: { block: Shown }) => {
  if (block.type === 'fields') return <FieldLines items={block.items} />;
  if (block.type === 'divider') return <p>———</p>;
  return block.type === 'text' ? <Words block={block} /> : null;
};

const Attached = ({ block }: { block: Shown }) =>
  block.type === 'image' || block.type === 'file' ? <Words block={block} /> : null;

const Pressable = ({ block, markSeveral }: { block: Shown; markSeveral: string }) => {
  switch (block.type) {
    case 'actions':
      return (
        <p class="app-buttons">
          {block.actions.map((action) => (
            <span data-style={action.kind === 'press' ? action.style : undefined}>
              {action.kind === 'link' ? `${action.label} ↗` : action.label}
            </span>
          ))}
        </p>
      );
    case 'input':
      return (
        <p class="app-buttons">
          <span>✎ {block.label}</span>
        </p>
      );
    case 'choice':
      return <Options choice={block} markSeveral={markSeveral} />;
    default:
      return null;
  }
};

const Options = ({ choice: { multiple, options }, markSeveral }: { choice: Choice; markSeveral: string }) => {
  const asButtons = !multiple && options.length <= mostButtons;
  return (
    <>
      {!asButtons && <p class="app-menu">{multiple ? markSeveral : ''} ▾</p>}
      <p class={asButtons ? 'app-buttons' : 'app-options'}>
        {options.map(({ label }) => (
          <span>{label}</span>
        ))}
      </p>
    </>
  );
};
