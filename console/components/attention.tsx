import type { Child } from 'hono/jsx';
import type { AnnouncementItem } from '../../core/announcements/list.ts';
import { backupState } from '../../core/backups/state.ts';
import { listBarriers } from '../../core/barriers/list.ts';
import { recentlyStopped } from '../../core/members/view.ts';
import { listReplies } from '../../core/replies/list.ts';
import { pausedChannels } from '../../core/store/channel-state.ts';
import { openRestoration } from '../../core/store/restorations.ts';
import type { StaffView, View } from '../context.ts';
import { Cause } from './cause.tsx';
import { Icon } from './icons.tsx';

const weekMs = 7 * 86_400_000;

interface Item {
  readonly count: number;
  readonly href: string;
  readonly words: string;
  readonly tone: 'warning' | 'danger' | 'info';
}

/** What waits for somebody of the staff; calm words when nothing does. */
export const Attention = async ({
  view,
  recent,
}: {
  view: StaffView;
  recent: readonly AnnouncementItem[];
}): Promise<Child> => {
  const items = (await attentionItems(view, recent)).filter((item) => item.count > 0);
  const paused = (await messengersPaused(view)).filter((channel) => view.deps.adapters.has(channel));
  const troubled = [...view.deps.adapters.values()].filter((a) => a.health().state !== 'connected');
  const copies = await copyTroubles(view);
  if (items.length + troubled.length + paused.length + copies.length === 0) {
    return (
      <p class="quiet-note">
        <Icon name="check" />
        {view.t('console:home.calm')}
      </p>
    );
  }
  return (
    <div class="stack">
      {copies.map(({ key, href }) => (
        <div class="ds-alert" data-color="warning">
          <a href={href}>{view.t(key)}</a>
        </div>
      ))}
      {paused.map((channel) => (
        <div class="ds-alert" data-color="warning">
          <a href="/messengers">
            {view.t('console:home.messenger.paused', { channel: view.t(`delivery:channel.${channel}`) })}
          </a>
        </div>
      ))}
      {troubled.map((adapter) => (
        <div class="ds-alert" data-color="warning">
          {view.t(`console:home.messenger.${adapter.health().state}`, {
            channel: view.t(`delivery:channel.${adapter.name}`),
          })}
          <Cause view={view} adapter={adapter} />
          {adapter.health().detail && (
            <>
              {' '}
              <code>{adapter.health().detail}</code>
            </>
          )}
        </div>
      ))}
      {items.length > 0 && (
        <ul class="attention">
          {items.map((item) => (
            <li>
              <a href={item.href} data-tone={item.tone}>
                <strong>{item.count}</strong>
                <span>{item.words}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
};

/** A restoration staff have not decided about; for administrators also when the daily backup does not work. */
async function copyTroubles({ deps, member, now }: StaffView): Promise<{ key: string; href: string }[]> {
  const { db } = deps.core;
  const restored = (await openRestoration(db))
    ? [{ key: 'copies:attention.restored', href: '/restored' }]
    : [];
  if (member.role !== 'administrator' || deps.config.backup.at === null) return restored;
  const { failed, old } = await backupState(db, now);
  const href = '/settings#backups';
  if (failed) return [...restored, { key: 'copies:attention.failed', href }];
  return old ? [...restored, { key: 'copies:attention.old', href }] : restored;
}

const messengersPaused = async (view: View) => [...(await pausedChannels(view.deps.core.db))];

async function attentionItems(view: View, recent: readonly AnnouncementItem[]): Promise<Item[]> {
  const { db } = view.deps.core;
  const [barriers, replies, stopped] = await Promise.all([
    listBarriers(db, { status: 'new', limit: 200 }),
    listReplies(db, { open: true, limit: 200 }),
    recentlyStopped(db, view.now - weekMs),
  ]);
  const words = (key: string, count: number) => view.t(`console:home.${key}`, { count });
  const item = (key: string, count: number, href: string, tone: Item['tone']): Item => ({
    ...{ count, href, tone },
    words: words(key, count),
  });
  return [
    item('newBarriers', barriers.items.length, '/inbox?status=new', 'warning'),
    item('openReplies', replies.items.length, '/inbox/replies', 'warning'),
    ...deliveryItems(recent, item),
    item('stopped', stopped.length, '/members?status=stopped', 'info'),
  ];
}

/** Of the last announcements: what failed and of what nothing is known, leading to the one with most of it. */
function deliveryItems(
  recent: readonly AnnouncementItem[],
  item: (key: string, count: number, href: string, tone: Item['tone']) => Item,
): Item[] {
  return (['failed', 'unknown', 'unreachable'] as const).map((status) => {
    // What staff stopped did not fail: it was not to leave.
    const concerned = recent.filter((a) => status !== 'failed' || a.status !== 'stopped');
    const [worst] = concerned.sort((a, b) => b.counts[status] - a.counts[status]);
    const count = worst?.counts[status] ?? 0;
    const tone = status === 'failed' ? 'danger' : status === 'unknown' ? 'warning' : 'info';
    return item(status, count, `/announcements/${worst?.id ?? ''}`, tone);
  });
}
