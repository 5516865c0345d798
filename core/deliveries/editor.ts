import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChannelAdapter } from '../channels/channel-adapter.ts';
import { ChannelError } from '../channels/channel-error.ts';
import type { ChannelName } from '../channels/channel-name.ts';
import type { OutboundMessage } from '../channels/outbound-message.ts';
import { groupBy } from '../group-by.ts';
import { networkSettings } from '../network/settings.ts';
import { slices } from '../slices.ts';
import { accountsByIds } from '../store/accounts.ts';
import type { Delivery } from '../store/deliveries.ts';
import { editable, editableByIds, markEdited } from '../store/edits.ts';
import { groupsByIds } from '../store/groups.ts';
import { languagesOf } from '../store/members.ts';
import type { Core, Lane } from '../unit.ts';
import { type Addressee, ownerOf } from './destination.ts';
import type { DispatchReport } from './dispatcher.ts';
import { TurnedBack } from './gate.ts';
import { type Addressed, composeMessages } from './messages.ts';
import { editLine, type Pacing } from './pace.ts';
import type { Serial } from './serial.ts';

/** Edited together: what leaves in two seconds, or this many where nothing limits it. */
const largestWave = 50;
const waveSeconds = 2;
/** Read at once; the sweep asks again for the rest. */
const most = 500;

interface Shown extends Addressed {
  readonly to: Addressee;
  readonly adapter: ChannelAdapter;
}

interface Composed extends Shown {
  readonly message: OutboundMessage | null;
}

/** Brings messages already shown up to their subjects' present state. */
export class Editor {
  readonly #core: Core;
  readonly #adapters: ReadonlyMap<ChannelName, ChannelAdapter>;
  readonly #pace: Pacing;
  readonly #report: DispatchReport;
  readonly #done: Delivery[] = [];
  #marking: Promise<void> | null = null;
  #closing = false;

  constructor(
    core: Core,
    adapters: ReadonlyMap<ChannelName, ChannelAdapter>,
    pace: Pacing,
    report: DispatchReport,
  ) {
    this.#core = core;
    this.#adapters = adapters;
    this.#pace = pace;
    this.#report = report;
  }

