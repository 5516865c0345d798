import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { assetUrl } from '../assets.ts';
import { Icon, type IconName, Logo } from '../components/icons.tsx';
import type { View } from '../context.ts';
import type { Flash } from '../flash.ts';
import { LanguageSwitch } from './language-switch.tsx';

export interface PageProps {
  readonly view: View;
  readonly title: string;
  readonly flash?: Flash | null;
  /** Topics whose change refreshes the page's live parts. */
  readonly topics?: readonly string[];
  /** Small text above the title: where this page belongs. */
  readonly back?: { readonly href: string; readonly label: string };
  readonly lead?: Child;
  readonly actions?: Child;
  readonly children?: Child;
}

/** A page of the panel: menu, heading, what was just done, content. Without somebody signed in: no menu. */
export const Page = ({ view, title, flash, topics, back, lead, actions, children }: PageProps) => (
  <Document view={view} title={title}>
    <a class="ds-skip-link" href="#main">
      {view.t('console:layout.skip')}
    </a>
    <div class={view.member ? 'shell' : 'shell shell-plain'}>
      <TopBar view={view} />
      {view.member && <Menu view={view} />}
      <main id="main" tabindex={-1}>
        {topics && <Live view={view} topics={topics} />}
        <header class="page-head">
          <div>
            {back && (
              <a class="back" href={back.href}>
                <Icon name="back" />
                {back.label}
              </a>
            )}
            <h1 class="ds-heading" data-size="md">
              {title}
            </h1>
            {lead && <p class="lead">{lead}</p>}
          </div>
          {actions && <div class="page-actions">{actions}</div>}
        </header>
        {flash && <FlashNote view={view} flash={flash} />}
        {children}
      </main>
    </div>
  </Document>
);

const styles = [
  'theme.css',
  'design.css',
  'fonts.css',
  'console.css',
  'parts.css',
  'figures.css',
  'forms.css',
  'messages.css',
  'messengers.css',
  'narrow.css',
] as const;

export const Document = ({ view, title, children }: { view: View; title: string; children?: Child }) => (
  <>
    {raw('<!DOCTYPE html>')}
    <html lang={view.language} data-color-scheme="light" data-size="sm">
      <head>
        <meta charset="utf-8" />
        <title>{`${title} – ${view.network.name}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          name="htmx-config"
          content='{"includeIndicatorCSS":false,"history":false,"noSwap":[204,304,"4xx","5xx"],"morphIgnore":["data-htmx-powered","open"]}'
        />
        <link rel="icon" href={assetUrl('icon.svg')} type="image/svg+xml" />
        {styles.map((name) => (
          <link rel="stylesheet" href={assetUrl(name)} />
        ))}
        <script src={assetUrl('htmx.js')} defer></script>
        <script src={assetUrl('console.js')} defer></script>
      </head>
      <body data-color="brand1">{children}</body>
    </html>
  </>
);

const TopBar = ({ view }: { view: View }) => (
  <header class="topbar">
    <a class="brand" href="/">
      <Logo />
      <span>{view.network.name}</span>
    </a>
    <div class="topbar-end">
      <LanguageSwitch view={view} />
      {view.member && (
        <form method="post" action="/sign-out" class="who">
          <span class="who-name">{view.member.name}</span>
          <button
            type="submit"
            class="ds-button"
            data-variant="tertiary"
            title={view.t('console:layout.signOut')}
          >
            <Icon name="out" />
            <span class="wide-only">{view.t('console:layout.signOut')}</span>
            <span class="narrow-only ds-sr-only">{view.t('console:layout.signOut')}</span>
          </button>
        </form>
      )}
    </div>
  </header>
);

const entries: readonly { href: string; icon: IconName; key: string; short?: string; under: RegExp }[] = [
  { href: '/', icon: 'home', key: 'console:nav.home', under: /^\/$/ },
  {
    href: '/announcements',
    icon: 'announcements',
    key: 'console:nav.announcements',
    under: /^\/announcements/,
  },
  { href: '/polls', icon: 'polls', key: 'console:nav.polls', under: /^\/polls/ },
  { href: '/inbox', icon: 'inbox', key: 'console:nav.inbox', under: /^\/(inbox|barriers)/ },
  {
    href: '/members',
    icon: 'people',
    key: 'console:nav.people',
    short: 'console:people.members',
    under: /^\/(members|companies|invitations|import)/,
  },
  { href: '/messengers', icon: 'chat', key: 'console:nav.messengers', under: /^\/messengers/ },
  { href: '/settings', icon: 'settings', key: 'console:nav.settings', under: /^\/settings/ },
];

const Menu = ({ view }: { view: View }) => (
  <nav class="menu" aria-label={view.t('console:layout.menu')}>
    <ul>
      {entries
        .filter((e) => e.href !== '/settings' || view.member?.role === 'administrator')
        .map((entry) => (
          <li>
            <a href={entry.href} aria-current={entry.under.test(view.path) ? 'page' : undefined}>
              <Icon name={entry.icon} />
              <span class={entry.short && 'wide-only'}>{view.t(entry.key)}</span>
              {entry.short && <span class="narrow-only">{view.t(entry.short)}</span>}
            </a>
          </li>
        ))}
    </ul>
  </nav>
);

const FlashNote = ({ view, flash }: { view: View; flash: Flash }) => (
  <div class="ds-alert flash" data-color={flash.kind} role={flash.kind === 'danger' ? 'alert' : 'status'}>
    {view.t(flash.key, flash.params)}
  </div>
);

/** Opens the stream of changes; parts of the page marked `live` ask for themselves again when it rings. */
const Live = ({ view, topics }: { view: View; topics: readonly string[] }) => (
  <>
    <div id="live" hidden hx-sse:connect={`/live?topics=${encodeURIComponent(topics.join(','))}`}></div>
    <div role="status" class="lost">
      {(['connection', 'session'] as const).map((lost) => (
        <div class="ds-alert" data-color="warning" data-lost={lost} hidden>
          {view.t(`console:layout.lost.${lost}`)}
        </div>
      ))}
    </div>
  </>
);

/** Attributes of a part that refreshes itself from the page at `href` whenever one of the page's topics changes. */
export function live(id: string, href: string) {
  return {
    id,
    'hx-get': href,
    'hx-select': `#${id}`,
    'hx-trigger': 'changed from:#live',
    'hx-swap': 'outerMorph',
  };
}
