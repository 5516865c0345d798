import type { MessageBlock, MessageBlocks } from './blocks.ts';
import { wordsOf } from './blocks.ts';
import type { Delivery } from './lines.ts';
import { typed } from './typed.ts';
import type { Home, Message, Room, User, Workspace } from './workspace.ts';

type Send = (delivery: Delivery) => Promise<'taken' | 'lost'>;

/** Something to press, with where it stands. */
export interface PressableElement {
  readonly kind: string;
  readonly label: string;
  readonly blockId: string;
  readonly actionId: string;
  /** A button's value, or the option's. */
  readonly value: string | undefined;
  readonly url: string | undefined;
}

/** A person with the messenger in their hand. */
export class Person {
  readonly user: User;
  readonly #workspace: Workspace;
  readonly #send: Send;
  readonly #responseUrl: string;

  constructor(workspace: Workspace, user: User, send: Send, responseUrl: string) {
    this.#workspace = workspace;
    this.user = user;
    this.#send = send;
    this.#responseUrl = responseUrl;
  }

  get id(): string {
    return this.user.id;
  }

  /** Writes to the app, in the thread of the message with this timestamp when given. */
  say(text: string, thread?: string): Promise<'taken' | 'lost'> {
    return this.event({ ...typed(text) }, thread);
  }

  sendFile(name: string, words = ''): Promise<'taken' | 'lost'> {
    const files = [{ id: this.#workspace.id('F'), name, mimetype: 'image/png' }];
    return this.event({ ...(words ? typed(words) : { text: '' }), subtype: 'file_share', files });
  }

  /** A message event with these fields. */
  event(fields: { text: string } & Record<string, unknown>, thread?: string): Promise<'taken' | 'lost'> {
    const { conversation, id } = this.user;
    const message = this.#workspace.addMessage({
      channel: conversation,
      from: 'user',
      text: fields.text,
      blocks: [],
      thread: thread ?? null,
    });
    const root = thread === undefined ? undefined : this.#workspace.find(conversation, thread);
    const parent = root?.from === 'bot' ? this.#workspace.bot.user : id;
    const event = {
      type: 'message',
      channel: conversation,
      channel_type: 'im',
      user: id,
      team: this.#workspace.team,
      client_msg_id: this.#workspace.id('msg-'),
      ts: message.ts,
      event_ts: message.ts,
      ...(thread === undefined ? {} : { thread_ts: thread, parent_user_id: parent }),
      ...fields,
    };
    return this.#send({ type: 'events_api', body: eventBody(this.#workspace, event), line: id });
  }

