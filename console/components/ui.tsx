import type { Child } from 'hono/jsx';
import { Icon, type IconName } from './icons.tsx';

export const Card = ({
  title,
  actions,
  children,
  class: extra,
  ...rest
}: {
  title?: Child;
  actions?: Child;
  children?: Child;
  class?: string;
  [attribute: string]: unknown;
}) => (
  <section class={`card ${extra ?? ''}`} {...rest}>
    {(title || actions) && (
      <header class="card-head">
        {title && (
          <h2 class="ds-heading" data-size="xs">
            {title}
          </h2>
        )}
        {actions && <div class="card-actions">{actions}</div>}
      </header>
    )}
    {children}
  </section>
);

export const LinkButton = ({
  href,
  icon,
  variant,
  children,
  ...rest
}: {
  href: string;
  icon?: IconName;
  variant?: 'secondary' | 'tertiary';
  children: Child;
  [attribute: string]: unknown;
}) => (
  <a class="ds-button" href={href} data-variant={variant} {...rest}>
    {icon && <Icon name={icon} />}
    {children}
  </a>
);

/** A form of one button. */
export const ActionButton = ({
  action,
  fields,
  variant,
  color,
  icon,
  confirm,
  children,
}: {
  action: string;
  fields?: Readonly<Record<string, string>>;
  variant?: 'primary' | 'secondary' | 'tertiary';
  color?: 'danger';
  icon?: IconName;
  /** Asked by the browser before it is sent. */
  confirm?: string;
  children: Child;
}) => (
  <form method="post" action={action} class="inline-form" data-confirm={confirm}>
    {Object.entries(fields ?? {}).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
    <button type="submit" class="ds-button" data-variant={variant ?? 'secondary'} data-color={color}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  </form>
);

export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger' | 'brand1';

export const Tag = ({ tone, children }: { tone?: Tone; children: Child }) => (
  <span class="ds-tag" data-color={tone ?? 'neutral'}>
    {children}
  </span>
);

export const Stat = ({
  label,
  value,
  note,
  tone,
}: {
  label: Child;
  value: Child;
  note?: Child;
  tone?: Tone;
}) => (
  <div class="stat" data-tone={tone}>
    <dt>{label}</dt>
    <dd>
      <strong>{value}</strong>
      {note && <span>{note}</span>}
    </dd>
  </div>
);

export const Empty = ({ icon, title, children }: { icon: IconName; title: string; children?: Child }) => (
  <div class="empty">
    <Icon name={icon} />
    <p class="empty-title">{title}</p>
    {children}
  </div>
);

/** A wide table scrolls in its own box, reachable by keyboard. */
export const TableBox = ({ label, children }: { label: string; children: Child }) => (
  <section class="table-box" tabindex={0} aria-label={label}>
    {children}
  </section>
);

export const Tabs = ({
  label,
  items,
}: {
  label: string;
  items: readonly { href: string; label: Child; current: boolean }[];
}) => (
  <nav class="tabs" aria-label={label}>
    {items.map((item) => (
      <a href={item.href} aria-current={item.current ? 'page' : undefined}>
        {item.label}
      </a>
    ))}
  </nav>
);
