import { channelNames } from '../../core/channels/channel-name.ts';
import { channelTitle } from '../channel-title.ts';
import type { View } from '../context.ts';
import { DiscordLook } from './looks/discord.tsx';
import type { Shown } from './looks/look.ts';
import { SlackLook } from './looks/slack.tsx';
import { TelegramLook } from './looks/telegram.tsx';
import { WebchatLook } from './looks/webchat.tsx';

const looks = {
  webchat: WebchatLook,
  telegram: TelegramLook,
  slack: SlackLook,
  discord: DiscordLook,
} as const;

/** The field that chooses the messenger looked at; of no meaning to the server. */
export const lookField = 'look';

/** The message in every language, side by side, as the chosen messenger shows it. */
export const Previews = ({
  view,
  messages,
}: {
  view: View;
  messages: readonly { readonly language: string; readonly blocks: readonly Shown[] }[];
}) => (
  <div class="looks">
    <fieldset class="look-tabs">
      <legend>{view.t('console:compose.lookOf')}</legend>
      {channelNames.map((channel, index) => (
        <label>
          <input type="radio" name={lookField} value={channel} checked={index === 0} />
          {channelTitle(view, channel)}
        </label>
      ))}
    </fieldset>
    {channelNames.map((channel) => {
      const Look = looks[channel];
      return (
        <div class="previews" data-look={channel}>
          {messages.map(({ language, blocks }) => (
            <div class="preview-cell">
              <h3>
                {channelTitle(view, channel)} · {view.t(`common:language.${language}`)}
              </h3>
              <Look view={view} blocks={blocks} lang={language} />
            </div>
          ))}
        </div>
      );
    })}
  </div>
);
