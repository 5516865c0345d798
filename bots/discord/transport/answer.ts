import { setTimeout as delay } from 'node:timers/promises';
import type { APIInteractionResponse, APIModalInteractionResponseCallbackData } from 'discord.js';
import { ButtonStyle, ComponentType, InteractionResponseType, MessageFlags } from 'discord.js';
import type { Language } from '../../../core/language.ts';
import type { DiscordTexts } from '../commands.ts';
import { acknowledgeWithinMs } from '../limits.ts';
import { type Interaction, joinData } from '../parse.ts';
import type { DiscordApi } from './api.ts';

type Texts = { readonly [L in Language]: DiscordTexts } | undefined;

/** A person's interaction in a server, answered a moment ago: whether their direct messages are open shows later. */
interface Recent {
  readonly interaction: Interaction;
  readonly at: number;
}
const recentMs = 60_000;

/** Answers interactions. Never rejects: an answer that came too late or is lost harms nothing that was taken. */
export class Answerer {
  readonly #api: DiscordApi;
  readonly #texts: Texts;
  readonly #recent = new Map<string, Recent>();
  #applicationId: string | null = null;

  constructor(api: DiscordApi, texts: Texts) {
    this.#api = api;
    this.#texts = texts;
  }

  introduce(applicationId: string): void {
    this.#applicationId = applicationId;
  }

  /** Answers once `taken` resolves; when that takes longer than the platform waits, before: the event is in hand then. */
  async whenTaken(interaction: Interaction, externalId: string, taken: Promise<void>): Promise<void> {
    const patience = new AbortController();
    const soon = delay(acknowledgeWithinMs, true, { signal: patience.signal, ref: false }).catch(() => true);
    const answered = await Promise.race([taken.then(() => true), soon]).catch(() => false);
    patience.abort();
    if (!answered) return;
    await this.#answer(interaction, externalId);
  }

  /** Whether the window was opened. */
  openWindow(interaction: Interaction, data: APIModalInteractionResponseCallbackData): Promise<boolean> {
    return this.#respond(interaction, { type: InteractionResponseType.Modal, data });
  }

  /** Posts the message with the Join button where it was asked for. */
  async setUp(interaction: Interaction): Promise<void> {
    const texts = this.#textsFor(interaction);
    if (!texts) return;
    await this.#respond(interaction, {
      type: InteractionResponseType.ChannelMessageWithSource,
      data: {
        content: texts.invitation,
        allowed_mentions: { parse: [] },
        components: [
          {
            type: ComponentType.ActionRow,
            components: [
              {
                type: ComponentType.Button,
                style: ButtonStyle.Primary,
                label: texts.join,
                custom_id: joinData,
              },
            ],
          },
        ],
      },
    });
  }

  /** Nothing can be written to that person: whoever has just asked for it in a server is told there. */
  unreachable(externalId: string): void {
    const recent = this.#recent.get(externalId);
    this.#recent.delete(externalId);
    if (!recent || Date.now() - recent.at > recentMs) return;
    const content = this.#textsFor(recent.interaction)?.openDirectMessages;
    if (content) void this.#original(recent.interaction, 'PATCH', { content });
  }

  async #answer(interaction: Interaction, externalId: string): Promise<void> {
    const { kind, inServer } = interaction;
    if (kind === 'component') {
      await this.#respond(interaction, { type: InteractionResponseType.DeferredMessageUpdate });
      return;
    }
    const content = inServer ? this.#textsFor(interaction)?.seeDirectMessages : undefined;
    if (content) {
      this.#remember(interaction, externalId);
      await this.#respond(interaction, {
        type: InteractionResponseType.ChannelMessageWithSource,
        data: { content, flags: MessageFlags.Ephemeral, allowed_mentions: { parse: [] } },
      });
      return;
    }
    // A command has to be answered with a message of its own; the conversation's own messages are the answer.
    const data = { flags: MessageFlags.Ephemeral } as const;
    const deferred = { type: InteractionResponseType.DeferredChannelMessageWithSource, data } as const;
    if (await this.#respond(interaction, deferred)) await this.#original(interaction, 'DELETE');
  }

  async #respond({ id, token }: Interaction, body: APIInteractionResponse): Promise<boolean> {
    const path = `/interactions/${id}/${token}/callback` as const;
    return this.#quietly(() => this.#api.call('POST', path, { body, withoutToken: true }));
  }

  async #original({ token }: Interaction, method: 'PATCH' | 'DELETE', body?: object): Promise<void> {
    const path = `/webhooks/${this.#applicationId}/${token}/messages/@original` as const;
    await this.#quietly(() =>
      this.#api.call(method, path, { withoutToken: true, ...(body ? { body } : {}) }),
    );
  }

  async #quietly(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch {
      return false;
    }
  }

  #remember(interaction: Interaction, externalId: string): void {
    for (const [key, { at }] of this.#recent) if (Date.now() - at > recentMs) this.#recent.delete(key);
    this.#recent.set(externalId, { interaction, at: Date.now() });
  }

  #textsFor({ locale }: Interaction): DiscordTexts | undefined {
    return this.#texts?.[locale.startsWith('pl') ? 'pl' : 'en'];
  }
}
