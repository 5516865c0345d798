import { HTTPException } from 'hono/http-exception';
import type { Child } from 'hono/jsx';
import type { Role } from '../../../core/audiences/audience.ts';
import type { ChannelName } from '../../../core/channels/channel-name.ts';
import { hasJoined, invitationState } from '../../../core/invitations/invitation.ts';
import { roleRank } from '../../../core/members/check.ts';
import { eraseMember } from '../../../core/members/erase.ts';
import { presentMember, saveMember } from '../../../core/members/member.ts';
import { stopMember } from '../../../core/members/stop.ts';
import { findMemberView, type MemberView } from '../../../core/members/view.ts';
import { findMember } from '../../../core/store/members.ts';
import { invitationsOf } from '../../../core/store/person-traces.ts';
import { administratorView, isAdministrator, missing } from '../../access.ts';
import { companyChoices } from '../../choices.ts';
import { BlockedAdvice } from '../../components/blocked-advice.tsx';
import type { FormError } from '../../components/fields.tsx';
import { ActionButton, Card, LinkButton, Tag } from '../../components/ui.tsx';
import { type App, type Ctx, type StaffView, staffView } from '../../context.ts';
import { setFlash, takeFlash } from '../../flash.ts';
import { act, readForm, refusal } from '../../forms.ts';
import { Page } from '../../layout/page.tsx';
import { MemberForm, type MemberValues, readMember, typedValues } from './member-form.tsx';
import { channelWords, MemberStatus } from './members.tsx';

export function memberPage(app: App): void {
  app.get('/members/:id', async (c) => {
    const view = staffView(c);
    const member = await findMemberView(view.deps.core.db, c.req.param('id'));
    return member ? show(c, view, member, valuesOf(member)) : missing();
  });
  app.post('/members/:id', save);
  app.post('/members/:id/stop', async (c) => {
    const id = c.req.param('id');
    const view = staffView(c);
    return act(c, `/members/${id}`, { key: 'console:people.memberStopped' }, () =>
      view.deps.core.transaction(async (unit) => {
        if (!mayStop(view, await presentMember(unit, id))) throw new HTTPException(403);
        await stopMember(unit, id);
      }),
    );
  });
  app.post('/members/:id/erase', async (c) => {
    const { core } = administratorView(c).deps;
    return act(c, '/members', { key: 'console:people.memberErased' }, () =>
      core.transaction((unit) => eraseMember(unit, c.req.param('id'))),
    );
  });
}

/** Nobody stops the messages of somebody with a higher role. */
const mayStop = (view: StaffView, member: { readonly role: Role }) =>
  roleRank(member.role) <= roleRank(view.member.role);

async function save(c: Ctx): Promise<Response> {
  const view = staffView(c);
  const { core } = view.deps;
  const id = c.req.param('id') ?? '';
  const member = await findMemberView(core.db, id);
  if (!member || member.status === 'erased') return missing();
  const fields = await readForm(c);
  try {
    const revision = fields.revision();
    await core.transaction((unit) =>
      saveMember(unit, { ...readMember(view, fields, member.role), id, revision }),
    );
  } catch (error) {
    const now = (await findMemberView(core.db, id)) ?? member;
    const why = refusal(view, error, { ...valuesOf(now) });
    return show(c, view, now, typedValues(fields, String(now.revision)), why);
  }
  setFlash(c, { kind: 'success', key: 'console:people.saved' });
  return c.redirect(`/members/${id}`, 303);
}

function valuesOf(member: MemberView): MemberValues {
  return {
    name: member.name,
    email: member.email ?? '',
    companyId: member.company?.id ?? '',
    role: member.role,
    language: member.language,
    tags: member.tags.join(', '),
    revision: String(member.revision),
  };
}

async function show(
  c: Ctx,
  view: StaffView,
  member: MemberView,
  values: MemberValues,
  error?: FormError,
): Promise<Response> {
  const { t } = view;
  const companies = await companyChoices(view.deps.core.db);
  const erased = member.status === 'erased';
  return c.html(
    <Page
      view={view}
      title={member.name || t('console:people.erasedName')}
      flash={takeFlash(c)}
      back={{ href: '/members', label: t('console:people.members') }}
    >
      <div class="side">
        <Card title={t('console:people.details')}>
          {erased ? (
            <p class="muted">{t('console:people.erasedHint')}</p>
          ) : (
            <MemberForm
              view={view}
              action={`/members/${member.id}`}
              values={values}
              companies={companies}
              error={error ?? null}
            />
          )}
        </Card>
        <div class="stack">
          <Known view={view} member={member} />
          <History view={view} memberId={member.id} />
          {!erased && <Actions view={view} member={member} />}
        </div>
      </div>
    </Page>,
    error ? 422 : 200,
  );
}

