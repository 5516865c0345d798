import { listAnnouncements } from '../../../core/announcements/index.ts';
import { AnnouncementRow } from '../../components/announcement-row.tsx';
import { Pager } from '../../components/pager.tsx';
import { Card, Empty, LinkButton } from '../../components/ui.tsx';
import { type App, staffView } from '../../context.ts';
import { takeFlash } from '../../flash.ts';
import { live, Page } from '../../layout/page.tsx';

export function announcementsPage(app: App): void {
  app.get('/announcements', async (c) => {
    const view = staffView(c);
    const { t } = view;
    const cursor = c.req.query('cursor');
    const { items, next } = await listAnnouncements(view.deps.core.db, {
      limit: 20,
      ...(cursor ? { cursor } : {}),
    });
    return c.html(
      <Page
        view={view}
        title={t('console:nav.announcements')}
        flash={takeFlash(c)}
        topics={['announcements']}
        actions={
          <LinkButton href="/announcements/new" icon="plus">
            {t('console:compose.new')}
          </LinkButton>
        }
      >
        <Card class="flush" {...live('announcements', `/announcements?cursor=${cursor ?? ''}`)}>
          {items.length === 0 ? (
            <Empty icon="announcements" title={t('console:announcements.none')}>
              <p>{t('console:announcements.noneHint')}</p>
              <LinkButton href="/announcements/new">{t('console:compose.new')}</LinkButton>
            </Empty>
          ) : (
            <ul class="rows">
              {items.map((item) => (
                <AnnouncementRow view={view} item={item} />
              ))}
            </ul>
          )}
          <Pager view={view} next={next} query={{ cursor }} />
        </Card>
      </Page>,
    );
  });
}
