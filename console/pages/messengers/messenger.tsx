import { missing } from '../../access.ts';
import { channelTitle } from '../../channel-title.ts';
import { type App, type Ctx, type StaffView, staffView } from '../../context.ts';
import { takeFlash } from '../../flash.ts';
import { Page } from '../../layout/page.tsx';
import { GroupsCard } from './groups-card.tsx';
import { Guide } from './guide.tsx';
import { manifestsOf } from './manifest.ts';
import { OwnCard, OwnCode } from './own-card.tsx';
import { StateCard } from './state-card.tsx';
import { type Messenger, messengers, ownOf } from './states.ts';

/** One messenger: its state, trying it oneself, and how it is connected. */
export function messengerPage(app: App): void {
  app.get('/messengers/:channel', (c) => showMessenger(c, staffView(c), null));
  app.get('/messengers/:channel/:file{manifest(-[a-z]+)?\\.yaml}', async (c) => {
    const view = staffView(c);
    const { channel } = await named(view, c.req.param('channel'));
    const manifest = manifestsOf(channel, view.deps.config.url).find((m) => m.name === c.req.param('file'));
    return manifest ? c.body(manifest.text, 200, { 'Content-Type': 'text/yaml; charset=utf-8' }) : missing();
  });
}

/** The messenger of this name as it is now; there is no page for any other. */
export async function named(view: StaffView, name: string | undefined): Promise<Messenger> {
  return (await messengers(view)).find((m) => m.channel === name) ?? missing();
}

/** `code`: just made, for connecting the person's own account; shown once, in no address. */
export async function showMessenger(c: Ctx, view: StaffView, code: string | null): Promise<Response> {
  const { t } = view;
  const messenger = await named(view, c.req.param('channel'));
  const { channel } = messenger;
  return c.html(
    <Page
      view={view}
      title={channelTitle(view, channel)}
      back={{ href: '/messengers', label: t('console:nav.messengers') }}
      flash={takeFlash(c)}
      topics={['messengers', 'members']}
    >
      {code !== null && <OwnCode view={view} messenger={messenger} code={code} />}
      <div class="columns">
        <StateCard view={view} messenger={messenger} href={`/messengers/${channel}`} />
        {messenger.adapter && <OwnCard view={view} messenger={messenger} own={await ownOf(view, channel)} />}
      </div>
      <GroupsCard view={view} messenger={messenger} />
      <Guide view={view} channel={channel} />
    </Page>,
  );
}
