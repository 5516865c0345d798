import type { BackupState } from '../../../core/backups/state.ts';
import { Card } from '../../components/ui.tsx';
import type { View } from '../../context.ts';
import { live } from '../../layout/page.tsx';

/** When the last backup was made, where it is, and whether the daily one works. */
export const Backups = ({ view, state }: { view: View; state: BackupState }) => {
  const { t, formats } = view;
  const { at, folder } = view.deps.config.backup;
  const { made, failed, old } = state;
  return (
    <Card title={t('copies:backups.title')} {...live('backups', '/settings')}>
      <p>{at === null ? t('copies:backups.off') : t('copies:backups.daily', { at, folder })}</p>
      {made ? (
        <p>
          {t('copies:backups.last', { at: formats.moment(made.at), size: formats.size(made.size) })}{' '}
          <code>{made.file}</code>
        </p>
      ) : (
        <p>{t('copies:backups.none')}</p>
      )}
      {at !== null && failed && (
        <div class="ds-alert" data-color="warning">
          {t('copies:backups.failed', { at: formats.moment(failed.at) })} <code>{failed.why}</code>
        </div>
      )}
      {at !== null && old && !failed && (
        <div class="ds-alert" data-color="warning">
          {t('copies:backups.old')}
        </div>
      )}
      <p class="muted">{t('copies:backups.hint')}</p>
    </Card>
  );
};
