import { setTimeout as delay } from 'node:timers/promises';
import type { APIInteractionResponse, APIModalInteractionResponseCallbackData } from 'discord.js';
import { InteractionResponseType, MessageFlags } from 'discord.js';
import type { Aside } from '../../../core/channels/channel-adapter.ts';
import type { Language } from '../../../core/language.ts';
import type { DiscordTexts } from '../commands.ts';
import { acknowledgeWithinMs } from '../limits.ts';
import { escapeMarkdown } from '../markdown.ts';
import type { Interaction } from '../parse.ts';
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
  readonly #link: (code: string) => string | null;
  readonly #recent = new Map<string, Recent>();
  #applicationId: string | null = null;

  /** `link`: where an invitation's code leads. */
  constructor(api: DiscordApi, texts: Texts, link: (code: string) => string | null) {
    this.#api = api;
    this.#texts = texts;
    this.#link = link;
  }

  introduce(applicationId: string): void {
    this.#applicationId = applicationId;
  }

  /** Answers once `taken` resolves; when that takes longer than the platform waits, before: the event is in hand then. */
  async whenTaken(
    interaction: Interaction,
    externalId: string,
    taken: Promise<Aside | undefined>,
  ): Promise<void> {
    const patience = new AbortController();
    const soon = delay(acknowledgeWithinMs, 'late' as const, { signal: patience.signal, ref: false });
    const outcome = await Promise.race([taken.then((aside) => ({ aside })), soon]).catch(() => null);
    patience.abort();
    if (outcome === null) return;
    if (interaction.aside)
      return this.#tell(interaction, externalId, outcome === 'late' ? taken : outcome.aside);
    await this.#answer(interaction, externalId);
  }

  /** Whether the window was opened. */
  openWindow(interaction: Interaction, data: APIModalInteractionResponseCallbackData): Promise<boolean> {
    return this.#respond(interaction, { type: InteractionResponseType.Modal, data });
  }

  /** Nothing can be written to that person: whoever has just asked for it in a server is told there. */
  unreachable(externalId: string): void {
    const recent = this.#recent.get(externalId);
    this.#recent.delete(externalId);
    if (!recent || performance.now() - recent.at > recentMs) return;
    const content = this.#textsFor(recent.interaction)?.openDirectMessages;
    if (content) void this.#original(recent.interaction, 'PATCH', { content });
  }

  /** Tells only that person what came of what they did in a server; a promise is announced now and kept later. */
  async #tell(
    interaction: Interaction,
    externalId: string,
    aside: Aside | undefined | Promise<Aside | undefined>,
  ): Promise<void> {
    const flags = MessageFlags.Ephemeral;
    if (aside instanceof Promise) {
      const type = InteractionResponseType.DeferredChannelMessageWithSource;
      if (!(await this.#respond(interaction, { type, data: { flags } }))) return;
      const said = await aside.catch(() => undefined);
      await (said
        ? this.#original(interaction, 'PATCH', { content: this.#words(said) })
        : this.#original(interaction, 'DELETE'));
    } else if (aside) {
      const data = { content: this.#words(aside), flags, allowed_mentions: { parse: [] } };
      await this.#respond(interaction, { type: InteractionResponseType.ChannelMessageWithSource, data });
    } else await this.#respond(interaction, { type: InteractionResponseType.DeferredMessageUpdate });
    this.#remember(interaction, externalId);
  }

  #words({ text, invitation }: Aside): string {
    const link = invitation === undefined ? null : this.#link(invitation);
    return link === null ? escapeMarkdown(text) : `${escapeMarkdown(text)}\n${link}`;
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
    for (const [key, { at }] of this.#recent) if (performance.now() - at > recentMs) this.#recent.delete(key);
    this.#recent.set(externalId, { interaction, at: performance.now() });
  }

  #textsFor({ locale }: Interaction): DiscordTexts | undefined {
    return this.#texts?.[locale.startsWith('pl') ? 'pl' : 'en'];
  }
}
