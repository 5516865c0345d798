import type { AnnouncementReport, Person } from '../../../core/announcements/report.ts';
import { reasonText } from '../../../core/deliveries/reason.ts';
import { Card } from '../../components/ui.tsx';
import type { View } from '../../context.ts';

/** Who has not confirmed, and whom it could not reach and why: the people to call. */
export const People = ({ view, report }: { view: View; report: AnnouncementReport }) => {
  const { t } = view;
  const gone = report.unreachable.reduce((sum, { people }) => sum + people.length, 0);
  return (
    <>
      {report.confirm && report.counts.recipients > 0 && (
        <Card title={t('console:report.unconfirmed', { count: report.unconfirmed.length })}>
          {report.unconfirmed.length === 0 ? (
            <p class="muted">{t('console:report.nobodyWaits')}</p>
          ) : (
            <Names view={view} people={report.unconfirmed} />
          )}
        </Card>
      )}
      {gone > 0 && (
        <Card title={t('console:report.unreachable', { count: gone })}>
          {report.unreachable.map(({ reason, people }) => (
            <div class="tight">
              <h3>
                {view.words(reasonText('unreachable', reason))} – {people.length}
              </h3>
              <Names view={view} people={people} />
            </div>
          ))}
        </Card>
      )}
    </>
  );
};

const shown = 12;

const Names = ({ view, people }: { view: View; people: readonly Person[] }) => (
  <>
    <NameList view={view} people={people.slice(0, shown)} />
    {people.length > shown && (
      <details class="fold">
        <summary>{view.t('console:report.more', { count: people.length - shown })}</summary>
        <NameList view={view} people={people.slice(shown)} />
      </details>
    )}
  </>
);

const NameList = ({ view, people }: { view: View; people: readonly Person[] }) => (
  <ul class="names">
    {people.map(({ memberId, name, company }) => (
      <li>
        <a href={`/members/${memberId}`}>{name || view.t('console:people.erasedName')}</a>
        {company && <span class="muted"> · {company}</span>}
      </li>
    ))}
  </ul>
);
