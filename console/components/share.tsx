import { renderSVG } from 'uqr';
import type { ChannelName } from '../../core/channels/channel-name.ts';
import type { View } from '../context.ts';

interface ShareLink {
  readonly channel: ChannelName;
  readonly url: string;
  /** It opens the conversation only, where the code is typed. */
  readonly codeIsTyped?: true;
}

/** The addresses an invitation's code opens, by messenger; the web chat first. */
function invitationLinks(view: View, code: string): ShareLink[] {
  const links = [...view.deps.adapters.values()].flatMap((adapter): ShareLink[] => {
    const url = adapter.invitationLink(code);
    const { codeIsTyped } = adapter.capabilities;
    return url === null ? [] : [{ channel: adapter.name, url, ...(codeIsTyped && { codeIsTyped }) }];
  });
  const first = links.find((l) => l.channel === 'webchat');
  const chat = first ?? { channel: 'webchat' as const, url: `${view.deps.config.url}/chat?i=${code}` };
  return [chat, ...links.filter((l) => l.channel !== 'webchat')];
}

export const qrSource = (text: string) =>
  `data:image/svg+xml;base64,${Buffer.from(renderSVG(text, { border: 1 })).toString('base64')}`;

/** Each messenger's link with its QR code and a button that copies it. */
export const ShareLinks = ({ view, code }: { view: View; code: string }) => (
  <div class="columns">
    {invitationLinks(view, code).map(({ channel, url, codeIsTyped }) => (
      <div class="share">
        <img
          class="qr"
          src={qrSource(url)}
          width="168"
          height="168"
          alt={view.t('console:share.qr', { channel: view.t(`delivery:channel.${channel}`) })}
        />
        <div class="tight">
          <h3>{view.t(`delivery:channel.${channel}`)}</h3>
          <CopyLine view={view} text={url} id={`copied-${channel}`} />
          {codeIsTyped && (
            <>
              <p class="muted">{view.t('console:share.code')}</p>
              <CopyLine view={view} text={code} id={`copied-code-${channel}`} />
            </>
          )}
        </div>
      </div>
    ))}
  </div>
);

export const CopyLine = ({ view, text, id }: { view: View; text: string; id: string }) => (
  <div class="copy-line">
    <code>{text}</code>
    <button
      type="button"
      class="ds-button script-only"
      data-variant="secondary"
      data-copy={text}
      data-done={view.t('console:share.copied')}
      aria-describedby={id}
    >
      {view.t('console:share.copy')}
    </button>
    <span id={id} role="status" class="muted"></span>
  </div>
);
