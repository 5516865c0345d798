import type { Block } from '../../core/channels/outbound-message.ts';
import type { View } from '../context.ts';

type Shown = Block<string, { id: string; fileName: string }>;

interface Props {
  readonly view: View;
  readonly blocks: readonly Shown[];
  readonly lang: string;
}

/** A message as the web chat shows it. A picture of it: nothing here can be pressed. */
export const WebchatMessage = ({ view, blocks, lang }: Props) => (
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

/** A message as Telegram shows it: words in the bubble, buttons beneath it. */
export const TelegramMessage = ({ view, blocks, lang }: Props) => {
  const words = blocks.filter((b) => b.type !== 'actions' && b.type !== 'choice');
  const keys = blocks.flatMap((block) => {
    if (block.type === 'actions')
      return block.actions.map((a) => (a.kind === 'link' ? `${a.label} ↗` : a.label));
    if (block.type !== 'choice') return [];
    const options = block.options.map((o) => (block.multiple ? `☐ ${o.label}` : o.label));
    return block.multiple ? [...options, block.submitLabel] : options;
  });
  return (
    <div class="phone telegram" lang={lang}>
      <div class="phone-head">{view.network.name}</div>
      <div class="phone-body">
        <div class="bubble">
          {words.map((block) => (
            <Part block={block} />
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

const Part = ({ block }: { block: Shown }) => {
  switch (block.type) {
    case 'text':
      return <p class={`prose bubble-${block.style ?? 'body'}`}>{block.text}</p>;
    case 'fields':
      return (
        <dl class="pairs">
          {block.items.map(({ label, value }) => (
            <>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </>
          ))}
        </dl>
      );
    case 'image':
      return <img src={`/attachments/${block.media.id}`} alt={block.alt} />;
    case 'file':
      return <p>📎 {block.label}</p>;
    case 'actions':
      return (
        <div class="bubble-buttons">
          {block.actions.map((action) => (
            <span data-style={action.kind === 'press' ? action.style : undefined}>
              {action.kind === 'link' ? `${action.label} ↗` : action.label}
            </span>
          ))}
        </div>
      );
    case 'choice':
      return (
        <div class="bubble-choice">
          {block.options.map(({ label }) => (
            <span>{block.multiple ? `☐ ${label}` : label}</span>
          ))}
          {block.multiple && <span data-style="primary">{block.submitLabel}</span>}
        </div>
      );
    case 'input':
      return <p class="bubble-note">{block.label}</p>;
    case 'divider':
      return <hr />;
  }
};

const looks = { webchat: WebchatMessage, telegram: TelegramMessage } as const;

/** The message in every language and messenger, side by side. */
export const Previews = ({
  view,
  messages,
}: {
  view: View;
  messages: readonly { readonly language: string; readonly blocks: readonly Shown[] }[];
}) => (
  <div class="previews">
    {messages.flatMap(({ language, blocks }) =>
      Object.entries(looks).map(([channel, Message]) => (
        <div class="preview-cell">
          <h3>
            {view.t(`delivery:channel.${channel}`)} · {view.t(`common:language.${language}`)}
          </h3>
          <Message view={view} blocks={blocks} lang={language} />
        </div>
      )),
    )}
  </div>
);
