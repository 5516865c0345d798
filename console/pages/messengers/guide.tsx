import type { ChannelName } from '../../../core/channels/channel-name.ts';
import { CopyLine } from '../../components/share.tsx';
import { Card, LinkButton } from '../../components/ui.tsx';
import type { StaffView } from '../../context.ts';
import { Picture } from './drawing.tsx';
import { guides, type Step } from './guides.ts';
import { manifestsOf } from './manifest.ts';

/** Connecting a messenger step by step, for somebody who has never seen a developer's page. */
export const Guide = ({ view, channel }: { view: StaffView; channel: ChannelName }) => (
  <Card title={view.t('messengers:guide.title')} id="guide">
    <ol class="steps">
      {guides[channel].map((step) => (
        <li>
          <StepBody view={view} channel={channel} step={step} />
        </li>
      ))}
    </ol>
  </Card>
);

const StepBody = ({ view, channel, step }: { view: StaffView; channel: ChannelName; step: Step }) => {
  const { t } = view;
  const words = (part: 'title' | 'text') => t(`messengers:guide.${channel}.${step.id}.${part}`);
  return (
    <div class={step.drawing ? 'step step-drawn' : 'step'}>
      <div class="tight">
        <h3>{words('title')}</h3>
        <p>{words('text')}</p>
        {step.link && (
          <div>
            <LinkButton href={step.link} variant="secondary" rel="noreferrer">
              {step.link.startsWith('/') ? t('messengers:guide.open') : new URL(step.link).host}
            </LinkButton>
          </div>
        )}
        {step.copy?.map((line, n) => (
          <CopyLine view={view} text={line} id={`copied-${step.id}-${n}`} />
        ))}
        {step.manifest && <Manifest view={view} channel={channel} />}
      </div>
      {step.drawing && <Picture drawing={step.drawing} />}
    </div>
  );
};

const Manifest = ({ view, channel }: { view: StaffView; channel: ChannelName }) => {
  const { t, deps } = view;
  const [first, ...others] = manifestsOf(channel, deps.config.url);
  if (!first) return null;
  return (
    <>
      <section class="manifest" tabindex={0} aria-label={t('messengers:guide.manifest')}>
        <pre>{first.text}</pre>
      </section>
      <div class="actions">
        <button
          type="button"
          class="ds-button script-only"
          data-variant="secondary"
          data-copy={first.text}
          data-done={t('console:share.copied')}
          aria-describedby="copied-manifest"
        >
          {t('messengers:guide.copyManifest')}
        </button>
        <LinkButton href={`/messengers/${channel}/${first.name}`} icon="download" variant="tertiary">
          {first.name}
        </LinkButton>
        <span id="copied-manifest" role="status" class="muted"></span>
      </div>
      {others.map(({ name }) => (
        <p class="muted">
          {t('messengers:guide.otherManifest')} <a href={`/messengers/${channel}/${name}`}>{name}</a>
        </p>
      ))}
    </>
  );
};
