import { CopyLine } from '../../components/share.tsx';
import { ActionButton, Card, LinkButton } from '../../components/ui.tsx';
import type { StaffView } from '../../context.ts';
import { live } from '../../layout/page.tsx';
import type { Messenger, Own } from './states.ts';

interface Props {
  readonly view: StaffView;
  readonly messenger: Messenger;
  readonly own: Own;
}

/** Trying it oneself: a test message, or the way to connect one's own account first. */
export const OwnCard = ({ view, messenger, own }: Props) => {
  const { t } = view;
  const { channel } = messenger;
  return (
    <Card title={t('messengers:own.title')} {...live('own', `/messengers/${channel}`)}>
      {own.account ? (
        <Test view={view} messenger={messenger} own={own} />
      ) : (
        <>
          <p>{t('messengers:own.none')}</p>
          <div>
            <ActionButton action={`/messengers/${channel}/connect`}>{t('messengers:own.make')}</ActionButton>
          </div>
        </>
      )}
    </Card>
  );
};

const Test = ({ view, messenger, own }: Props) => {
  const { t, formats } = view;
  const { test, account } = own;
  return (
    <>
      <p>{t('messengers:own.have', { name: account?.display_name ?? view.member.name })}</p>
      {test && (
        <p class="muted">
          {t('messengers:own.last', {
            when: formats.short(test.created_at),
            status: t(`delivery:status.${test.status}`),
          })}
        </p>
      )}
      <div>
        <ActionButton action={`/messengers/${messenger.channel}/test`}>
          {t('messengers:own.test')}
        </ActionButton>
      </div>
    </>
  );
};

/** A code just made for connecting the person's own account. */
export const OwnCode = ({ view, messenger, code }: Omit<Props, 'own'> & { code: string }) => {
  const { t } = view;
  const link = messenger.adapter?.invitationLink(code) ?? null;
  return (
    <div class="ds-alert" data-color="success" role="status">
      <div class="tight">
        <p>{t('messengers:own.code')}</p>
        <CopyLine view={view} text={`${code.slice(0, 4)}-${code.slice(4)}`} id="copied-code" />
        {link && (
          <div>
            <LinkButton href={link} variant="secondary" rel="noreferrer">
              {t('messengers:own.open', { channel: t(`delivery:channel.${messenger.channel}`) })}
            </LinkButton>
          </div>
        )}
      </div>
    </div>
  );
};