/** Where nothing reaches them any more, when that is everywhere. */
function blockedOn({ status, channels }: MemberView): ChannelName[] {
  if (status !== 'active' || channels.some((account) => account.status === 'open')) return [];
  return [...new Set(channels.map(({ channel }) => channel))];
}

const Known = ({ view, member }: { view: StaffView; member: MemberView }) => {
  const { t, formats } = view;
  return (
    <Card title={t('console:people.known')}>
      <dl class="pairs">
        <dt>{t('console:people.state')}</dt>
        <dd>
          <MemberStatus view={view} status={member.status} />
        </dd>
        <dt>{t('console:people.messengers')}</dt>
        <dd>
          {channelWords(view, member)}
          {blockedOn(member).length > 0 && <BlockedAdvice view={view} channels={blockedOn(member)} />}
        </dd>
        <dt>{t('console:people.consent')}</dt>
        <dd>
          {member.consentAt === null
            ? t('console:people.noConsent')
            : t('console:people.consentOn', {
                date: formats.date(member.consentAt),
                version: member.consentVersion ?? 1,
              })}
        </dd>
        {member.stoppedAt !== null && (
          <>
            <dt>{t('console:people.stoppedAt')}</dt>
            <dd>{formats.moment(member.stoppedAt)}</dd>
          </>
        )}
      </dl>
    </Card>
  );
};

/** The invitations made for this person, the ones after a lost address named as such. */
const History = async ({ view, memberId }: { view: StaffView; memberId: string }): Promise<Child> => {
  const { t, formats, now } = view;
  const { db } = view.deps.core;
  const made = (await invitationsOf(db, memberId)).filter((i) => i.kind === 'personal');
  if (made.length === 0) return null;
  const inviters = new Map<string, string>();
  for (const { created_by: id } of made) if (id) inviters.set(id, (await findMember(db, id))?.name ?? '');
  return (
    <Card title={t('people:history.title')}>
      <ul class="plain">
        {made.map((invitation) => (
          <li>
            <a href={`/invitations/${invitation.id}`}>
              {t(invitation.again ? 'people:history.again' : 'people:history.invited', {
                at: formats.short(invitation.created_at),
              })}
            </a>{' '}
            {invitation.created_by && inviters.get(invitation.created_by) && (
              <span>{t('people:history.by', { name: inviters.get(invitation.created_by) ?? '' })}</span>
            )}{' '}
            <Tag>{t(`people:invitation.state.${invitationState(invitation, now)}`)}</Tag>
          </li>
        ))}
      </ul>
    </Card>
  );
};

const Actions = ({ view, member }: { view: StaffView; member: MemberView }) => {
  const { t } = view;
  const base = `/members/${member.id}`;
  return (
    <Card title={t('console:people.actions')}>
      {member.status === 'stopped' && <p class="muted">{t('console:people.comesBack')}</p>}
      <div class="actions">
        {!hasJoined(member) && (isAdministrator(view) || member.role === 'member') && (
          <ActionButton
            action="/invitations/new"
            fields={{ kind: 'personal', memberId: member.id }}
            icon="link"
          >
            {t('console:people.inviteThis')}
          </ActionButton>
        )}
        {hasJoined(member) && isAdministrator(view) && (
          <LinkButton href={`${base}/invite-again`} icon="link" variant="secondary">
            {t('people:again.open')}
          </LinkButton>
        )}
        {isAdministrator(view) && member.role !== 'member' && (
          <ActionButton action={`${base}/sign-in-link`} variant="secondary">
            {t('console:people.signInLink')}
          </ActionButton>
        )}
        {member.status !== 'stopped' && mayStop(view, member) && (
          <ActionButton action={`${base}/stop`} confirm={t('console:people.stopSure')}>
            {t('console:people.stop')}
          </ActionButton>
        )}
        {isAdministrator(view) && (
          <ActionButton
            action={`${base}/erase`}
            variant="tertiary"
            color="danger"
            confirm={t('console:people.eraseSure')}
          >
            {t('console:people.erase')}
          </ActionButton>
        )}
      </div>
    </Card>
  );
};