  /** Types `/wici <text>` anywhere. */
  command(text: string, channel = 'C0GENERAL'): Promise<'taken' | 'lost'> {
    const inPrivate = channel.startsWith('D') ? 'directmessage' : 'general';
    const name = this.#workspace.rooms.get(channel)?.name ?? inPrivate;
    const body = {
      ...{ token: 'deprecated', team_id: this.#workspace.team, team_domain: 'standin' },
      ...{ channel_id: channel, channel_name: name, user_id: this.id, user_name: 'osoba' },
      ...{ command: '/wici', text, api_app_id: this.#workspace.bot.app, is_enterprise_install: 'false' },
      ...{ response_url: this.#responseUrl, trigger_id: this.#workspace.trigger(this.user) },
    };
    return this.#send({ type: 'slash_commands', body, line: this.id });
  }

  /** Writes in a channel: the app is told nothing without a scope for it. */
  sayIn(room: Room, text: string): void {
    this.#workspace.addMessage({ channel: room.id, from: 'user', text, blocks: [] });
  }

  /** Presses what is labelled so on the newest message of a channel that has it. */
  pressIn(room: Room, label: string): Promise<'taken' | 'lost'> {
    const posted = this.#workspace.messages.filter((m) => m.channel === room.id && m.from === 'bot');
    for (const message of posted.toReversed()) {
      const element = pressable(message).find((e) => e.label === label);
      if (element) return this.pressElement(message, element);
    }
    throw new Error(`nothing labelled "${label}" is shown`);
  }

  /** Presses what is labelled so on the newest message that has it: a button, or an option. */
  press(label: string): Promise<'taken' | 'lost'> {
    for (const message of this.shown().toReversed()) {
      const element = pressable(message).find((e) => e.label === label);
      if (element) return this.pressElement(message, element);
    }
    throw new Error(`nothing labelled "${label}" is shown`);
  }

  /** Opens the app's home, as often as they like. */
  openHome(tab: 'home' | 'messages' = 'home'): Promise<'taken' | 'lost'> {
    const { home, conversation, id } = this.user;
    const event = {
      ...{ type: 'app_home_opened', user: id, channel: conversation, tab },
      event_ts: `${Math.floor(this.#workspace.now / 1000)}.000100`,
      ...(home ? { view: { type: 'home', id: home.id, hash: home.hash, blocks: home.blocks } } : {}),
    };
    return this.#send({ type: 'events_api', body: eventBody(this.#workspace, event), line: id });
  }

  /** What stands on the app's home: its words and what can be pressed. */
  home(): { readonly words: string; readonly labels: readonly string[] } {
    const { home } = this.user;
    if (!home) throw new Error('no home was put up');
    return { words: wordsOf(home.blocks).join('\n'), labels: pressable(home).map((e) => e.label) };
  }

  /** Presses what is labelled so on the home. */
  pressHome(label: string): Promise<'taken' | 'lost'> {
    const { home } = this.user;
    const element = home && pressable(home).find((e) => e.label === label);
    if (!element) throw new Error(`nothing labelled "${label}" on the home`);
    return this.pressElement(home, element);
  }

  pressElement(message: Message | Home, element: PressableElement): Promise<'taken' | 'lost'> {
    const { kind, blockId, actionId, value, url } = element;
    const at = { type: kind, block_id: blockId, action_id: actionId, action_ts: '1.000100' };
    if (kind === 'button')
      return this.act(message, { ...at, ...(value === undefined ? {} : { value }), ...(url ? { url } : {}) });
    const option = { text: { type: 'plain_text', text: element.label }, value };
    const chosen = selectedIn(message, blockId, actionId);
    if (kind === 'radio_buttons' || kind === 'static_select') {
      setSelected(message, blockId, actionId, [String(value)]);
      return this.act(message, { ...at, selected_option: option });
    }
    const marked = chosen.includes(String(value))
      ? chosen.filter((v) => v !== value)
      : [...chosen, String(value)];
    setSelected(message, blockId, actionId, marked);
    return this.act(message, { ...at, selected_options: marked.map((v) => ({ value: v })) });
  }

  /** A press as the platform tells it, of one's own making where it is forged. */
  act(on: Message | Home, action: Record<string, unknown>): Promise<'taken' | 'lost'> {
    const { team, bot } = this.#workspace;
    const body = {
      type: 'block_actions',
      user: { id: this.id, username: 'osoba', name: 'osoba', team_id: team },
      api_app_id: bot.app,
      token: 'deprecated',
      trigger_id: this.#workspace.trigger(this.user),
      team: { id: team, domain: 'standin' },
      enterprise: null,
      is_enterprise_install: false,
      ...('ts' in on ? this.#onMessage(on) : onHome(on, team, bot)),
      actions: [action],
    };
    return this.#send({ type: 'interactive', body, line: this.id });
  }

  #onMessage({ channel, ts, text, blocks, selected }: Message): object {
    const { bot } = this.#workspace;
    return {
      container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
      channel: { id: channel, name: 'directmessage' },
      message: { type: 'message', user: bot.user, bot_id: bot.id, ts, text, blocks },
      state: { values: stateOf(selected) },
      response_url: this.#responseUrl,
    };
  }

  /** Fills in the open window and submits it. */
  submit(words: string): Promise<'taken' | 'lost'> {
    const open = this.user.view;
    if (!open) throw new Error('no window is open');
    const input = open.view.blocks.find((block) => block.type === 'input');
    if (input?.element.type !== 'plain_text_input') throw new Error('the window asks for no words');
    if (words.length > (input.element.max_length ?? 3000)) throw new Error('longer than the field takes');
    this.user.view = null;
    const value = { type: 'plain_text_input', value: words };
    const state = { values: { [String(input.block_id)]: { [input.element.action_id]: value } } };
    const { team, bot } = this.#workspace;
    const body = {
      type: 'view_submission',
      team: { id: team, domain: 'standin' },
      user: { id: this.id, username: 'osoba', name: 'osoba', team_id: team },
      api_app_id: bot.app,
      trigger_id: this.#workspace.trigger(this.user),
      view: { ...open.view, id: open.id, hash: '1.abc', state, app_id: bot.app, bot_id: bot.id },
      response_urls: [],
    };
    return this.#send({ type: 'interactive', body, line: this.id });
  }

  /** The app's messages as they stand now, oldest first. */
  shown(): Message[] {
    return this.#workspace.messages.filter((m) => m.from === 'bot' && m.channel === this.user.conversation);
  }

  last(): Message {
    const message = this.shown().at(-1);
    if (!message) throw new Error('nothing is shown');
    return message;
  }

  /** Every word of a message but those to press: its blocks, else its text, and what its files are called. */
  words({ text, blocks, files }: Message): string {
    const said = blocks.length > 0 ? wordsOf(blocks) : [text];
    return [...said, ...files.map((file) => file.title ?? '')].filter((words) => words !== '').join('\n');
  }

  /** Names of the pictures in a message and the files with it. */
  files({ blocks, files }: Message): string[] {
    const pictures = blocks.flatMap((block) =>
      block.type === 'image' ? (this.#workspace.files.get(block.slack_file.id ?? '')?.name ?? []) : [],
    );
    return [...pictures, ...files.map(({ name }) => name)];
  }
}

/** Everything to press on a message, in order. */
export function pressable(message: { readonly blocks: MessageBlocks }): PressableElement[] {
  return message.blocks.flatMap((block) =>
    elementsOf(block).flatMap((element): PressableElement[] => {
      const at = { kind: element.type, blockId: block.block_id ?? '', actionId: element.action_id };
      if (element.type === 'button') {
        return [{ ...at, label: element.text.text, value: element.value, url: element.url }];
      }
      return element.options.map(({ text, value }) => ({ ...at, label: text.text, value, url: undefined }));
    }),
  );
}

export function eventBody(workspace: Workspace, event: Record<string, unknown>): Record<string, unknown> {
  const { team, bot } = workspace;
  return {
    token: 'deprecated',
    team_id: team,
    api_app_id: bot.app,
    event,
    type: 'event_callback',
    event_id: workspace.happening('Ev'),
    event_time: Math.floor(workspace.now / 1000),
    authorizations: [
      { enterprise_id: null, team_id: team, user_id: bot.user, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
  };
}

function elementsOf(block: MessageBlock) {
  if (block.type === 'actions') return block.elements;
  return block.type === 'section' && block.accessory ? [block.accessory] : [];
}

/** A press on a home bears no conversation and no message; what is marked stands in its view. */
function onHome({ id, hash, blocks, selected }: Home, team: string, bot: Workspace['bot']): object {
  const state = { values: stateOf(selected) };
  const view = { id, team_id: team, type: 'home', blocks, hash, state, app_id: bot.app, bot_id: bot.id };
  return { container: { type: 'view', view_id: id }, view };
}

function selectedIn(message: Message | Home, block: string, action: string): readonly string[] {
  return message.selected.get(block)?.get(action) ?? [];
}

function setSelected(message: Message | Home, block: string, action: string, values: string[]): void {
  const actions = message.selected.get(block) ?? new Map<string, string[]>();
  message.selected.set(block, actions.set(action, values));
}

/** What stands selected on a message, in the order it was selected. */
function stateOf(selected: Message['selected']): Record<string, Record<string, object>> {
  return Object.fromEntries(
    [...selected].map(([block, actions]) => [
      block,
      Object.fromEntries(
        [...actions].map(([action, values]) => [
          action,
          { type: 'checkboxes', selected_options: values.map((value) => ({ value })) },
        ]),
      ),
    ]),
  );
}
