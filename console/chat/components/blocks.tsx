import { encodeAction } from '../../../core/channels/action-token.ts';
import { cutLinks, isWebAddress } from '../../../core/channels/links.ts';
import type { Action } from '../../../core/channels/outbound-message.ts';
import type { MediaReference, RenderedBlock } from '../../../runtime/webchat-hub.ts';
import { fileSize } from '../times.ts';
import type { ChatView } from '../view.ts';

type Of<T extends RenderedBlock['type']> = Extract<RenderedBlock, { type: T }>;

interface BlockProps<T extends RenderedBlock['type']> {
  readonly view: ChatView;
  readonly token: string;
  readonly block: Of<T>;
}

export const BlockView = ({ view, token, block }: BlockProps<RenderedBlock['type']>) => {
  switch (block.type) {
    case 'text':
      return <TextBlock block={block} />;
    case 'fields':
      return <Fields block={block} />;
    case 'image':
      return <Picture view={view} block={block} />;
    case 'file':
      return <File view={view} block={block} />;
    case 'actions':
      return <Actions view={view} token={token} block={block} />;
    case 'choice':
      return block.multiple ? (
        <ManyOf view={view} token={token} block={block} />
      ) : (
        <OneOf view={view} token={token} block={block} />
      );
    case 'input':
      return <p class="hint">{block.label}</p>;
    case 'divider':
      return <hr />;
  }
};

/** A person's words: nothing in them is markup, only web addresses become links. */
export const Words = ({ text }: { text: string }) => (
  <>
    {cutLinks(text).map((piece) =>
      'url' in piece ? (
        <a href={piece.url} target="_blank" rel="noopener noreferrer nofollow">
          {piece.url}
        </a>
      ) : (
        piece.text
      ),
    )}
  </>
);

const TextBlock = ({ block }: { block: Of<'text'> }) => {
  switch (block.style) {
    case 'title':
      return (
        <h2 class="title" dir="auto">
          <Words text={block.text} />
        </h2>
      );
    case 'quote':
      return (
        <blockquote class="text" dir="auto">
          <Words text={block.text} />
        </blockquote>
      );
    default:
      return (
        <p class={block.style === 'note' ? 'text note' : 'text'} dir="auto">
          <Words text={block.text} />
        </p>
      );
  }
};

const Fields = ({ block }: { block: Of<'fields'> }) => (
  <dl class="fields">
    {block.items.map(({ label, value }) => (
      <div>
        <dt>{label}</dt>
        <dd dir="auto">
          <Words text={value} />
        </dd>
      </div>
    ))}
  </dl>
);

const mediaUrl = (media: MediaReference) => `/chat/media/${media.id}`;

const Picture = ({ view, block }: { view: ChatView; block: Of<'image'> }) => (
  <a class="picture" href={mediaUrl(block.media)} target="_blank" rel="noopener">
    <img src={mediaUrl(block.media)} alt={block.alt || view.t('chat.picture')} />
    <span class="unseen">{view.t('chat.newWindow')}</span>
  </a>
);

const File = ({ view, block }: { view: ChatView; block: Of<'file'> }) => (
  <a class="file" href={mediaUrl(block.media)} download={block.media.fileName}>
    <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5M12 11v6m0 0-2.5-2.5M12 17l2.5-2.5" />
    </svg>
    <span class="file-name">
      <span class="unseen">{view.t('chat.download')} </span>
      {block.label || block.media.fileName}
    </span>
    <span class="file-size">{fileSize(block.media.size, view.language)}</span>
  </a>
);

const Actions = ({ view, token, block }: BlockProps<'actions'>) => (
  <form class="actions" method="post" action="/chat/actions" data-press="">
    <input type="hidden" name="id" value={view.postId()} />
    {block.actions.map((action) => (
      <ActionButton view={view} token={token} action={action} />
    ))}
  </form>
);

const ActionButton = ({ view, token, action }: { view: ChatView; token: string; action: Action<string> }) => {
  if (action.kind === 'press') {
    const style = action.style ? `button ${action.style}` : 'button';
    return (
      <button
        type="submit"
        class={style}
        name="press"
        value={encodeAction({ token, id: action.id })}
        dir="auto"
      >
        {action.label}
      </button>
    );
  }
  if (!isWebAddress(action.url)) return <span class="text">{`${action.label}: ${action.url}`}</span>;
  return (
    <a class="button link" href={action.url} target="_blank" rel="noopener noreferrer" dir="auto">
      {action.label}
      <span class="unseen"> {view.t('chat.newWindow')}</span>
    </a>
  );
};

const OneOf = ({ view, token, block }: BlockProps<'choice'>) => (
  <form class="choice" method="post" action="/chat/actions" data-press="">
    <input type="hidden" name="id" value={view.postId()} />
    <fieldset>
      <legend>{view.t('chat.chooseOne')}</legend>
      {block.options.map(({ value, label }) => (
        <button
          type="submit"
          class="option"
          name="press"
          value={encodeAction({ token, id: block.id, value })}
          dir="auto"
        >
          {label}
        </button>
      ))}
    </fieldset>
  </form>
);

const ManyOf = ({ view, token, block }: BlockProps<'choice'>) => (
  <form class="choice" method="post" action="/chat/actions" data-press="">
    <input type="hidden" name="id" value={view.postId()} />
    <fieldset>
      <legend>{view.t('chat.chooseMany')}</legend>
      {block.options.map(({ value, label }) => (
        <label class="option" dir="auto">
          {/* Never restored by the browser: a ticked but unsent answer is forgotten with the page. */}
          <input type="checkbox" name="values" value={value} autocomplete="off" />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
    <button type="submit" class="button primary" name="press" value={encodeAction({ token, id: block.id })}>
      {block.submitLabel}
    </button>
  </form>
);
