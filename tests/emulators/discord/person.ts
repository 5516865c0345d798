import type { APIButtonComponent, APIMessage, APIStringSelectComponent } from 'discord-api-types/v10';
import { shownText } from './markdown.ts';
import type { Account, Asked, Platform } from './platform.ts';

type Component = APIButtonComponent | APIStringSelectComponent;

/** A person with the app in their hand. */
export class Person {
  readonly account: Account;
  readonly #platform: Platform;

  constructor(platform: Platform, account: Account) {
    this.#platform = platform;
    this.account = account;
  }

  get id(): string {
    return this.account.user.id;
  }

  /** Writes; answering `replyTo`, a message's id, when given. */
  say(text: string, replyTo?: string): APIMessage {
    const answered = this.account.messages.find((m) => m.id === replyTo);
    const reply = answered
      ? {
          type: 19 as const,
          message_reference: { type: 0, message_id: answered.id, channel_id: this.account.channelId },
          referenced_message: answered,
        }
      : {};
    return this.#platform.receive(this.account, text, reply);
  }

  /** Sends something that is not words, as the platform's JSON: `{ sticker_items: […] }`. */
  sendOther(more: Partial<APIMessage>): APIMessage {
    return this.#platform.receive(this.account, '', more);
  }

  /** Chooses a slash command from the list, by its first name; `written` goes into its one field. */
  slash(name: string, written = '', inServer = false): Asked {
    const offered = this.#platform.commands.find((command) => command.name === name);
    if (!offered) throw new Error(`the app offers no /${name}`);
    const [field] = offered.options ?? [];
    if (written && !field) throw new Error(`nothing can be written after /${name}`);
    const options = written && field ? [{ type: field.type, name: field.name, value: written }] : [];
    const data = { id: this.#platform.snowflakes.next(), name, type: 1, options };
    return this.#platform.ask(this.account, inServer, { type: 2, data });
  }

  /** Presses the button labelled so, or picks that option alone, on the newest message that has it. */
  press(label: string): Asked {
    for (const message of this.shown().toReversed()) {
      for (const component of componentsOf(message)) {
        if (component.type === 2 && 'custom_id' in component && component.label === label)
          return this.pressData(component.custom_id, message);
        if (component.type !== 3) continue;
        const option = component.options.find((o) => o.label === label);
        if (option) return this.select(component, [option.value], message);
      }
    }
    throw new Error(`no button "${label}" is shown`);
  }

  /** Presses with data of one's own making, as a forged client may. */
  pressData(data: string, message: APIMessage | undefined = this.shown().at(-1), inServer = false): Asked {
    return this.#platform.ask(this.account, inServer, {
      type: 3,
      message,
      data: { component_type: 2, custom_id: data },
    });
  }

  /** Fills in the open window and submits it. */
  submit(words: string): Asked {
    const { window } = this.account;
    const [field] = window?.components ?? [];
    if (!window || !field) throw new Error('no window is open');
    const { custom_id, max_length: most = 4000 } = field.component;
    if (words.length > most) throw new Error('longer than the field takes');
    if (words === '' && field.component.required !== false) throw new Error('the field must be filled in');
    this.account.window = null;
    const component = { type: 4, id: 2, custom_id, value: words };
    return this.#platform.ask(this.account, false, {
      type: 5,
      data: { custom_id: window.custom_id, components: [{ type: 18, id: 1, component }] },
    });
  }

  /** Marks these values and closes the list, which submits it. */
  select(component: APIStringSelectComponent, values: readonly string[], message?: APIMessage): Asked {
    const { min_values: min = 1, max_values: max = 1 } = component;
    if (values.length < min || values.length > max) throw new Error('the app does not let so many be picked');
    const order = component.options.map((o) => o.value);
    const picked = values.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
    return this.#platform.ask(this.account, false, {
      type: 3,
      message,
      data: { component_type: 3, custom_id: component.custom_id, values: picked },
    });
  }

  /** The newest list of options. */
  list(): { component: APIStringSelectComponent; message: APIMessage } {
    for (const message of this.shown().toReversed()) {
      const component = componentsOf(message).find((c) => c.type === 3);
      if (component) return { component, message };
    }
    throw new Error('no list is shown');
  }

  /** The bot's messages as they stand now, oldest first. */
  shown(): APIMessage[] {
    return this.account.messages.filter((m) => m.author.bot);
  }

  last(): APIMessage {
    const message = this.shown().at(-1);
    if (!message) throw new Error('nothing is shown');
    return message;
  }

  labels(message: APIMessage = this.last()): string[] {
    return labelsOf(message);
  }

  text(message: APIMessage = this.last()): string {
    return shownText(message.content).text;
  }
}

export function componentsOf(message: APIMessage): Component[] {
  return (message.components ?? []).flatMap((row) =>
    'components' in row ? (row.components as Component[]) : [],
  );
}

/** What can be pressed, a list's options among it. */
export function labelsOf(message: APIMessage): string[] {
  return componentsOf(message).flatMap((component) => {
    if (component.type === 3) return component.options.map((o) => o.label);
    return 'label' in component && component.label ? [component.label] : [];
  });
}
