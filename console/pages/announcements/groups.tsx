import type { AnnouncementReport, Group } from '../../../core/announcements/report.ts';
import { inLanguage } from '../../../core/text.ts';
import { FiguresBar } from '../../components/figures.tsx';
import { Card, TableBox } from '../../components/ui.tsx';
import type { View } from '../../context.ts';

/** The same figures by branch, language, messenger and company. */
export const Groups = ({ view, report }: { view: View; report: AnnouncementReport }) => {
  const { t } = view;
  const label = (none: string) => (group: Group) =>
    group.label ? inLanguage(group.label, view.language) : t(`announcements:report.${none}`);
  const tables = [
    { key: 'branch', groups: report.byBranch, name: label('noBranch') },
    { key: 'language', groups: report.byLanguage, name: (g: Group) => t(`common:language.${g.id ?? 'pl'}`) },
    {
      key: 'channel',
      groups: report.byChannel,
      name: (g: Group) => (g.id ? t(`delivery:channel.${g.id}`) : t('announcements:report.noChannel')),
    },
    { key: 'company', groups: report.byCompany, name: label('noCompany') },
  ];
  if (report.counts.recipients === 0) return null;
  return (
    <>
      {tables.map(({ key, groups, name }) => (
        <Card class="flush" title={t(`announcements:report.${key}`)}>
          <GroupTable view={view} title={t(`announcements:report.${key}`)} groups={groups} name={name} />
        </Card>
      ))}
    </>
  );
};

const shown = 12;

const GroupTable = ({
  view,
  title,
  groups,
  name,
}: {
  view: View;
  title: string;
  groups: readonly Group[];
  name: (group: Group) => string;
}) => {
  const { t, formats } = view;
  const rows = (part: readonly Group[]) => (
    <TableBox label={title}>
      <table class="ds-table">
        <thead>
          <tr>
            <th scope="col">{title}</th>
            <th scope="col" class="num">
              {t('announcements:report.confirmed')}
            </th>
            <th scope="col" class="num">
              {t('announcements:report.recipients')}
            </th>
          </tr>
        </thead>
        <tbody>
          {part.map((group) => (
            <tr>
              <th scope="row">
                {name(group)}
                <FiguresBar figures={group} />
              </th>
              <td class="num">{formats.number(group.confirmed)}</td>
              <td class="num">{formats.number(group.recipients)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
  return (
    <>
      {rows(groups.slice(0, shown))}
      {groups.length > shown && (
        <details class="fold more">
          <summary>{t('console:report.more', { count: groups.length - shown })}</summary>
          {rows(groups.slice(shown))}
        </details>
      )}
    </>
  );
};
