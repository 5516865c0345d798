import type { Hono } from 'hono';
import { networkSettings } from '../../core/network/settings.ts';
import type { Core } from '../../core/unit.ts';
import type { WebchatHub } from '../../runtime/webchat-hub.ts';
import { chatRoutes } from './routes.tsx';

/** What of the running program the chat is made of; Runtime satisfies it. */
export interface ChatRuntime {
  readonly core: Core;
  readonly config: { readonly url: string; readonly secret: string };
  readonly webchat: WebchatHub;
  readonly log: { error(details: object, message: string): void };
}

/** The web chat of the running program, to be mounted at the root. */
export function chatOf({ core, config, webchat, log }: ChatRuntime): Hono {
  return chatRoutes({
    hub: webchat,
    texts: core.texts,
    clock: core.clock,
    ids: core.ids,
    secret: config.secret,
    secureCookies: config.url.startsWith('https:'),
    publicUrl: config.url,
    network: async () => {
      const { name, timeZone, languages } = await networkSettings(core.db);
      return { name, timeZone, language: languages[0] ?? 'pl' };
    },
    log,
  });
}
