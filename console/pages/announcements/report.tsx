import {
  announcementCompanies,
  announcementReplies,
  announcementReport,
} from '../../../core/announcements/index.ts';
import type { AnnouncementReport } from '../../../core/announcements/report.ts';
import { findAttachmentInfo } from '../../../core/store/attachments.ts';
import { openMomentsOf } from '../../../core/store/due-moments.ts';
import { inLanguage } from '../../../core/text.ts';
import { audienceWords } from '../../audience-form.ts';
import { AnnouncementStatusTag } from '../../components/announcement-row.tsx';
import { FiguresBar, FiguresLegend, share } from '../../components/figures.tsx';
import { heldUntil } from '../../components/quiet-note.tsx';
import { ReplyList } from '../../components/reply-list.tsx';
import { ActionButton, Card, LinkButton, Stat } from '../../components/ui.tsx';
import { type App, type StaffView, staffView } from '../../context.ts';
import { takeFlash } from '../../flash.ts';
import { live, Page } from '../../layout/page.tsx';
import { remindersWords } from './compose.tsx';
import type { AttachmentInfo } from './form.tsx';
import { Groups } from './groups.tsx';
import { People, readPeople } from './people.tsx';
import { Posts } from './posts.tsx';

/** How an announcement stands, by itself up to date. */
export function reportPage(app: App): void {
  app.get('/announcements/:id', async (c) => {
    const view = staffView(c);
    const { db } = view.deps.core;
    const id = c.req.param('id');
    const report = await announcementReport(db, id);
    const replies = await announcementReplies(db, id, { limit: 50 });
    const people = await readPeople(db, report);
    const companies = await announcementCompanies(db, id);
    const audience = await audienceWords(db, view, report.audience);
    const attachment = report.attachmentId ? await findAttachmentInfo(db, report.attachmentId) : undefined;
    const toStop = report.status !== 'sent' || (await openMomentsOf(db, id)).length > 0;
    const path = `/announcements/${id}`;
    const { t } = view;
    return c.html(
      <Page
        view={view}
        title={inLanguage(report.title, view.language)}
        flash={takeFlash(c)}
        topics={[`announcement:${id}`]}
        back={{ href: '/announcements', label: t('console:nav.announcements') }}
        actions={
          <div class="actions" {...live('steering', path)}>
            <Steering view={view} report={report} toStop={toStop} />
          </div>
        }
      >
        <div class="stack" {...live('figures', path)}>
          <Figures view={view} report={report} />
          <Waiting view={view} report={report} />
          <Unknown view={view} report={report} />
        </div>
        <div class="side">
          <div class="stack">
            <Card title={t('console:report.replies')} {...live('replies', path)}>
              <ReplyList
                view={view}
                replies={replies.items}
                back={path}
                empty={t('console:report.noReplies')}
              />
            </Card>
            <div class="stack" {...live('people', path)}>
              <People view={view} report={report} people={people} />
            </div>
          </div>
          <div class="stack">
            <Said view={view} report={report} audience={audience} attachment={attachment} />
            <div class="stack" {...live('posts', path)}>
              <Posts view={view} id={id} />
            </div>
            <div class="stack" {...live('groups', path)}>
              <Groups view={view} report={report} companies={companies} />
            </div>
          </div>
        </div>
      </Page>,
    );
  });
}

const Steering = ({
  view,
  report,
  toStop,
}: {
  view: StaffView;
  report: AnnouncementReport;
  /** Something has yet to leave, be it a reminder. */
  toStop: boolean;
}) => {
  const { t } = view;
  const base = `/announcements/${report.id}`;
  const going = report.status === 'scheduled' || report.status === 'sending';
  return (
    <>
      <LinkButton href={`${base}.csv`} icon="download" variant="tertiary" download>
        CSV
      </LinkButton>
      {report.status !== 'stopped' && (
        <LinkButton href={`${base}/correct`} variant="secondary">
          {t('console:report.correct')}
        </LinkButton>
      )}
      {going && <ActionButton action={`${base}/pause`}>{t('console:report.pause')}</ActionButton>}
      {report.status === 'paused' && (
        <ActionButton action={`${base}/resume`} variant="primary">
          {t('console:report.resume')}
        </ActionButton>
      )}
      {report.status !== 'stopped' && toStop && (
        <ActionButton
          action={`${base}/stop`}
          color="danger"
          variant="tertiary"
          confirm={t('console:report.stopSure')}
        >
          {t('console:report.stop')}
        </ActionButton>
      )}
    </>
  );
};

