import { announcementCompanies, announcementReport } from '../../../core/announcements/index.ts';
import { reasonText } from '../../../core/deliveries/reason.ts';
import { inLanguage } from '../../../core/text.ts';
import { Pager } from '../../components/pager.tsx';
import { Card } from '../../components/ui.tsx';
import { type App, staffView } from '../../context.ts';
import { Page } from '../../layout/page.tsx';
import { companyName, GroupTable } from './groups.tsx';
import { NameList, peopleOf } from './people.tsx';

/** What a report shows only the beginning of: the people of one list, the figures of every company. */
export function listPages(app: App): void {
  app.get('/announcements/:id/people', async (c) => {
    const view = staffView(c);
    const { t } = view;
    const { db } = view.deps.core;
    const query = { reason: c.req.query('reason'), cursor: c.req.query('cursor') };
    const report = await announcementReport(db, c.req.param('id'));
    const request = { limit: 100, ...(query.cursor ? { cursor: query.cursor } : {}) };
    const { items, next } = await peopleOf(db, report.id, query.reason ?? null, request);
    const title =
      query.reason === undefined
        ? t('console:report.unconfirmed', { count: report.unconfirmed })
        : view.words(reasonText('unreachable', query.reason));
    return c.html(
      <Page
        view={view}
        title={title}
        back={{ href: `/announcements/${report.id}`, label: inLanguage(report.title, view.language) }}
      >
        <Card>
          <NameList view={view} people={items} />
          <Pager view={view} next={next} query={query} />
        </Card>
      </Page>,
    );
  });

  app.get('/announcements/:id/companies', async (c) => {
    const view = staffView(c);
    const { db } = view.deps.core;
    const cursor = c.req.query('cursor');
    const report = await announcementReport(db, c.req.param('id'));
    const { items, next } = await announcementCompanies(db, report.id, {
      limit: 100,
      ...(cursor ? { cursor } : {}),
    });
    const title = view.t('announcements:report.company');
    return c.html(
      <Page
        view={view}
        title={title}
        back={{ href: `/announcements/${report.id}`, label: inLanguage(report.title, view.language) }}
      >
        <Card class="flush">
          <GroupTable view={view} title={title} groups={items} name={companyName(view)} />
          <Pager view={view} next={next} query={{ cursor }} />
        </Card>
      </Page>,
    );
  });
}
