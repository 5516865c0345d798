import { isAdministrator } from '../../access.ts';
import { Tabs } from '../../components/ui.tsx';
import type { StaffView } from '../../context.ts';

export const PeopleTabs = ({ view }: { view: StaffView }) => {
  const { t, path } = view;
  const tab = (href: string, key: string) => ({ href, label: t(key), current: path.startsWith(href) });
  return (
    <Tabs
      label={t('console:nav.people')}
      items={[
        tab('/members', 'console:people.members'),
        tab('/companies', 'console:people.companies'),
        tab('/invitations', 'console:people.invitations'),
        ...(isAdministrator(view) ? [tab('/import', 'console:people.import')] : []),
      ]}
    />
  );
};
