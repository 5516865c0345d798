import { addAttachment, describeProblem, previewAnnouncement } from '../../../core/announcements/index.ts';
import type { DomainError } from '../../../core/domain-error.ts';
import { type GroupView, listGroups } from '../../../core/groups/group.ts';
import { defaultReminders, type Reminders } from '../../../core/reminders.ts';
import { findAttachmentInfo } from '../../../core/store/attachments.ts';
import { audienceOptions, audienceWords, readAudience } from '../../audience-form.ts';
import { ErrorNote, type FormError, Hidden } from '../../components/fields.tsx';
import { HeldBack } from '../../components/held-back.tsx';
import { lookField, Previews } from '../../components/message.tsx';
import { besideTick, ParityCard } from '../../components/parity-card.tsx';
import { QuietNote } from '../../components/quiet-note.tsx';
import { SendButton } from '../../components/send-button.tsx';
import { Card } from '../../components/ui.tsx';
import { type App, type Ctx, type StaffView, staffView, type View } from '../../context.ts';
import { Fields, readForm, refusal } from '../../forms.ts';
import { Page } from '../../layout/page.tsx';
import { Reach } from '../audience-reach.tsx';
import { groupName } from '../messengers/groups-card.tsx';
import { atItsField, readDraft } from './draft.ts';
import { AnnouncementForm, type AttachmentInfo } from './form.tsx';

/** Writing an announcement: the form, its preview, and back to the form with everything kept. */
export function composePages(app: App): void {
  app.get('/announcements/new', (c) => showForm(c, staffView(c), freshFields(c), null));
  app.post('/announcements/edit', async (c) => {
    const view = staffView(c);
    const fields = await readForm(c);
    return showForm(c, view, fields, await keptAttachment(view, fields));
  });
  app.post('/announcements/preview', preview);
}

async function preview(c: Ctx): Promise<Response> {
  return showPreviewOf(c, staffView(c), await readForm(c));
}

/** The preview once more, saying why it was not sent; the form when that is where the fault lies. */
export function previewAgain(c: Ctx, view: StaffView, fields: Fields, error: DomainError): Promise<Response> {
  return showPreviewOf(c, view, fields, besideTick(view, error));
}

async function showPreviewOf(c: Ctx, view: StaffView, fields: Fields, why?: FormError): Promise<Response> {
  let attachment: AttachmentInfo | null = null;
  try {
    attachment = await takeAttachment(view, fields);
    return await showPreview(c, view, fields, attachment, why);
  } catch (error) {
    const kept = attachment ?? (await keptAttachment(view, fields));
    return showForm(c, view, fields, kept, atItsField(view, refusal(view, error)));
  }
}

/** What a new announcement begins with: confirmation asked, two reminders, replies welcome. */
function freshFields(c: Ctx): Fields {
  const given: [string, string[]][] = [
    ['confirm', ['on']],
    ['replies', ['on']],
    ['reminderCount', [String(defaultReminders.count)]],
    ['reminderEvery', [String(defaultReminders.everyHours)]],
    ['audience.companies', c.req.queries('company') ?? []],
  ];
  return new Fields(new Map(given));
}

/** The file just chosen, kept; else the one kept before, unless it was dropped. */
async function takeAttachment(view: StaffView, fields: Fields): Promise<AttachmentInfo | null> {
  const { core } = view.deps;
  const file = fields.file('attachment');
  if (!file) return keptAttachment(view, fields);
  const data = new Uint8Array(await file.arrayBuffer());
  const id = await core.transaction((unit) =>
    addAttachment(unit, { fileName: file.name, contentType: file.type, data }),
  );
  return (await findAttachmentInfo(core.db, id)) ?? null;
}

async function keptAttachment(view: StaffView, fields: Fields): Promise<AttachmentInfo | null> {
  const id = fields.optional('attachmentId');
  if (id === null || fields.checked('dropAttachment')) return null;
  return (await findAttachmentInfo(view.deps.core.db, id)) ?? null;
}

