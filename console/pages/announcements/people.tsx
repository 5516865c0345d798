import {
  type AnnouncementReport,
  blockedOn,
  type Person,
  unconfirmedPeople,
  unreachablePeople,
} from '../../../core/announcements/report.ts';
import type { ChannelName } from '../../../core/channels/channel-name.ts';
import { reasonText } from '../../../core/deliveries/reason.ts';
import type { Page as ListPage, PageRequest } from '../../../core/page.ts';
import type { Db } from '../../../core/store/schema.ts';
import { BlockedAdvice } from '../../components/blocked-advice.tsx';
import { withQuery } from '../../components/pager.tsx';
import { Card } from '../../components/ui.tsx';
import type { View } from '../../context.ts';

/** Those without a reason are the unconfirmed. */
export function peopleOf(
  db: Db,
  id: string,
  reason: string | null,
  request: PageRequest,
): Promise<ListPage<Person>> {
  return reason === null ? unconfirmedPeople(db, id, request) : unreachablePeople(db, id, reason, request);
}

export interface PeopleShown {
  readonly unconfirmed: readonly Person[];
  readonly unreachable: readonly {
    readonly reason: string;
    readonly count: number;
    readonly people: readonly Person[];
  }[];
  /** The messengers on which the blocked ones are. */
  readonly blockedOn: readonly ChannelName[];
}

const shown = 12;

/** The first of each list; the rest have pages of their own. */
export async function readPeople(db: Db, report: AnnouncementReport): Promise<PeopleShown> {
  const first = async (reason: string | null) =>
    (await peopleOf(db, report.id, reason, { limit: shown })).items;
  const unreachable = [];
  for (const { reason, people } of report.unreachable) {
    unreachable.push({ reason, count: people, people: await first(reason) });
  }
  const blocked = unreachable.some(({ reason }) => reason === 'blocked');
  return {
    blockedOn: blocked ? await blockedOn(db, report.id) : [],
    unconfirmed: report.unconfirmed > 0 ? await first(null) : [],
    unreachable,
  };
}

/** Who has not confirmed, and whom it could not reach and why: the people to call. */
export const People = ({
  view,
  report,
  people,
}: {
  view: View;
  report: AnnouncementReport;
  people: PeopleShown;
}) => {
  const { t } = view;
  const { counts, unconfirmed } = report;
  const path = `/announcements/${report.id}/people`;
  return (
    <>
      {report.confirm && counts.accepted + counts.unknown > 0 && (
        <Card title={t('console:report.unconfirmed', { count: unconfirmed })}>
          {unconfirmed === 0 ? (
            <p class="muted">{t('console:report.nobodyWaits')}</p>
          ) : (
            <First view={view} people={people.unconfirmed} count={unconfirmed} rest={path} />
          )}
        </Card>
      )}
      {counts.unreachable > 0 && (
        <Card title={t('console:report.unreachable', { count: counts.unreachable })}>
          {people.unreachable.map(({ reason, count, people: some }) => (
            <div class="tight">
              <h3>
                {view.words(reasonText('unreachable', reason))} – {view.formats.number(count)}
              </h3>
              {reason === 'blocked' && <BlockedAdvice view={view} channels={people.blockedOn} />}
              <First view={view} people={some} count={count} rest={withQuery(path, { reason })} />
            </div>
          ))}
        </Card>
      )}
    </>
  );
};

const First = ({
  view,
  people,
  count,
  rest,
}: {
  view: View;
  people: readonly Person[];
  count: number;
  rest: string;
}) => (
  <>
    <NameList view={view} people={people} />
    {count > people.length && (
      <p>
        <a href={rest}>{view.t('console:report.more', { count: count - people.length })}</a>
      </p>
    )}
  </>
);

export const NameList = ({ view, people }: { view: View; people: readonly Person[] }) => (
  <ul class="names">
    {people.map(({ memberId, name, company }) => (
      <li>
        <a href={`/members/${memberId}`}>{name || view.t('console:people.erasedName')}</a>
        {company && <span class="muted"> · {company}</span>}
      </li>
    ))}
  </ul>
);
