import {
  type BarrierMessageView,
  type BarrierStatus,
  barrierStatuses,
} from '../../../core/barriers/barrier.ts';
import { answerBarrier, setBarrierStatus } from '../../../core/barriers/handle.ts';
import { type BarrierWithMessages, findBarrier } from '../../../core/barriers/list.ts';
import { ErrorNote, type FormError, Select, TextArea } from '../../components/fields.tsx';
import { Card } from '../../components/ui.tsx';
import { type App, type Ctx, type StaffView, staffView, type View } from '../../context.ts';
import { setFlash, takeFlash } from '../../flash.ts';
import { Fields, readForm, refusal } from '../../forms.ts';
import { live, Page } from '../../layout/page.tsx';
import { BarrierTag, whoWords } from './inbox.tsx';

/** One report with all that was said: answering it and saying where it stands. */
export function barrierPage(app: App): void {
  app.get('/barriers/:id', async (c) => {
    const view = staffView(c);
    const barrier = await findBarrier(view.deps.core.db, c.req.param('id'));
    return show(c, view, barrier, new Fields(new Map()));
  });
  app.post('/barriers/:id/status', (c) => handle(c, 'statusSet', changeStatus));
  app.post('/barriers/:id/answer', (c) => handle(c, 'answered', answer));
}

type Work = (view: StaffView, id: string, fields: Fields) => Promise<unknown>;

async function handle(c: Ctx, done: string, work: Work): Promise<Response> {
  const view = staffView(c);
  const id = c.req.param('id') ?? '';
  const fields = await readForm(c);
  try {
    await work(view, id, fields);
  } catch (error) {
    const why = refusal(view, error);
    return show(c, view, await findBarrier(view.deps.core.db, id), fields, why);
  }
  setFlash(c, { kind: 'success', key: `console:barrier.${done}` });
  return c.redirect(`/barriers/${id}`, 303);
}

const changeStatus: Work = (view, id, fields) => {
  const note = fields.optional('note');
  const change = { status: fields.text('status') as BarrierStatus, ...(note ? { note } : {}) };
  const revision = fields.revision();
  const { core } = view.deps;
  return core.transaction((unit) => setBarrierStatus(unit, id, change, view.member.id, revision));
};

const answer: Work = (view, id, fields) =>
  view.deps.core.transaction((unit) => answerBarrier(unit, id, fields.text('text'), view.member.id));

function show(
  c: Ctx,
  view: StaffView,
  barrier: BarrierWithMessages,
  fields: Fields,
  error?: FormError,
): Response | Promise<Response> {
  const { t } = view;
  const path = `/barriers/${barrier.id}`;
  return c.html(
    <Page
      view={view}
      title={t('console:barrier.title', { number: barrier.number })}
      flash={takeFlash(c)}
      topics={['inbox']}
      back={{ href: '/inbox', label: t('console:nav.inbox') }}
    >
      <ErrorNote error={error} />
      <div class="side">
        <div class="stack">
          <Card {...live('talk', path)}>
            <Facts view={view} barrier={barrier} />
            <Talk view={view} barrier={barrier} />
          </Card>
          <Card title={t('console:barrier.answer')}>
            <form method="post" action={`${path}/answer`} class="form" novalidate>
              <TextArea
                name="text"
                label={t('console:replies.yourAnswer')}
                hint={t('console:barrier.answerHint')}
                value={fields.text('text')}
                error={error}
              />
              <div>
                <button type="submit" class="ds-button">
                  {t('console:replies.send')}
                </button>
              </div>
            </form>
          </Card>
        </div>
        <Card title={t('console:barrier.status')}>
          <form method="post" action={`${path}/status`} class="form" novalidate>
            <input type="hidden" name="revision" value={String(barrier.revision)} />
            <Select
              name="status"
              label={t('console:barrier.status')}
              quiet
              value={fields.text('status') || barrier.status}
              options={barrierStatuses.map((s) => ({ value: s, label: t(`barriers:status.${s}`) }))}
              error={error}
            />
            <TextArea
              name="note"
              label={t('console:barrier.note')}
              hint={t('console:barrier.noteHint')}
              value={fields.text('note')}
              rows={3}
              error={error}
            />
            <div>
              <button type="submit" class="ds-button" data-variant="secondary">
                {t('console:barrier.setStatus')}
              </button>
            </div>
          </form>
        </Card>
      </div>
    </Page>,
    error ? 422 : 200,
  );
}

const Facts = ({ view, barrier }: { view: View; barrier: BarrierWithMessages }) => (
  <div class="meta">
    <BarrierTag view={view} status={barrier.status} />
    <span>{view.t(`barriers:kind.${barrier.kind}`)}</span>
    <span>{view.t(`barriers:visibility.${barrier.visibility}`)}</span>
  </div>
);

const Talk = ({ view, barrier }: { view: View; barrier: BarrierWithMessages }) => (
  <ol class="talk">
    <li class="said">
      <p class="meta">
        {barrier.reporter ? (
          <a href={`/members/${barrier.reporter.id}`}>{whoWords(view, barrier)}</a>
        ) : (
          <span>{whoWords(view, barrier)}</span>
        )}
        <time>{view.formats.short(barrier.createdAt)}</time>
      </p>
      <p class="prose" lang={barrier.language}>
        {barrier.text}
      </p>
    </li>
    {barrier.messages.map((message) => (
      <Said view={view} message={message} who={whoWords(view, barrier)} />
    ))}
  </ol>
);

const Said = ({ view, message, who }: { view: View; message: BarrierMessageView; who: string }) => (
  <li class={message.from === 'staff' ? 'said ours' : 'said'}>
    <p class="meta">
      <span>
        {message.from === 'staff' ? (message.author?.name ?? view.t('console:replies.staff')) : who}
      </span>
      <time>{view.formats.short(message.at)}</time>
      {message.status && <BarrierTag view={view} status={message.status} />}
    </p>
    {message.text && <p class="prose">{message.text}</p>}
  </li>
);
