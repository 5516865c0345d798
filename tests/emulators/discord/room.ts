import type { APIMessage } from 'discord-api-types/v10';
import { componentsOf, type Person } from './person.ts';
import type { Asked, Platform } from './platform.ts';

/** A server's channel of text. */
export interface RoomState {
  readonly channelId: string;
  name: string;
  readonly messages: APIMessage[];
  /** `hidden`: the bot does not see it; `readOnly`: it sees it and may not write; `deleted`: it is no more. */
  access: 'open' | 'hidden' | 'readOnly' | 'deleted';
}

/** A channel of the server, with people in it. */
export class Room {
  readonly state: RoomState;
  readonly #platform: Platform;

  constructor(platform: Platform, state: RoomState) {
    this.#platform = platform;
    this.state = state;
  }

  get id(): string {
    return this.state.channelId;
  }

  /** Changes what the bot may do there. */
  allow(access: RoomState['access']): void {
    this.state.access = access;
    this.#platform.roomChanged(this.state);
  }

  rename(name: string): void {
    this.state.name = name;
    this.#platform.roomChanged(this.state);
  }

  /** Somebody writes there: bots are told only with an intent of their own. */
  say(by: Person, text: string): void {
    this.#platform.receiveIn(this.state, by.account, text);
  }

  /** Presses the button labelled so, on the newest message that has it. */
  press(by: Person, label: string): Asked {
    for (const message of this.shown().toReversed()) {
      for (const component of componentsOf(message)) {
        if (component.type === 2 && 'custom_id' in component && component.label === label) {
          return this.pressData(by, component.custom_id, message);
        }
      }
    }
    throw new Error(`no button "${label}" is shown`);
  }

  /** Presses with data of one's own making. */
  pressData(by: Person, data: string, message: APIMessage | undefined = this.shown().at(-1)): Asked {
    const press = { component_type: 2, custom_id: data };
    return this.#platform.ask(by.account, this.state, { type: 3, message, data: press });
  }

  /** Types `/wici setup` there; `manages`: they may manage the server. */
  setUp(by: Person, { manages = true, where }: { manages?: boolean; where?: Room } = {}): Asked {
    if (!this.#platform.commands.some((command) => command.name === 'wici'))
      throw new Error('the app offers no /wici');
    const chosen = where ? [{ type: 7, name: 'channel', value: where.id }] : [];
    const data = {
      ...{ id: this.#platform.snowflakes.next(), name: 'wici', type: 1 },
      options: [{ type: 1, name: 'setup', options: chosen }],
      ...(where
        ? { resolved: { channels: { [where.id]: { id: where.id, name: where.state.name, type: 0 } } } }
        : {}),
    };
    return this.#platform.ask(by.account, this.state, { type: 2, data }, manages);
  }

  /** The bot's messages as they stand now, oldest first. */
  shown(): APIMessage[] {
    return this.state.messages.filter((m) => m.author.bot);
  }
}
