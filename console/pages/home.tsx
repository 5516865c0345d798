import type { Child } from 'hono/jsx';
import { listAnnouncements } from '../../core/announcements/index.ts';
import { listMembers } from '../../core/members/view.ts';
import { listPolls } from '../../core/polls/list.ts';
import { demoLoaded } from '../../core/store/demo.ts';
import { isAdministrator } from '../access.ts';
import { AnnouncementRow } from '../components/announcement-row.tsx';
import { Attention } from '../components/attention.tsx';
import { PollRow } from '../components/poll-row.tsx';
import { Card, Empty, LinkButton } from '../components/ui.tsx';
import { type App, type StaffView, staffView } from '../context.ts';
import { takeFlash } from '../flash.ts';
import { live, Page } from '../layout/page.tsx';

/** What needs attention, and the last announcements and polls with live figures. */
export function homePage(app: App): void {
  app.get('/', async (c) => {
    const view = staffView(c);
    const { t, network } = view;
    const { db } = view.deps.core;
    if (network.namedAt === null && isAdministrator(view)) return c.redirect('/welcome', 303);
    const announcements = await listAnnouncements(db, { limit: 5 });
    const polls = await listPolls(db, { limit: 4 });
    const demo = await demoLoaded(db);
    return c.html(
      <Page
        view={view}
        title={t('console:nav.home')}
        flash={takeFlash(c)}
        topics={['announcements', 'polls', 'inbox', 'members', 'network', 'messengers', 'backups']}
        actions={
          <>
            <LinkButton href="/announcements/new" icon="announcements">
              {t('console:compose.new')}
            </LinkButton>
            <LinkButton href="/polls/new" icon="polls" variant="secondary">
              {t('console:pollForm.new')}
            </LinkButton>
          </>
        }
      >
        <div {...live('attention', '/')}>
          <Attention view={view} recent={announcements.items} />
        </div>
        {demo ? <TryAsMember view={view} /> : <FirstPeople view={view} />}
        <div class="columns">
          <Card
            class="flush"
            title={t('console:home.announcements')}
            actions={<a href="/announcements">{t('console:home.all')}</a>}
            {...live('announcements', '/')}
          >
            {announcements.items.length === 0 ? (
              <Empty icon="announcements" title={t('console:announcements.none')}>
                <p>{t('console:announcements.noneHint')}</p>
              </Empty>
            ) : (
              <ul class="rows">
                {announcements.items.map((item) => (
                  <AnnouncementRow view={view} item={item} />
                ))}
              </ul>
            )}
          </Card>
          <Card
            class="flush"
            title={t('console:home.polls')}
            actions={<a href="/polls">{t('console:home.all')}</a>}
            {...live('polls', '/')}
          >
            {polls.items.length === 0 ? (
              <Empty icon="polls" title={t('console:polls.none')}>
                <p>{t('console:polls.noneHint')}</p>
              </Empty>
            ) : (
              <ul class="rows">
                {polls.items.map((poll) => (
                  <PollRow view={view} poll={poll} />
                ))}
              </ul>
            )}
          </Card>
        </div>
      </Page>,
    );
  });
}

/** Until somebody has joined: how people come in. */
const FirstPeople = async ({ view }: { view: StaffView }): Promise<Child> => {
  const { t, deps } = view;
  const joined = await listMembers(deps.core.db, { status: 'active', limit: 1 });
  if (joined.items.length > 0) return null;
  return (
    <Card class="accent" title={t('console:home.startTitle')}>
      <p>{t('console:home.startText')}</p>
      <div class="actions">
        {isAdministrator(view) && (
          <LinkButton href="/import" icon="people">
            {t('console:import.title')}
          </LinkButton>
        )}
        <LinkButton href="/invitations/new" icon="link" variant="secondary">
          {t('console:people.invite')}
        </LinkButton>
      </div>
    </Card>
  );
};

/** While the demo network is loaded: the other side of the conversation, one press away. */
const TryAsMember = ({ view }: { view: StaffView }) => {
  const { t } = view;
  return (
    <Card class="accent" title={t('console:demo.tryTitle')}>
      <p>{t('console:demo.tryText')}</p>
      <form method="post" action="/demo/try" target="_blank" class="actions" rel="noopener">
        <button type="submit" class="ds-button">
          {t('console:demo.tryButton')}
        </button>
        <span class="muted">{t('console:demo.tryHint')}</span>
      </form>
    </Card>
  );
};
