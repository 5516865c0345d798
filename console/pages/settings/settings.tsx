import { backupState } from '../../../core/backups/state.ts';
import { isLanguage, type Language } from '../../../core/language.ts';
import { listBranches } from '../../../core/network/branches.ts';
import { networkSettings, updateNetwork } from '../../../core/network/settings.ts';
import { listApiTokens } from '../../../core/store/api-tokens.ts';
import { demoLoaded } from '../../../core/store/demo.ts';
import { findNetworkInvitation } from '../../../core/store/invitations.ts';
import { administratorView } from '../../access.ts';
import type { FormError } from '../../components/fields.tsx';
import { ShareLinks } from '../../components/share.tsx';
import { ActionButton, Card } from '../../components/ui.tsx';
import type { App, Ctx, StaffView } from '../../context.ts';
import { setFlash, takeFlash } from '../../flash.ts';
import { type Fields, readForm, refusal } from '../../forms.ts';
import { Page } from '../../layout/page.tsx';
import { Backups } from './backups.tsx';
import { Branches } from './branches.tsx';
import { NetworkForm, standingNetwork } from './network-form.tsx';
import { Tokens } from './tokens.tsx';

/** The network's own settings, for administrators. */
export function settingsPage(app: App): void {
  app.get('/settings', (c) => showSettings(c, administratorView(c)));
  app.post('/settings', async (c) => {
    const view = administratorView(c);
    const fields = await readForm(c);
    try {
      const revision = fields.revision();
      const { core } = view.deps;
      await core.transaction((unit) => updateNetwork(unit, readNetwork(fields), revision));
    } catch (error) {
      const saved = standingNetwork(await networkSettings(view.deps.core.db)).values();
      return showSettings(c, view, { fields, error: refusal(view, error, saved) });
    }
    setFlash(c, { kind: 'success', key: 'console:people.saved' });
    return c.redirect('/settings', 303);
  });
}

function readNetwork(fields: Fields) {
  const chosen = fields.all('languages').filter(isLanguage);
  const first = fields.text('firstLanguage');
  const languages: Language[] = chosen.sort((a, b) => Number(b === first) - Number(a === first));
  return {
    name: fields.text('name'),
    languages,
    timeZone: fields.text('timeZone'),
    quietFrom: fields.optional('quietFrom'),
    quietTo: fields.optional('quietTo'),
    joining: fields.text('joining') === 'open' ? 'open' : 'invited',
    smallestGroup: Number(fields.text('smallestGroup')),
    contact: fields.optional('contact'),
  } as const;
}

export interface Shown {
  readonly fields?: Fields;
  readonly error?: FormError;
  /** A token just made, shown once. */
  readonly token?: string;
}

export async function showSettings(c: Ctx, view: StaffView, shown: Shown = {}): Promise<Response> {
  const { t } = view;
  const { db } = view.deps.core;
  const branches = await listBranches(db, { archived: true });
  const invitation = await findNetworkInvitation(db);
  const tokens = await listApiTokens(db);
  const demo = await demoLoaded(db);
  const backups = await backupState(db, view.now);
  return c.html(
    <Page view={view} title={t('console:nav.settings')} flash={takeFlash(c)} topics={['backups']}>
      <Card title={t('console:settings.network')}>
        <NetworkForm
          view={view}
          fields={shown.fields ?? standingNetwork(view.network)}
          error={shown.error ?? null}
        />
      </Card>
      <Card title={t('console:settings.openLink')} id="open-link">
        <p class="muted">{t(`console:settings.openLinkHint.${view.network.joining}`)}</p>
        {invitation && (
          <>
            <ShareLinks view={view} code={invitation.code} />
            <div>
              <ActionButton
                action="/settings/open-link"
                fields={{ id: invitation.id }}
                confirm={t('console:settings.replaceSure')}
              >
                {t('console:settings.replaceLink')}
              </ActionButton>
            </div>
          </>
        )}
      </Card>
      <Branches view={view} branches={branches} />
      <Backups view={view} state={backups} />
      <Tokens view={view} tokens={tokens} made={shown.token} />
      <Card title={t('console:demo.title')} id="demo">
        <p class="muted">{t(`console:demo.${demo ? 'isLoaded' : 'notLoaded'}`)}</p>
        <div>
          {demo ? (
            <ActionButton action="/demo/remove" color="danger" confirm={t('console:demo.removeSure')}>
              {t('console:demo.remove')}
            </ActionButton>
          ) : (
            <ActionButton action="/demo/load">{t('console:demo.load')}</ActionButton>
          )}
        </div>
      </Card>
    </Page>,
    shown.error ? 422 : 200,
  );
}