async function showForm(
  c: Ctx,
  view: StaffView,
  fields: Fields,
  attachment: AttachmentInfo | null,
  error?: FormError,
): Promise<Response> {
  const options = await audienceOptions(view.deps.core.db, view);
  const groups = await openGroups(view);
  return c.html(
    <Page
      view={view}
      title={view.t('console:compose.newTitle')}
      back={{ href: '/announcements', label: view.t('console:nav.announcements') }}
    >
      <AnnouncementForm
        view={view}
        options={options}
        fields={fields}
        attachment={attachment}
        groups={groups}
        error={error ?? null}
      />
    </Page>,
    error ? 422 : 200,
  );
}

/** Those something can be posted in now, on messengers that are on. */
async function openGroups({ deps }: StaffView): Promise<GroupView[]> {
  const all = await listGroups(deps.core.db);
  return all.filter((group) => group.open && deps.adapters.has(group.channel));
}

async function showPreview(
  c: Ctx,
  view: StaffView,
  fields: Fields,
  attachment: AttachmentInfo | null,
  error?: FormError,
): Promise<Response> {
  const { t, formats, deps } = view;
  const { db, texts, ids } = deps.core;
  const draft = readDraft(view, fields, attachment?.id ?? null);
  const unit = { db, texts, now: view.now, channels: [...deps.adapters.keys()] };
  const { messages, reach, problems, sendAt } = await previewAnnouncement(unit, draft);
  const audience = await audienceWords(db, view, readAudience(fields));
  const chosen = (await openGroups(view)).filter((group) => draft.groups?.includes(group.id));
  const kept = fields
    .entries()
    .filter(
      ([name]) => !['attachmentId', 'dropAttachment', 'overrideParity', 'once', lookField].includes(name),
    );
  return c.html(
    <Page
      view={view}
      title={t('console:compose.previewTitle')}
      lead={t('console:compose.previewLead')}
      back={{ href: '/announcements', label: t('console:nav.announcements') }}
    >
      <form method="post" action="/announcements" class="stack">
        <ErrorNote error={error} />
        <Hidden entries={kept} />
        {attachment && <input type="hidden" name="attachmentId" value={attachment.id} />}
        <input type="hidden" name="once" value={ids.token()} />
        <Card title={t('console:compose.goesTo')}>
          <Reach view={view} reach={reach} />
          <HeldBack view={view} reach={reach} />
          <QuietNote view={view} at={sendAt} urgent={draft.urgent ?? false} />
          <dl class="pairs">
            <dt>{t('console:audience.title')}</dt>
            <dd>{audience ?? t('console:audience.everyone')}</dd>
            {chosen.length > 0 && (
              <>
                <dt>{t('groups:compose.title')}</dt>
                <dd>{chosen.map(groupName).join(', ')}</dd>
              </>
            )}
            <dt>{t('console:compose.when')}</dt>
            <dd>{draft.sendAt ? formats.moment(sendAt) : t('console:compose.now')}</dd>
            <dt>{t('console:compose.reminders')}</dt>
            <dd>{remindersWords(view, draft.reminders)}</dd>
          </dl>
        </Card>
        <ParityCard view={view} problems={problems.map(describeProblem)} />
        <Card title={t('console:compose.looks')}>
          <Previews view={view} messages={messages} />
        </Card>
        <div class="submit-bar">
          <SendButton
            view={view}
            reach={reach}
            later={draft.sendAt !== undefined}
            elsewhere={chosen.length > 0}
          />
          <button type="submit" class="ds-button" data-variant="secondary" formaction="/announcements/edit">
            {t('console:compose.change')}
          </button>
        </div>
      </form>
    </Page>,
    error ? 422 : 200,
  );
}

export function remindersWords(view: View, reminders: Reminders | undefined): string {
  if (!reminders || reminders.count === 0) return view.t('console:compose.noReminders');
  const { count, everyHours } = reminders;
  const every =
    everyHours % 24 === 0
      ? view.t('console:count.days', { count: everyHours / 24 })
      : view.t('console:count.hours', { count: everyHours });
  return view.t('console:compose.remindersWords', {
    reminders: view.t('console:count.reminders', { count }),
    every,
  });
}
