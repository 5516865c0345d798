import { type BarrierStatus, type BarrierView, barrierStatuses } from '../../../core/barriers/barrier.ts';
import { listBarriers } from '../../../core/barriers/list.ts';
import { listReplies } from '../../../core/replies/list.ts';
import { Pager, withQuery } from '../../components/pager.tsx';
import { ReplyList } from '../../components/reply-list.tsx';
import { Card, Empty, Tabs, Tag, type Tone } from '../../components/ui.tsx';
import { type App, type Ctx, type StaffView, staffView, type View } from '../../context.ts';
import { takeFlash } from '../../flash.ts';
import { live, Page } from '../../layout/page.tsx';

/** What members wrote to the staff: reports, and replies under announcements and polls. */
export function inboxPage(app: App): void {
  app.get('/inbox', showBarriers);
  app.get('/inbox/replies', showReplies);
}

async function showBarriers(c: Ctx): Promise<Response> {
  const view = staffView(c);
  const { t } = view;
  const asked = c.req.query('status');
  const status = barrierStatuses.find((s) => s === asked);
  const cursor = c.req.query('cursor');
  const { items, next } = await listBarriers(view.deps.core.db, {
    limit: 30,
    ...(status ? { status } : {}),
    ...(cursor ? { cursor } : {}),
  });
  const query = { status, cursor };
  return c.html(
    <Page view={view} title={t('console:nav.inbox')} flash={takeFlash(c)} topics={['inbox']}>
      <InboxTabs view={view} />
      <StatusFilter view={view} status={status} />
      <Card class="flush" {...live('barriers', withQuery('/inbox', query))}>
        {items.length === 0 ? (
          <Empty icon="inbox" title={t('console:inbox.noBarriers')}>
            <p>{t('console:inbox.noBarriersHint')}</p>
          </Empty>
        ) : (
          <ul class="rows">
            {items.map((barrier) => (
              <BarrierRow view={view} barrier={barrier} />
            ))}
          </ul>
        )}
        <Pager view={view} next={next} query={query} />
      </Card>
    </Page>,
  );
}

async function showReplies(c: Ctx): Promise<Response> {
  const view = staffView(c);
  const { t } = view;
  const all = c.req.query('show') === 'all';
  const cursor = c.req.query('cursor');
  const { items, next } = await listReplies(view.deps.core.db, {
    limit: 30,
    ...(all ? {} : { open: true }),
    ...(cursor ? { cursor } : {}),
  });
  const query = { show: all ? 'all' : undefined, cursor };
  const here = withQuery('/inbox/replies', query);
  return c.html(
    <Page view={view} title={t('console:nav.inbox')} flash={takeFlash(c)} topics={['inbox']}>
      <InboxTabs view={view} />
      <Choice
        label={t('console:inbox.filter')}
        items={[
          { href: '/inbox/replies', label: t('console:inbox.waiting'), current: !all },
          { href: '/inbox/replies?show=all', label: t('console:inbox.all'), current: all },
        ]}
      />
      <Card {...live('replies', here)}>
        {items.length === 0 ? (
          <Empty icon="chat" title={t('console:inbox.noReplies')}>
            <p>{t('console:inbox.noRepliesHint')}</p>
          </Empty>
        ) : (
          <ReplyList view={view} replies={items} back={here} empty="" subjects />
        )}
        <Pager view={view} next={next} query={query} />
      </Card>
    </Page>,
  );
}

const InboxTabs = ({ view }: { view: StaffView }) => (
  <Tabs
    label={view.t('console:nav.inbox')}
    items={[
      { href: '/inbox', label: view.t('console:inbox.barriers'), current: view.path === '/inbox' },
      {
        href: '/inbox/replies',
        label: view.t('console:inbox.replies'),
        current: view.path === '/inbox/replies',
      },
    ]}
  />
);

const StatusFilter = ({ view, status }: { view: View; status: BarrierStatus | undefined }) => (
  <Choice
    label={view.t('console:inbox.filter')}
    items={[
      { href: '/inbox', label: view.t('console:inbox.all'), current: status === undefined },
      ...barrierStatuses.map((s) => ({
        href: `/inbox?status=${s}`,
        label: view.t(`barriers:status.${s}`),
        current: s === status,
      })),
    ]}
  />
);

const Choice = ({
  label,
  items,
}: {
  label: string;
  items: readonly { href: string; label: string; current: boolean }[];
}) => (
  <nav class="choices" aria-label={label}>
    {items.map(({ href, label: words, current }) => (
      <a href={href} aria-current={current ? 'page' : undefined}>
        {words}
      </a>
    ))}
  </nav>
);

const BarrierRow = ({ view, barrier }: { view: View; barrier: BarrierView }) => {
  const { t, formats } = view;
  return (
    <li class="row">
      <div class="tight">
        <a class="row-title clip" href={`/barriers/${barrier.id}`}>
          <span class="muted">{t('console:inbox.number', { number: barrier.number })}</span> {barrier.text}
        </a>
        <span class="meta">
          <span>{t(`barriers:kind.${barrier.kind}`)}</span>
          <span>{whoWords(view, barrier)}</span>
          <time>{formats.short(barrier.createdAt)}</time>
        </span>
      </div>
      <BarrierTag view={view} status={barrier.status} />
    </li>
  );
};

/** Who reported it, as far as staff may know. */
export function whoWords(view: View, barrier: BarrierView): string {
  if (barrier.anonymous) return view.t('barriers:anonymous.label');
  const who = [barrier.reporter?.name, barrier.company?.name].filter(Boolean).join(', ');
  return who || view.t('console:people.erasedName');
}

const tones: Record<BarrierStatus, Tone> = {
  new: 'warning',
  inProgress: 'info',
  solved: 'success',
  declined: 'neutral',
};

export const BarrierTag = ({ view, status }: { view: View; status: BarrierStatus }) => (
  <Tag tone={tones[status]}>{view.t(`barriers:status.${status}`)}</Tag>
);
