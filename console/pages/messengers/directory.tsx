import { setTimeout as wait } from 'node:timers/promises';
import type { ChannelAdapter } from '../../../core/channels/channel-adapter.ts';
import type { ChannelName } from '../../../core/channels/channel-name.ts';
import { DomainError } from '../../../core/domain-error.ts';
import { inviteOnMessenger, mayBeInvited } from '../../../core/invitations/invite-on-messenger.ts';
import { DirectorySearch, type Found } from '../../../core/messengers/directory-search.ts';
import { listedWithEmail, type Member } from '../../../core/store/members.ts';
import { missing } from '../../access.ts';
import { channelTitle } from '../../channel-title.ts';
import { Check, Group } from '../../components/fields.tsx';
import { ActionButton, Card } from '../../components/ui.tsx';
import { type App, type StaffView, staffView } from '../../context.ts';
import { takeFlash } from '../../flash.ts';
import { act, readForm } from '../../forms.ts';
import { live, Page } from '../../layout/page.tsx';
import { named } from './messenger.tsx';

/** People on the list who are in a messenger's directory: looked for, shown, chosen, invited. */
export function directoryPages(app: App): void {
  app.get('/messengers/:channel/people', async (c) => {
    const view = staffView(c);
    const { channel, adapter } = await directoryOf(view, c.req.param('channel'));
    return c.html(
      <Page
        view={view}
        title={view.t('messengers:people.title', { channel: view.t(`delivery:channel.${channel}`) })}
        back={{ href: `/messengers/${channel}`, label: channelTitle(view, channel) }}
        flash={takeFlash(c)}
        topics={['messengers']}
        lead={view.t('messengers:people.lead')}
      >
        <Search view={view} channel={channel} search={searchOf(view, adapter)} />
      </Page>,
    );
  });
  app.post('/messengers/:channel/people/search', async (c) => {
    const view = staffView(c);
    const { channel, adapter } = await directoryOf(view, c.req.param('channel'));
    const people = await listedWithEmail(view.deps.core.db);
    return act(c, pathOf(channel), { key: 'messengers:people.searching' }, async () => {
      void searchOf(view, adapter).start(people.map(({ id, email }) => ({ memberId: id, email })));
    });
  });
  app.post('/messengers/:channel/people/stop', async (c) => {
    const view = staffView(c);
    const { channel, adapter } = await directoryOf(view, c.req.param('channel'));
    return act(c, pathOf(channel), { key: 'messengers:people.stopped' }, async () =>
      searchOf(view, adapter).stop(),
    );
  });
  app.post('/messengers/:channel/people/invite', async (c) => {
    const view = staffView(c);
    const { channel, adapter } = await directoryOf(view, c.req.param('channel'));
    const chosen = new Set((await readForm(c)).all('member'));
    const found = searchOf(view, adapter).state.found.filter(({ memberId }) => chosen.has(memberId));
    const invited = await invite(view, channel, found);
    return act(
      c,
      pathOf(channel),
      { key: 'messengers:people.invited', params: { count: invited } },
      async () => undefined,
    );
  });
}

const pathOf = (channel: ChannelName) => `/messengers/${channel}/people`;

async function directoryOf(view: StaffView, name: string | undefined) {
  const { channel, adapter } = await named(view, name);
  return adapter?.capabilities.directory ? { channel, adapter } : missing();
}

/** One a messenger and running program: what was found is nowhere else. */
const searches = new WeakMap<ChannelAdapter, DirectorySearch>();

function searchOf({ deps }: StaffView, adapter: ChannelAdapter): DirectorySearch {
  const { core } = deps;
  const changed = () =>
    void core
      .transaction(async (unit) => unit.ring({ kind: 'changed', topic: 'messengers' }))
      .catch(() => undefined);
  const timer = { wait: (ms: number) => wait(ms, undefined, { ref: false }) };
  const search = searches.get(adapter) ?? new DirectorySearch(adapter, timer, changed);
  searches.set(adapter, search);
  return search;
}

/** One after another, each on its own: whoever joined a moment ago holds up nobody. Returns how many are written to. */
async function invite(view: StaffView, channel: ChannelName, found: readonly Found[]): Promise<number> {
  let invited = 0;
  for (const person of found) {
    const made = await view.deps.core
      .transaction((unit) => inviteOnMessenger(unit, { ...person, channel, createdBy: view.member.id }))
      .catch((error: unknown) => {
        if (error instanceof DomainError) return false;
        throw error;
      });
    if (made) invited += 1;
  }
  return invited;
}

interface Props {
  readonly view: StaffView;
  readonly channel: ChannelName;
  readonly search: DirectorySearch;
}

const Search = async ({ view, channel, search }: Props) => {
  const { t } = view;
  const { running, asked, of, found, problem } = search.state;
  const people = await listedWithEmail(view.deps.core.db);
  const going = asked < people.length ? 'continue' : 'again';
  return (
    <Card title={t('messengers:people.search')} {...live('directory', pathOf(channel))}>
      <p>{t('messengers:people.withEmail', { count: people.length })}</p>
      {people.length === 0 && (
        <p>
          <a href="/import">{t('messengers:people.import')}</a>
        </p>
      )}
      {of > 0 && <p>{t('messengers:people.progress', { asked, of, found: found.length })}</p>}
      {running && (
        <progress max={of} value={asked} aria-label={t('messengers:people.search')}>
          {asked}
        </progress>
      )}
      {problem && (
        <p class="muted">
          {t('messengers:says')} <code>{problem}</code>
        </p>
      )}
      {people.length > 0 && (
        <div class="actions">
          <ActionButton action={`${pathOf(channel)}/${running ? 'stop' : 'search'}`}>
            {t(`messengers:people.${running ? 'stop' : of === 0 ? 'start' : going}`)}
          </ActionButton>
        </div>
      )}
      {!running && found.length > 0 && <Choose view={view} channel={channel} found={found} people={people} />}
    </Card>
  );
};

const Choose = async ({
  view,
  channel,
  found,
  people,
}: Omit<Props, 'search'> & {
  found: readonly Found[];
  people: readonly (Member & { readonly email: string })[];
}) => {
  const { t, deps } = view;
  const byId = new Map(people.map((m) => [m.id, m]));
  const open: { id: string; name: string; email: string }[] = [];
  for (const person of found) {
    const member = byId.get(person.memberId);
    if (member && (await mayBeInvited(deps.core.db, { ...person, channel }))) open.push(member);
  }
  if (open.length === 0) return <p>{t('messengers:people.nobody')}</p>;
  return (
    <form method="post" action={`${pathOf(channel)}/invite`} class="stack">
      <Group legend={t('messengers:people.choose')}>
        {open.map(({ id, name, email }) => (
          <Check name="member" value={id} label={name} hint={email} />
        ))}
      </Group>
      <div>
        <button type="submit" class="ds-button" data-variant="primary">
          {t('messengers:people.invite')}
        </button>
      </div>
    </form>
  );
};