  /**
   * `ids` null = all that lag behind. What is edited for one person is edited in turn with what is said to them. A broadcast
   * edited over a person's newer state leaves that lagging, so the sweep puts it right.
   */
  async edit(ids: readonly string[] | null, lane: Lane, persons: Serial): Promise<void> {
    if (ids && ids.length === 0) return;
    const lagging = ids ? await editableByIds(this.#core.db, ids) : await editable(this.#core.db, most);
    if (lane === 'person') return this.#inTurn(lagging, persons);
    await Promise.all([...groupBy(lagging, (d) => d.channel).values()].map((line) => this.#line(line)));
  }

  /** After this no further broadcast's wave is begun: what lags on stands in the database. */
  close(): void {
    this.#closing = true;
  }

  /** Each messenger at its own pace: a slow one holds up nobody else's. */
  async #line(lagging: readonly Delivery[]): Promise<void> {
    const channel = lagging[0]?.channel;
    for (const wave of slices(lagging, waveSize(channel ? this.#adapters.get(channel) : undefined))) {
      if (this.#closing) return;
      // While it waited its person may have pressed, and seen it edited.
      const ids = wave.map((d) => d.id);
      await this.#wave(await editableByIds(this.#core.db, ids), 'broadcast');
    }
  }

  /** What may be shown at once is composed together; behind something else it is read again when its turn comes. */
  async #inTurn(lagging: readonly Delivery[], persons: Serial): Promise<void> {
    const owners = new Set<string>();
    const [late, now] = [new Set<Delivery>(), new Set<Delivery>()];
    for (const delivery of lagging) {
      const owner = ownerOf(delivery);
      (owners.has(owner) || persons.busy(owner) ? late : now).add(delivery);
      owners.add(owner);
    }
    const composed = this.#composed([...now]);
    await Promise.all(
      lagging.map((delivery) =>
        persons.run(ownerOf(delivery), async () => {
          if (late.has(delivery))
            await this.#wave(await editableByIds(this.#core.db, [delivery.id]), 'person');
          else await this.#showOne(delivery, (await composed).get(delivery.id));
        }),
      ),
    );
  }

  async #composed(lagging: readonly Delivery[]): Promise<ReadonlyMap<string, Composed>> {
    const shown = await this.#shown(lagging);
    const messages = await this.#compose(shown);
    return new Map(shown.map((item, i) => [item.delivery.id, { ...item, message: messages[i] ?? null }]));
  }

  async #showOne(delivery: Delivery, composed: Composed | undefined): Promise<void> {
    if (composed && !(await this.#slot(composed, 'person'))) return;
    if (!composed || !(await this.#show(composed, composed.message, 'person'))) await this.#mark([delivery]);
  }

  async #wave(lagging: readonly Delivery[], lane: Lane): Promise<void> {
    const shown = await this.#shown(lagging);
    const slots = await Promise.all(shown.map((item) => this.#slot(item, lane)));
    if (slots.includes(false)) return;
    const messages = await this.#compose(shown);
    const lags = await Promise.all(shown.map((item, i) => this.#show(item, messages[i] ?? null, lane)));
    const left = new Set(shown.filter((_, i) => lags[i]).map((item) => item.delivery));
    await this.#mark(lagging.filter((d) => !left.has(d)));
  }

  #slot({ delivery, to, adapter }: Shown, lane: Lane): Promise<boolean> {
    const { line, limits, address } = editLine(adapter, to, delivery);
    return this.#pace.slot(line, limits, address, lane);
  }

  /** Those shown in one turn of the loop are marked together. */
  #mark(done: readonly Delivery[]): Promise<void> {
    this.#done.push(...done);
    this.#marking ??= nextTurn().then(() => {
      this.#marking = null;
      const marked = this.#done.splice(0);
      // A transaction, although it is one statement: with those of others it shares a commit.
      return this.#core.transaction(({ db }) => markEdited(db, marked));
    });
    return this.#marking;
  }

  /** Those that stand where they can be changed. */
  async #shown(lagging: readonly Delivery[]): Promise<Shown[]> {
    const { db } = this.#core;
    const named = lagging.flatMap((d) => d.account_id ?? []);
    const accounts = new Map((await accountsByIds(db, named)).map((a) => [a.id, a]));
    const people = lagging.flatMap((d) => d.member_id ?? []);
    const languages = await languagesOf(db, people);
    const posted = lagging.flatMap((d) => d.group_id ?? []);
    const groups = new Map((await groupsByIds(db, posted)).map((g) => [g.id, g]));
    const [own = 'pl'] = groups.size > 0 ? (await networkSettings(db)).languages : [];
    return lagging.flatMap((delivery) => {
      const account = accounts.get(delivery.account_id ?? '');
      const to = account ?? groups.get(delivery.group_id ?? '');
      const adapter = to && this.#adapters.get(to.channel);
      if (!to || !adapter?.capabilities.edit || to.status !== 'open') return [];
      const language = languages.get(delivery.member_id ?? '') ?? account?.language ?? own;
      return [{ delivery, to, adapter, language }];
    });
  }

  /** One that cannot be composed spoils no other. */
  async #compose(items: readonly Shown[]): Promise<(OutboundMessage | null)[]> {
    try {
      return await composeMessages(this.#core, items);
    } catch (cause) {
      const [only] = items;
      if (!only) return [];
      if (items.length > 1) return (await Promise.all(items.map((item) => this.#compose([item])))).flat();
      this.#report.trouble(only.to.channel, new ChannelError('Rejected', 'could not be composed', { cause }));
      return [null];
    }
  }

  /** True when it lags on and the sweep shall try again. What was refused would be refused again. */
  async #show(
    { delivery, to, adapter }: Shown,
    message: OutboundMessage | null,
    lane: Lane,
  ): Promise<boolean> {
    const externalMessageId = delivery.external_message_id;
    if (!message || externalMessageId === null) return false;
    const { line, limits } = editLine(adapter, to, delivery);
    try {
      await this.#pace.leave(line, limits, lane, () =>
        adapter.edit(to.external_id, { externalMessageId }, message),
      );
      return false;
    } catch (cause) {
      if (cause instanceof TurnedBack) return true;
      const error =
        cause instanceof ChannelError ? cause : new ChannelError('Rejected', 'unnamed fault', { cause });
      this.#report.trouble(to.channel, error);
      if (error.code === 'Throttled') this.#pace.pause(line, error.retryAfterMs ?? 1000);
      return error.code !== 'Rejected' && error.code !== 'RecipientGone';
    }
  }
}

function waveSize(adapter: ChannelAdapter | undefined): number {
  const { editsPerMinute, messagesPerSecond = 0 } = adapter?.capabilities ?? {};
  const perSecond = editsPerMinute === undefined ? messagesPerSecond : editsPerMinute / 60;
  if (perSecond === 0) return largestWave;
  return Math.min(Math.max(Math.floor(perSecond * waveSeconds), 1), largestWave);
}
