import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { languages } from '../../../core/language.ts';
import type { Line } from '../../../runtime/webchat-hub.ts';
import { assetUrl } from '../../assets.ts';
import { clientUrl } from '../client-files.ts';
import { dayKey } from '../times.ts';
import { type ChatView, scriptTexts } from '../view.ts';
import { excerpt, LineView } from './line.tsx';

export interface ChatPageProps {
  readonly view: ChatView;
  readonly lines: readonly Line[];
  /** There are earlier lines than these. */
  readonly older: boolean;
  /** These are not the newest lines. */
  readonly past: boolean;
  /** The conversation has not begun, or a link's code waits to begin it. */
  readonly opening: boolean;
  readonly replyTo: Line | null;
  readonly position: number;
}

export const ChatPage = (props: ChatPageProps) => {
  const { view, lines, older, past, opening, position } = props;
  return (
    <Document view={view}>
      <a class="skip" href="#text">
        {view.t('chat.skip')}
      </a>
      <div class="chat" data-position={position} data-past={past ? '' : undefined}>
        <Header view={view} />
        <main>
          <div class="talk">
            <div class="log" role="log" aria-live="polite" aria-label={view.t('chat.log')} tabindex={0}>
              {older && lines[0] && (
                <p class="older">
                  <a class="button" href={`/chat?before=${lines[0].at}`} data-older="">
                    {view.t('chat.older')}
                  </a>
                </p>
              )}
              <ol class="lines">
                <Lines view={view} lines={lines} />
              </ol>
              {opening && <Opening view={view} />}
              {past && (
                <p class="older">
                  <a class="button" href="/chat#composer">
                    {view.t('chat.newest')}
                  </a>
                </p>
              )}
            </div>
          </div>
          <Composer view={view} replyTo={props.replyTo} />
        </main>
      </div>
      <script type="application/json" id="texts">
        {raw(safeJson(Object.fromEntries(languages.map((l) => [l, scriptTexts(view.texts, l)]))))}
      </script>
    </Document>
  );
};

/** Lines one after another, each day's first bearing the day's name. */
export const Lines = ({ view, lines }: { view: ChatView; lines: readonly Line[] }) => {
  const days = lines.map((line) => dayKey(line.at, view.network.timeZone));
  return (
    <>
      {lines.map((line, index) => (
        <LineView view={view} line={line} first={days[index] !== days[index - 1]} />
      ))}
    </>
  );
};

export const Document = ({ view, title, children }: { view: ChatView; title?: string; children?: Child }) => (
  <html lang={view.language}>
    <head>
      <meta charset="utf-8" />
      <title>{title ? `${title} – ${view.network.name}` : view.network.name}</title>
      <meta
        name="viewport"
        content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
      />
      <meta name="color-scheme" content="light dark" />
      <meta name="theme-color" content="#0b6a53" />
      <meta name="robots" content="noindex" />
      <link rel="icon" href={assetUrl('icon.svg')} type="image/svg+xml" />
      <link rel="stylesheet" href={assetUrl('fonts.css')} />
      <link rel="stylesheet" href={clientUrl('chat.css')} />
      <script type="module" src={clientUrl('chat.js')}></script>
    </head>
    <body>{children}</body>
  </html>
);

const Header = ({ view }: { view: ChatView }) => (
  <header class="top">
    <span class="mark" aria-hidden="true">
      <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <path d="M7 10.5 11.5 22 16 12l4.5 10L25 10.5" />
      </svg>
    </span>
    <h1>{view.network.name}</h1>
    <p class="connection" role="status"></p>
    <form method="post" action="/chat/messages" class="menu" data-message="">
      <input type="hidden" name="id" value={view.postId()} />
      <input type="hidden" name="text" value="/menu" />
      <button type="submit" class="button" data-text="menu">
        {view.t('page.menu')}
      </button>
    </form>
  </header>
);

/** Without the page's script a press begins the conversation; with it the page does so by itself. */
const Opening = ({ view }: { view: ChatView }) => (
  <form class="opening" method="post" action="/chat/open">
    <input type="hidden" name="id" value={view.postId()} />
    <p>{view.t('chat.welcome')}</p>
    <button type="submit" class="button primary">
      {view.t('chat.open')}
    </button>
  </form>
);

const Composer = ({ view, replyTo }: { view: ChatView; replyTo: Line | null }) => (
  <form class="composer" id="composer" method="post" action="/chat/messages">
    <input type="hidden" name="id" value={view.postId()} />
    <input type="hidden" name="replyTo" value={replyTo?.id ?? ''} />
    <div class="replying" hidden={replyTo === null}>
      <p>
        <span data-text="replying">{view.t('page.replying')}</span>{' '}
        <span class="replying-to" dir="auto">
          {replyTo ? excerpt(replyTo) : ''}
        </span>
      </p>
      <a class="close" href="/chat#composer">
        <span class="unseen" data-text="cancelReply">
          {view.t('page.cancelReply')}
        </span>
        <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
          <path d="M6 6l12 12M18 6 6 18" />
        </svg>
      </a>
    </div>
    <div class="write">
      <label class="unseen" for="text" data-text="label">
        {view.t('page.label')}
      </label>
      <textarea
        id="text"
        name="text"
        rows={1}
        required
        dir="auto"
        autocomplete="off"
        aria-describedby="text-hint"
        placeholder={view.t('page.placeholder')}
      ></textarea>
      <span class="unseen" id="text-hint" data-text="hint">
        {view.t('page.hint')}
      </span>
      <button type="submit" class="send">
        <span class="unseen" data-text="send">
          {view.t('page.send')}
        </span>
        <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
          <path d="M12 19V5m0 0-6 6m6-6 6 6" />
        </svg>
      </button>
    </div>
    <noscript>
      <a class="refresh" href="/chat#composer">
        {view.t('chat.refresh')}
      </a>
    </noscript>
  </form>
);

/** What could not be done, for a browser without the page's script. */
export const ProblemPage = ({ view, problem }: { view: ChatView; problem: string }) => (
  <Document view={view} title={view.t('problems.title')}>
    <main class="problem">
      <h1>{view.t('problems.title')}</h1>
      <p>{view.t(`problems.${problem}`)}</p>
      <a class="button primary" href="/chat">
        {view.t('problems.back')}
      </a>
    </main>
  </Document>
);

/** JSON that cannot end the script element it stands in. */
function safeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
