import { type AudienceReach, audienceReach } from '../../core/audiences/reach.ts';
import { reasonText } from '../../core/deliveries/reason.ts';
import { readAudience } from '../audience-form.ts';
import { type App, staffView, type View } from '../context.ts';
import { readForm } from '../forms.ts';

/** How many people the audience ticked in a form means right now. */
export function audienceReachPart(app: App): void {
  app.post('/audience/reach', async (c) => {
    const view = staffView(c);
    const { core, adapters } = view.deps;
    const reach = await audienceReach(core.db, readAudience(await readForm(c)), [...adapters.keys()]);
    return c.html(<Reach view={view} reach={reach} />);
  });
}

/** "62 osoby z 41 firm", how many of them it reaches, and who of them cannot be written to, and why. */
export const Reach = ({ view, reach }: { view: View; reach: AudienceReach }) => {
  const { t } = view;
  const reasons = Object.entries(reach.unreachable).filter(([, count]) => count > 0);
  return (
    <div class="reach">
      <strong>
        {reach.reachable === reach.people
          ? t('console:count.people', { count: reach.people })
          : t('console:audience.reaches', {
              count: reach.people,
              part: view.formats.number(reach.reachable),
            })}
        {reach.companies > 0 && ` ${t('console:audience.fromCompanies', { count: reach.companies })}`}
      </strong>
      {reasons.length > 0 && (
        <span>
          {t('console:audience.unreachable')}{' '}
          {reasons
            .map(([reason, count]) => `${view.words(reasonText('unreachable', reason))} – ${count}`)
            .join(', ')}
        </span>
      )}
      {reach.reachable === 0 && <span>{t('announcements:errors.nobody')}</span>}
    </div>
  );
};