const Figures = ({ view, report }: { view: StaffView; report: AnnouncementReport }) => {
  const { t, formats } = view;
  const { counts } = report;
  const of = (part: number) => formats.percent(share(part, counts.recipients));
  const time = (seconds: number | null) => (seconds === null ? '–' : formats.duration(seconds));
  return (
    <Card>
      <div class="meta">
        <AnnouncementStatusTag view={view} status={report.status} />
        <span>{whenWords(view, report)}</span>
        {report.correctedAt !== null && (
          <span>{t('console:report.correctedAt', { when: formats.short(report.correctedAt) })}</span>
        )}
      </div>
      <FiguresBar figures={counts} />
      <FiguresLegend view={view} figures={counts} />
      <dl class="stats">
        <Stat label={t('console:report.recipients')} value={formats.number(counts.recipients)} />
        <Stat
          label={t('console:report.accepted')}
          value={formats.number(counts.accepted)}
          note={of(counts.accepted)}
        />
        {report.confirm && (
          <Stat
            label={t('console:report.confirmed')}
            value={formats.number(counts.confirmed)}
            note={of(counts.confirmed)}
          />
        )}
        <Stat
          label={t('console:report.replied')}
          value={formats.number(report.replied)}
          note={t('console:count.replies', { count: counts.replies })}
        />
        {report.confirm && <Stat label={t('console:report.toHalf')} value={time(report.secondsToHalf)} />}
        {report.confirm && <Stat label={t('console:report.to90')} value={time(report.secondsTo90)} />}
      </dl>
    </Card>
  );
};

function whenWords(view: StaffView, report: AnnouncementReport): string {
  const { t, formats } = view;
  if (report.startedAt === null) return t('console:report.leaves', { when: formats.moment(report.sendAt) });
  return t('console:report.left', { when: formats.moment(report.startedAt) });
}

/** Why nothing moves: quiet hours hold it back. */
const Waiting = ({ view, report }: { view: StaffView; report: AnnouncementReport }) => {
  const until = heldUntil(view, view.now);
  if (until === null || report.urgent || report.status !== 'sending' || report.counts.pending === 0)
    return null;
  return (
    <div class="ds-alert" data-color="info">
      {view.t('console:report.quiet', { when: view.formats.moment(until) })}
    </div>
  );
};

/** Sent again only on somebody's own decision: some will see it twice. */
const Unknown = ({ view, report }: { view: StaffView; report: AnnouncementReport }) => {
  const { t } = view;
  const count = report.counts.unknown;
  if (count === 0) return null;
  return (
    <div class="ds-alert" data-color="warning">
      <div class="tight">
        <p>{t('console:report.unknown', { count })}</p>
        <div>
          <ActionButton
            action={`/announcements/${report.id}/resend`}
            confirm={t('console:report.resendSure')}
          >
            {t('console:report.resend')}
          </ActionButton>
        </div>
      </div>
    </div>
  );
};

const Said = ({
  view,
  report,
  audience,
  attachment,
}: {
  view: StaffView;
  report: AnnouncementReport;
  audience: string | null;
  attachment: AttachmentInfo | undefined;
}) => {
  const { t } = view;
  const languages = (['pl', 'en'] as const).filter((l) => report.title[l] !== undefined || report.text[l]);
  return (
    <Card title={t('console:compose.words')}>
      {languages.map((language) => (
        <div class="tight" lang={language}>
          <h3>{report.title[language] ?? '–'}</h3>
          <p class="prose">{report.text[language] ?? '–'}</p>
        </div>
      ))}
      {report.link && (
        <p>
          <a href={report.link} rel="noreferrer">
            {report.link}
          </a>
        </p>
      )}
      {attachment && (
        <p>
          <a href={`/attachments/${attachment.id}`}>{attachment.file_name}</a>
        </p>
      )}
      <dl class="pairs">
        <dt>{t('console:audience.title')}</dt>
        <dd>{audience ?? t('console:audience.everyone')}</dd>
        <dt>{t('console:compose.reminders')}</dt>
        <dd>{remindersWords(view, report.reminders)}</dd>
      </dl>
    </Card>
  );
};
