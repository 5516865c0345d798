import { listPolls } from '../../../core/polls/list.ts';
import { Pager } from '../../components/pager.tsx';
import { PollRow } from '../../components/poll-row.tsx';
import { Card, Empty, LinkButton } from '../../components/ui.tsx';
import { type App, staffView } from '../../context.ts';
import { takeFlash } from '../../flash.ts';
import { live, Page } from '../../layout/page.tsx';

export function pollsPage(app: App): void {
  app.get('/polls', async (c) => {
    const view = staffView(c);
    const { t } = view;
    const cursor = c.req.query('cursor');
    const { items, next } = await listPolls(view.deps.core.db, { limit: 20, ...(cursor ? { cursor } : {}) });
    return c.html(
      <Page
        view={view}
        title={t('console:nav.polls')}
        flash={takeFlash(c)}
        topics={['polls']}
        actions={
          <LinkButton href="/polls/new" icon="plus">
            {t('console:pollForm.new')}
          </LinkButton>
        }
      >
        <Card class="flush" {...live('polls', `/polls?cursor=${cursor ?? ''}`)}>
          {items.length === 0 ? (
            <Empty icon="polls" title={t('console:polls.none')}>
              <p>{t('console:polls.noneHint')}</p>
              <LinkButton href="/polls/new">{t('console:pollForm.new')}</LinkButton>
            </Empty>
          ) : (
            <ul class="rows">
              {items.map((poll) => (
                <PollRow view={view} poll={poll} />
              ))}
            </ul>
          )}
          <Pager view={view} next={next} query={{ cursor }} />
        </Card>
      </Page>,
    );
  });
}
