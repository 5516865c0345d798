import { isAdministrator } from '../../access.ts';
import { channelTitle } from '../../channel-title.ts';
import { Cause } from '../../components/cause.tsx';
import { ActionButton, LinkButton, Tag } from '../../components/ui.tsx';
import type { StaffView } from '../../context.ts';
import { live } from '../../layout/page.tsx';
import { type Messenger, tones } from './states.ts';

interface Props {
  readonly view: StaffView;
  readonly messenger: Messenger;
  /** The page it stands on, which it refreshes itself from. */
  readonly href: string;
}

/** How one messenger is now, in plain words. Refreshes itself. */
export const StateCard = ({ view, messenger, href }: Props) => {
  const { t } = view;
  const { channel, state, adapter } = messenger;
  const health = adapter?.health();
  const onOwnPage = href !== '/messengers';
  return (
    <section class="card" {...live(`state-${channel}`, href)}>
      <header class="card-head">
        <h2 class="ds-heading" data-size="xs">
          {onOwnPage ? t('messengers:now') : channelTitle(view, channel)}
        </h2>
        <Tag tone={tones[state]}>{t(`messengers:state.${state}`)}</Tag>
      </header>
      <div class="tight">
        <p>
          {t(`messengers:meaning.${state}`)}
          {adapter && state !== 'paused' && <Cause view={view} adapter={adapter} />}
        </p>
        {messenger.waiting > 0 && <p>{t('messengers:waiting', { count: messenger.waiting })}</p>}
        {health && health.state !== 'connected' && health.detail && (
          <p class="muted">
            {t('messengers:says')} <code>{health.detail}</code>
          </p>
        )}
      </div>
      {adapter && <Facts view={view} messenger={messenger} />}
      {onOwnPage && adapter?.capabilities.directory && (
        <div>
          <LinkButton href={`/messengers/${channel}/people`} variant="secondary">
            {t('messengers:people.open')}
          </LinkButton>
        </div>
      )}
      {(!onOwnPage || (adapter && isAdministrator(view))) && (
        <Actions view={view} messenger={messenger} onOwnPage={onOwnPage} />
      )}
    </section>
  );
};

const Facts = ({ view, messenger }: Pick<Props, 'view' | 'messenger'>) => {
  const { t, formats } = view;
  const when = (at: number | null) => (at === null ? t('messengers:never') : formats.short(at));
  const handle = messenger.adapter?.health().handle;
  return (
    <dl class="pairs">
      {handle && (
        <>
          <dt>{t('messengers:handle')}</dt>
          <dd>{handle}</dd>
        </>
      )}
      <dt>{t('messengers:lastIn')}</dt>
      <dd>{when(messenger.lastInAt)}</dd>
      <dt>{t('messengers:lastOut')}</dt>
      <dd>{when(messenger.lastOutAt)}</dd>
    </dl>
  );
};

const Actions = ({
  view,
  messenger: { channel, state, adapter },
  onOwnPage,
}: Pick<Props, 'view' | 'messenger'> & { onOwnPage: boolean }) => {
  const { t } = view;
  const name = t(`delivery:channel.${channel}`);
  return (
    <div class="actions">
      {!onOwnPage && (
        <LinkButton href={`/messengers/${channel}`} variant="secondary">
          {t(adapter ? 'messengers:more' : 'messengers:connect')}
          <span class="ds-sr-only"> {name}</span>
        </LinkButton>
      )}
      {adapter && isAdministrator(view) && state === 'paused' && (
        <ActionButton action={`/messengers/${channel}/resume`} variant="primary">
          {t('messengers:resume')}
          <span class="ds-sr-only"> {name}</span>
        </ActionButton>
      )}
      {adapter && isAdministrator(view) && state !== 'paused' && (
        <ActionButton
          action={`/messengers/${channel}/pause`}
          variant="tertiary"
          confirm={t('messengers:pauseSure', { channel: name })}
        >
          {t('messengers:pause')}
          <span class="ds-sr-only"> {name}</span>
        </ActionButton>
      )}
    </div>
  );
};
