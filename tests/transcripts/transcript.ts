import { expect } from 'vitest';
import type { InboundEvent } from '../../core/channels/inbound-event.ts';
import type { OutboundMessage } from '../../core/channels/outbound-message.ts';
import { type Taken, takeEvent } from '../../core/inbox.ts';
import type { TestCore } from '../support/test-core.ts';
import { inLanguageOf } from './words.ts';

type OneOf<T> = T extends unknown ? Omit<T, 'channel' | 'externalId' | 'externalEventId'> : never;
export type Doing = OneOf<InboundEvent>;

/**
 * What a person does: "/name args" is a command, "[Label]" presses the newest button with these words, anything else is
 * written. `reply` answers the message that contains `to`; `old` presses a button as it once was, though it is gone by now;
 * `fill` writes into the field a button opens where there are fields.
 */
export type Says =
  | string
  | { readonly reply: string; readonly to: string }
  | { readonly pick: readonly string[] }
  | { readonly fill: string; readonly words: string }
  | { readonly old: string }
  | Doing;

/** Everything that must be read in the answer (new and edited messages together), and with `not` what must not. */
export type Gets = string | readonly (string | { readonly not: string })[];

export interface PersonOptions {
  readonly channel?: 'webchat' | 'telegram';
  readonly languageHint?: string;
  readonly displayName?: string;
}

let people = 0;

/** Somebody at a messenger, over the real core. */
export class Person {
  readonly #test: TestCore;
  readonly #options: PersonOptions;
  readonly externalId: string;
  /** Every message in every form it was shown in, newest last. */
  readonly #seen: { id: string; message: OutboundMessage }[] = [];
  #events = 0;

  constructor(test: TestCore, options: PersonOptions = {}) {
    people += 1;
    this.#test = test;
    this.#options = options;
    this.externalId = `person-${people}`;
  }

  get channel() {
    return this.#test.channels[this.#options.channel ?? 'telegram'];
  }

  /** Plays the conversation: after each thing said, the answer must contain what is expected. */
  async verify(lines: readonly (readonly [Says, Gets])[]): Promise<void> {
    for (const [says, gets] of lines) {
      const answer = await this.does(says);
      for (const wanted of typeof gets === 'string' ? [gets] : gets) {
        if (typeof wanted === 'string') expect(answer, `after ${JSON.stringify(says)}`).toContain(wanted);
        else expect(answer, `after ${JSON.stringify(says)}`).not.toContain(wanted.not);
      }
    }
  }

  /** Does it and returns everything that came of it, as text. */
  async does(says: Says): Promise<string> {
    await this.take(this.#doing(says));
    await this.#test.settle();
    return this.news();
  }

  /** Hands the event over without sending what comes of it. */
  take(doing: Doing, externalEventId?: string): Promise<Taken> {
    return takeEvent(this.#test.core, this.event(doing, externalEventId));
  }

  event(doing: Doing, externalEventId?: string): InboundEvent {
    this.#events += 1;
    return {
      ...doing,
      channel: this.channel.name,
      externalId: this.externalId,
      externalEventId: externalEventId ?? `${this.externalId}-${this.#events}`,
      ...(this.#options.languageHint ? { languageHint: this.#options.languageHint } : {}),
      ...(this.#options.displayName ? { displayName: this.#options.displayName } : {}),
    } as InboundEvent;
  }

  /** What is new or changed on this person's screen since the last time. */
  news(): string {
    const fresh: string[] = [];
    for (const { externalId, externalMessageId, message } of this.channel.sent) {
      const known = this.#seen.some((s) => s.id === externalMessageId && s.message === message);
      if (externalId !== this.externalId || known) continue;
      this.#seen.push({ id: externalMessageId, message });
      fresh.push(inLanguageOf(message));
    }
    return fresh.join('\n');
  }

  /** The messages on this person's screen as they stand. */
  screen(): string {
    return this.channel.to(this.externalId).map(inLanguageOf).join('\n');
  }

  /** The action event of the newest button with these words; `gone` looks among those that are no longer shown. */
  press(labels: readonly string[], gone = false): Extract<Doing, { type: 'action' }> {
    const shown = gone ? this.#seen.map((s) => s.message) : this.channel.to(this.externalId);
    for (const message of [...shown].reverse()) {
      for (const block of message.blocks) {
        if (block.type === 'actions') {
          const action = block.actions.find((a) => a.kind === 'press' && plain(a.label) === labels[0]);
          if (action?.kind === 'press')
            return { type: 'action', token: message.token, id: action.id, values: [] };
        }
        if (block.type === 'choice') {
          const values = block.options.filter((o) => labels.includes(plain(o.label))).map((o) => o.value);
          if (values.length === labels.length)
            return { type: 'action', token: message.token, id: block.id, values };
        }
      }
    }
    throw new Error(`nobody shows ${labels.join(', ')} to ${this.externalId}:\n${this.screen()}`);
  }

  #doing(says: Says): Doing {
    if (typeof says !== 'string') {
      if ('reply' in says) return { type: 'text', text: says.reply, replyTo: this.#messageWith(says.to) };
      if ('fill' in says) {
        const { token, id } = this.press([says.fill]);
        return { type: 'text', text: says.words, field: { token, id } };
      }
      if ('pick' in says) return this.press(says.pick);
      return 'old' in says ? this.press([says.old], true) : says;
    }
    const [, label] = /^\[(.+)\]$/s.exec(says) ?? [];
    if (label !== undefined) return this.press([label]);
    const [, name, args] = /^\/(\S+)\s*(.*)$/s.exec(says) ?? [];
    return name === undefined ? { type: 'text', text: says } : { type: 'command', name, args: args ?? '' };
  }

  #messageWith(words: string): string {
    const found = this.#seen.findLast(({ message }) => inLanguageOf(message).includes(words));
    if (!found) throw new Error(`no message with "${words}"`);
    return found.id;
  }
}

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
