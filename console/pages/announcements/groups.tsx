import type { AnnouncementReport, Group } from '../../../core/announcements/report.ts';
import type { Page as ListPage } from '../../../core/page.ts';
import { inLanguage } from '../../../core/text.ts';
import { FiguresBar, FiguresLegend } from '../../components/figures.tsx';
import { TableBox } from '../../components/ui.tsx';
import type { View } from '../../context.ts';

/** The same figures by branch, language, messenger and company. */
export const Groups = ({
  view,
  report,
  companies,
}: {
  view: View;
  report: AnnouncementReport;
  companies: ListPage<Group>;
}) => {
  const { t } = view;
  const tables = [
    { key: 'branch', groups: report.byBranch, name: labelOr(view, 'noBranch') },
    { key: 'language', groups: report.byLanguage, name: (g: Group) => t(`common:language.${g.id ?? 'pl'}`) },
    {
      key: 'channel',
      groups: report.byChannel,
      name: (g: Group) => (g.id ? t(`delivery:channel.${g.id}`) : t('announcements:report.noChannel')),
    },
    { key: 'company', groups: companies.items, name: companyName(view) },
  ];
  if (report.counts.recipients === 0) return null;
  return (
    <>
      {tables.map(({ key, groups, name }, n) => (
        <details class="card fold-card" open={n === 0}>
          <summary>{t(`announcements:report.${key}`)}</summary>
          <GroupTable view={view} title={t(`announcements:report.${key}`)} groups={groups} name={name} />
          {key === 'company' && companies.next !== null && (
            <p>
              <a href={`/announcements/${report.id}/companies`}>{t('console:home.all')}</a>
            </p>
          )}
        </details>
      ))}
    </>
  );
};

const labelOr = (view: View, none: string) => (group: Group) =>
  group.label ? inLanguage(group.label, view.language) : view.t(`announcements:report.${none}`);

export const companyName = (view: View) => labelOr(view, 'noCompany');

export const GroupTable = ({
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
  return (
    <TableBox label={title}>
      <table class="ds-table">
        <thead>
          <tr>
            <th scope="col">{title}</th>
            <th scope="col" class="num">
              {t('announcements:report.recipients')}
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr>
              <th scope="row">
                {name(group)}
                <FiguresBar figures={group} />
                <FiguresLegend view={view} figures={group} replied={group.replied} />
              </th>
              <td class="num">{formats.number(group.recipients)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
};
