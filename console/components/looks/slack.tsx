import type { Choice, LookProps, Shown } from './look.ts';
import { FieldLines, isWords, Words } from './words.tsx';

/** As many options stand as buttons while each is this short; up to ten as a list; more hide in a menu. */
const mostButtons = 5;
const shortLabel = 30;
const mostVisible = 10;

/** A message as Slack shows it: flat under the app's name, its words, buttons and lists in the message's own order. */
export const SlackLook = ({ view, blocks, lang }: LookProps) => (
  <div class="phone slack" lang={lang}>
    <div class="phone-body app-message">
      <span class="app-face" aria-hidden="true">
        {view.network.name.charAt(0)}
      </span>
      <div class="app-words">
        <p class="app-name">
          {view.network.name} <span class="app-badge">APP</span>
        </p>
        {blocks.map((block) => (
          <Part block={block} />
        ))}
      </div>
    </div>
  </div>
);

const Part = ({ block }: { block: Shown }) => {
  switch (block.type) {
    case 'fields':
      return <FieldLines items={block.items} />;
    case 'actions':
      return (
        <p class="app-buttons">
          {block.actions.map((action) => (
            <span data-style={action.kind === 'press' ? action.style : undefined}>{action.label}</span>
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
      return <Options choice={block} />;
    default:
      return isWords(block) ? <Words block={block} /> : null;
  }
};

const Options = ({ choice }: { choice: Choice }) => {
  const { multiple, options, submitLabel } = choice;
  const asButtons =
    !multiple && options.length <= mostButtons && options.every(({ label }) => label.length <= shortLabel);
  const sign = multiple ? '☐' : '○';
  return (
    <>
      {options.length > mostVisible && <p class="app-menu">▾</p>}
      <p class={asButtons ? 'app-buttons' : 'app-options'}>
        {options.map(({ label }) => (
          <span>{asButtons || options.length > mostVisible ? label : `${sign} ${label}`}</span>
        ))}
      </p>
      {multiple && (
        <p class="app-buttons">
          <span data-style="primary">{submitLabel}</span>
        </p>
      )}
    </>
  );
};
