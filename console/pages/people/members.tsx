import { roles } from '../../../core/members/check.ts';
import { listMembers, type MemberView, totalMembers } from '../../../core/members/view.ts';
import { Select, TextField } from '../../components/fields.tsx';
import { Pager } from '../../components/pager.tsx';
import { totalWords } from '../../components/total.ts';
import { Card, Empty, LinkButton, TableBox, Tag, type Tone } from '../../components/ui.tsx';
import { type App, type StaffView, staffView, type View } from '../../context.ts';
import { takeFlash } from '../../flash.ts';
import { live, Page } from '../../layout/page.tsx';
import { PeopleTabs } from './tabs.tsx';

const statuses = ['listed', 'active', 'stopped', 'erased'] as const;

export function membersPage(app: App): void {
  app.get('/members', async (c) => {
    const view = staffView(c);
    const query = {
      q: c.req.query('q'),
      role: c.req.query('role'),
      status: c.req.query('status'),
      cursor: c.req.query('cursor'),
    };
    const { db } = view.deps.core;
    const wanted = {
      ...(query.q ? { search: query.q } : {}),
      ...pick('role', roles, query.role),
      ...pick('status', statuses, query.status),
    };
    const { items, next } = await listMembers(db, {
      ...wanted,
      ...(query.cursor ? { cursor: query.cursor } : {}),
    });
    const total = await totalMembers(db, wanted);
    return c.html(
      <Page
        view={view}
        title={view.t('console:nav.people')}
        flash={takeFlash(c)}
        topics={['members']}
        actions={
          <>
            <LinkButton href="/invitations/new" icon="link">
              {view.t('console:people.invite')}
            </LinkButton>
            <LinkButton href="/members/new" icon="plus" variant="secondary">
              {view.t('console:people.addMember')}
            </LinkButton>
          </>
        }
      >
        <PeopleTabs view={view} />
        <Filter view={view} query={query} />
        <Card
          class="flush"
          title={totalWords(view, 'people', total)}
          {...live('people', c.req.url.replace(/^[^/]*\/\/[^/]*/, ''))}
        >
          {items.length === 0 ? (
            <Empty icon="people" title={view.t('console:people.noMembers')}>
              <p>{view.t('console:people.noMembersHint')}</p>
            </Empty>
          ) : (
            <MembersTable view={view} members={items} />
          )}
          <Pager view={view} next={next} query={query} />
        </Card>
      </Page>,
    );
  });
}

function pick<N extends string, V extends string>(name: N, known: readonly V[], value: string | undefined) {
  return known.includes(value as V) ? ({ [name]: value } as Record<N, V>) : {};
}

const Filter = ({ view, query }: { view: View; query: Record<string, string | undefined> }) => {
  const { t } = view;
  const any = { value: '', label: t('console:people.any') };
  return (
    <form method="get" action="/members" class="toolbar">
      <TextField name="q" type="search" label={t('console:people.search')} value={query.q} />
      <Select
        name="status"
        label={t('console:people.status')}
        value={query.status}
        options={[any, ...statuses.map((s) => ({ value: s, label: t(`people:status.${s}`) }))]}
      />
      <Select
        name="role"
        label={t('console:people.role')}
        value={query.role}
        options={[any, ...roles.map((r) => ({ value: r, label: t(`people:role.${r}`) }))]}
      />
      <button type="submit" class="ds-button" data-variant="secondary">
        {t('console:people.filter')}
      </button>
    </form>
  );
};

export const MembersTable = ({ view, members }: { view: StaffView; members: readonly MemberView[] }) => {
  const { t } = view;
  return (
    <TableBox label={t('console:people.members')}>
      <table class="ds-table stackable">
        <thead>
          <tr>
            <th scope="col">{t('console:people.personName')}</th>
            <th scope="col">{t('console:people.company')}</th>
            <th scope="col">{t('console:people.state')}</th>
            <th scope="col">{t('console:people.messengers')}</th>
          </tr>
        </thead>
        <tbody>
          {members.map((m) => (
            <tr>
              <th scope="row">
                <a href={`/members/${m.id}`}>{m.name || t('console:people.erasedName')}</a>
                {m.role !== 'member' && (
                  <>
                    {' '}
                    <Tag tone="info">{t(`people:role.${m.role}`)}</Tag>
                  </>
                )}
              </th>
              <td>{m.company ? <a href={`/companies/${m.company.id}`}>{m.company.name}</a> : '–'}</td>
              <td class="end">
                <MemberStatus view={view} status={m.status} />
              </td>
              <td>{channelWords(view, m)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
};

const statusTone: Record<MemberView['status'], Tone> = {
  listed: 'neutral',
  active: 'success',
  stopped: 'warning',
  erased: 'neutral',
};

export const MemberStatus = ({ view, status }: { view: View; status: MemberView['status'] }) => (
  <Tag tone={statusTone[status]}>{view.t(`people:status.${status}`)}</Tag>
);

export function channelWords(view: View, member: MemberView): string {
  const open = [...new Set(member.channels.filter((a) => a.status === 'open').map((a) => a.channel))];
  if (open.length > 0) return open.map((name) => view.t(`delivery:channel.${name}`)).join(', ');
  return member.channels.length > 0 ? view.t('console:people.blocked') : '–';
}
