import { resultsByGroup } from '../../../core/polls/groups.ts';
import { findPollView, type PollView } from '../../../core/polls/list.ts';
import { remindersBeforeClosing } from '../../../core/polls/poll.ts';
import { type PollResults, pollResults } from '../../../core/polls/results.ts';
import { listReplies } from '../../../core/replies/list.ts';
import { inLanguage } from '../../../core/text.ts';
import { audienceWords } from '../../audience-form.ts';
import { BarTable } from '../../components/bars.tsx';
import { share } from '../../components/figures.tsx';
import { PollStatusTag } from '../../components/poll-row.tsx';
import { ReplyList } from '../../components/reply-list.tsx';
import { ActionButton, Card, LinkButton, Stat } from '../../components/ui.tsx';
import { type App, type StaffView, staffView } from '../../context.ts';
import { takeFlash } from '../../flash.ts';
import { live, Page } from '../../layout/page.tsx';
import { PollGroups } from './groups.tsx';
import { pollRemindersWords } from './reminders.ts';

/** How a poll stands, by itself up to date. */
export function pollPage(app: App): void {
  app.get('/polls/:id', async (c) => {
    const view = staffView(c);
    const { t } = view;
    const { db } = view.deps.core;
    const id = c.req.param('id');
    const poll = await findPollView(db, id);
    const results = await pollResults(db, id);
    const branches = await resultsByGroup(db, id, 'branch');
    const replies = await listReplies(db, { subject: { kind: 'poll', id } });
    const audience = await audienceWords(db, view, poll.audience);
    const path = `/polls/${id}`;
    return c.html(
      <Page
        view={view}
        title={inLanguage(poll.question, view.language)}
        flash={takeFlash(c)}
        topics={[`poll:${id}`]}
        back={{ href: '/polls', label: t('console:nav.polls') }}
        actions={
          <div class="actions" {...live('steering', path)}>
            <Steering view={view} poll={poll} />
          </div>
        }
      >
        <div class="side">
          <div class="stack">
            <div class="stack" {...live('results', path)}>
              <Results view={view} poll={poll} results={results} />
            </div>
            <div class="stack" {...live('groups', path)}>
              <PollGroups view={view} poll={poll} groups={branches} />
            </div>
            {replies.items.length > 0 && (
              <Card title={t('console:report.replies')} {...live('replies', path)}>
                <ReplyList view={view} replies={replies.items} back={path} empty="" />
              </Card>
            )}
          </div>
          <About view={view} poll={poll} audience={audience} />
        </div>
      </Page>,
    );
  });
}

const Steering = ({ view, poll }: { view: StaffView; poll: PollView }) => {
  const { t } = view;
  const base = `/polls/${poll.id}`;
  const { status } = poll;
  return (
    <>
      <LinkButton href={`${base}.csv`} icon="download" variant="tertiary" download>
        CSV
      </LinkButton>
      {(status === 'open' || status === 'scheduled') && (
        <ActionButton action={`${base}/pause`}>{t('console:report.pause')}</ActionButton>
      )}
      {status === 'paused' && (
        <ActionButton action={`${base}/resume`} variant="primary">
          {t('console:report.resume')}
        </ActionButton>
      )}
      {(status === 'open' || status === 'paused') && (
        <ActionButton action={`${base}/close`} confirm={t('console:polls.closeSure')}>
          {t('console:polls.close')}
        </ActionButton>
      )}
      {status !== 'closed' && status !== 'stopped' && (
        <ActionButton
          action={`${base}/stop`}
          variant="tertiary"
          color="danger"
          confirm={t('console:polls.stopSure')}
        >
          {t('console:polls.stop')}
        </ActionButton>
      )}
    </>
  );
};

const Results = ({ view, poll, results }: { view: StaffView; poll: PollView; results: PollResults }) => {
  const { t, formats } = view;
  return (
    <Card title={t('polls:results.title')}>
      <div class="meta">
        <PollStatusTag view={view} status={poll.status} />
        <span>
          {t(poll.closedAt === null ? 'console:polls.closes' : 'console:polls.closed', {
            when: formats.moment(poll.closedAt ?? poll.closesAt),
          })}
        </span>
      </div>
      <dl class="stats">
        <Stat label={t('console:polls.asked')} value={formats.number(results.asked)} />
        <Stat
          label={t('console:polls.voted')}
          value={formats.number(results.voted)}
          note={formats.percent(share(results.voted, results.asked))}
        />
      </dl>
      {results.hidden ? (
        <p class="muted">
          {t(`polls:results.${poll.closedAt === null ? 'notYet' : 'tooFew'}`, {
            count: view.network.smallestGroup,
          })}
        </p>
      ) : (
        <BarTable
          caption={t('polls:results.title')}
          head={[t('console:pollForm.options'), t('console:polls.votes'), t('console:polls.share')]}
          rows={results.options.map(({ label, votes }) => ({
            label: inLanguage(label, view.language),
            value: votes ?? 0,
            valueLabel: t('console:count.votes', { count: votes ?? 0 }),
            share: share(votes ?? 0, results.voted),
            shareLabel: formats.percent(share(votes ?? 0, results.voted)),
          }))}
        />
      )}
    </Card>
  );
};

const About = ({ view, poll, audience }: { view: StaffView; poll: PollView; audience: string | null }) => {
  const { t, formats } = view;
  const other = view.language === 'pl' ? 'en' : 'pl';
  return (
    <Card title={t('console:polls.about')}>
      {poll.question[other] && (
        <div class="tight" lang={other}>
          <h3>{poll.question[other]}</h3>
          <ul class="ds-list">
            {poll.options.map((option) => (
              <li>{inLanguage(option, other)}</li>
            ))}
          </ul>
        </div>
      )}
      <dl class="pairs">
        <dt>{t('console:audience.title')}</dt>
        <dd>{audience ?? t('console:audience.everyone')}</dd>
        <dt>{t('console:pollForm.howMany')}</dt>
        <dd>{t(`console:pollForm.${poll.multiple ? 'multiple' : 'single'}`)}</dd>
        <dt>{t('console:pollForm.whoSees')}</dt>
        <dd>{t(`console:pollForm.${poll.anonymous ? 'anonymous' : 'named'}`)}</dd>
        <dt>{t('console:pollForm.showResults')}</dt>
        <dd>{t(`console:pollForm.results.${poll.showResults}`)}</dd>
        <dt>{t('console:pollForm.opens')}</dt>
        <dd>{formats.moment(poll.opensAt)}</dd>
        <dt>{t('console:compose.reminders')}</dt>
        <dd>{pollRemindersWords(view, poll.reminders, remindersBeforeClosing(poll))}</dd>
      </dl>
    </Card>
  );
};
