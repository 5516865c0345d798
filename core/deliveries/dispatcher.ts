import type { ChannelAdapter } from '../channels/channel-adapter.ts';
import { ChannelError } from '../channels/channel-error.ts';
import type { ChannelName } from '../channels/channel-name.ts';
import type { OutboundMessage } from '../channels/outbound-message.ts';
import { groupBy } from '../group-by.ts';
import { nextAllowed } from '../network/quiet-hours.ts';
import { slices } from '../slices.ts';
import type { Delivery } from '../store/deliveries.ts';
import { isDatabaseFault } from '../store/faults.ts';
import { findNetwork } from '../store/network.ts';
import { claim, firstWaiting, postpone, postponeOwn, sendable } from '../store/sending.ts';
import { waitUntil } from '../store/wait.ts';
import { breath } from '../turn.ts';
import type { Core, Lane, Unit } from '../unit.ts';
import { ownerOf } from './destination.ts';
import { Editor } from './editor.ts';
import { TurnedBack } from './gate.ts';
import { composeMessages } from './messages.ts';
import type { Outcome } from './outcome.ts';
import { limitsOf, type Pacing } from './pace.ts';
import { type Placed, place, settleUnplaced, type Unplaced } from './place.ts';
import { type Result, record } from './record.ts';
import { Serial } from './serial.ts';

/** Deliveries written down together: what leaves in a tenth of a second, or this many where nothing limits it. */
const largestWave = 100;
const wavesInSecond = 10;
/** Waves of one job under way side by side, so that the line stands still neither for an answer nor for a commit. */
const wavesAtOnce = 4;
/** Planned together. */
const planSize = 200;

export interface DispatchReport {
  /** A messenger refused our credential, or did something no error code names. Never carries a person's text. */
  trouble(channel: ChannelName, error: ChannelError): void;
}

/**
 * Takes deliveries from the database to the messengers and writes down what is known of each.
 * No network happens inside a transaction: claim (commit), send, record (commit).
 */
export class Dispatcher {
  readonly #core: Core;
  readonly #adapters: ReadonlyMap<ChannelName, ChannelAdapter>;
  readonly #pace: Pacing;
  readonly #report: DispatchReport;
  readonly #self: string | null;
  readonly #persons = new Serial();
  readonly #editor: Editor;
  /** Being taken care of right now: a bell that rings twice changes nothing. */
  readonly #inHand = new Set<string>();
  /** What became of sends while the database took nothing. */
  readonly #unwritten: Result[] = [];
  #closing = false;

  constructor(
    core: Core,
    adapters: ReadonlyMap<ChannelName, ChannelAdapter>,
    pace: Pacing,
    report: DispatchReport,
    self: string | null = null,
  ) {
    this.#core = core;
    this.#adapters = adapters;
    this.#pace = pace;
    this.#report = report;
    this.#self = self;
    this.#editor = new Editor(core, adapters, pace, report);
  }

  /** Sends the ones of `ids` that may leave now. Those of one person's own lane leave in the order they were made. */
  async deliver(ids: readonly string[], lane: Lane): Promise<void> {
    const taken = ids.filter((id) => !this.#inHand.has(id));
    for (const id of taken) this.#inHand.add(id);
    try {
      await (lane === 'broadcast' ? this.#broadcast(taken) : this.#inOrder(taken));
    } finally {
      for (const id of taken) this.#inHand.delete(id);
    }
  }

  /** Brings shown messages up to their subjects' present state; `ids` null = all that lag behind. */
  edit(ids: readonly string[] | null, lane: Lane): Promise<void> {
    return this.#editor.edit(ids, lane, this.#persons);
  }

  /** Writes down what became of sends when the database would not take it. For the periodic sweep. */
  async catchUp(): Promise<void> {
    const results = this.#unwritten.splice(0);
    if (results.length > 0) await this.#record(results, 'broadcast');
  }

  /** After this nothing new is begun; what is being sent is finished by the callers' own waiting. */
  close(): void {
    this.#closing = true;
    this.#editor.close();
    this.#pace.close();
  }

  /** Each messenger at its own pace: a slow one holds up nobody else's. */
  async #broadcast(ids: readonly string[]): Promise<void> {
    for (const part of slices(ids, planSize)) {
      if (this.#closing) return;
      const due = await this.#core.transaction(
        async (unit) => outsideQuietHours(unit, await sendable(unit.db, part, unit.now)),
        'broadcast',
      );
      const { placed, ...rest } = await place(this.#core.db, due, this.#adapters);
      await this.#settle(rest, 'broadcast');
      await Promise.all([...groupBy(placed, (p) => p.adapter).values()].map((line) => this.#line(line)));
    }
  }

  /** What a crash leaves unknown is what is under way: less than half a second of the messenger's rate a job. */
  async #line(placed: readonly Placed[]): Promise<void> {
    const underWay = new Set<Promise<void>>();
    const faults: unknown[] = [];
    for (const wave of slices(placed, waveSize(placed[0]?.adapter))) {
      if (underWay.size >= wavesAtOnce) await Promise.race(underWay);
      const slots = await this.#slots(wave, 'broadcast');
      if (!slots || this.#closing || faults.length > 0) break;
      const sent: Promise<void> = this.#sendNow(wave, 'broadcast')
        .catch((error: unknown) => void faults.push(error))
        .finally(() => underWay.delete(sent));
      underWay.add(sent);
    }
    await Promise.all(underWay);
    if (faults.length > 0) throw faults[0];
  }

  async #inOrder(ids: readonly string[]): Promise<void> {
    const deliveries = await sendable(this.#core.db, ids, this.#core.clock.now());
    await Promise.all(deliveries.map((d) => this.#persons.run(ownerOf(d), () => this.#turn(d))));
  }

  /** Sends what waits for this person up to and with `delivery`; behind one that must wait it waits too. */
  async #turn(delivery: Delivery): Promise<void> {
    for (let tries = 0; tries < 10; tries++) {
      const now = this.#core.clock.now();
      const first = await firstWaiting(this.#core.db, delivery, now);
      if (!first || first.id > delivery.id) return;
      if (first.not_before > now) {
        return this.#core.transaction(({ db }) => postponeOwn(db, delivery, first));
      }
      const due = first.quiet
        ? await this.#core.transaction((unit) => outsideQuietHours(unit, [first]))
        : [first];
      if (due.length === 0) return;
      const { placed, ...rest } = await place(this.#core.db, due, this.#adapters);
      await this.#settle(rest, 'person');
      if (!(await this.#slots(placed, 'person'))) return;
      await this.#sendNow(placed, 'person');
    }
  }

  async #settle(rest: Unplaced, lane: Lane): Promise<void> {
    if (rest.lost.length + rest.waiting.length === 0) return;
    await this.#core.transaction((unit) => settleUnplaced(unit, rest), lane);
  }

  async #slots(planned: readonly Placed[], lane: Lane): Promise<boolean> {
    const slots = await Promise.all(
      planned.map(({ delivery, to, adapter }) =>
        this.#pace.slot(to.channel, limitsOf(adapter, delivery), to.external_id, lane),
      ),
    );
    return slots.every((leaves) => leaves);
  }

  async #sendNow(planned: readonly Placed[], lane: Lane): Promise<void> {
    const deliveries = planned.map((p) => p.delivery);
    const claimed = await this.#core.transaction((unit) => this.#claim(unit, deliveries), lane);
    const results = await this.#send(claimed);
    for (const { delivery } of claimed) this.#inHand.delete(delivery.id);
    await this.#record(results, lane);
  }

  /** What is known must not become unknown because the disk is full for a moment: it is kept until it can be written. */
  async #record(results: readonly Result[], lane: Lane): Promise<void> {
    try {
      await this.#core.transaction((unit) => record(unit, results), lane);
    } catch (error) {
      if (isDatabaseFault(error)) this.#unwritten.push(...results);
      throw error;
    }
  }

  /** Looks again where each goes: while it waited for its turn its person may have stopped, staff may have paused it, quiet hours may have begun. */
  async #claim(unit: Unit, deliveries: readonly Delivery[]): Promise<Placed[]> {
    const due = await outsideQuietHours(unit, deliveries);
    const { placed, ...rest } = await place(unit.db, due, this.#adapters);
    await settleUnplaced(unit, rest);
    const claims = placed.map(({ delivery, to }) => ({
      id: delivery.id,
      accountId: delivery.group_id === null ? to.id : null,
      channel: to.channel,
    }));
    const won = await claim(unit.db, claims, unit.now, this.#self);
    return placed.filter(({ delivery }) => won.has(delivery.id));
  }

  async #send(claimed: readonly Placed[]): Promise<(Placed & { outcome: Outcome })[]> {
    const messages = await this.#compose(claimed);
    const attempts: Promise<Placed & { outcome: Outcome }>[] = [];
    for (const [i, item] of claimed.entries()) {
      await breath();
      const attempt = this.#attempt(item, messages[i] ?? null);
      // It may fail before all have begun, when nobody waits for it yet.
      attempt.catch(() => undefined);
      attempts.push(attempt);
    }
    return Promise.all(attempts);
  }

  async #attempt(
    item: Placed,
    message: OutboundMessage | ChannelError | null,
  ): Promise<Placed & { outcome: Outcome }> {
    const outcome = await this.#sendOne(item, message);
    if (outcome.kind === 'error') this.#heed(item.to.channel, outcome.error);
    return { ...item, outcome };
  }

  async #sendOne(
    { delivery, adapter, to }: Placed,
    message: OutboundMessage | ChannelError | null,
  ): Promise<Outcome> {
    if (message === null) return { kind: 'outdated' };
    if (message instanceof ChannelError) return { kind: 'error', error: message };
    const limits = limitsOf(adapter, delivery);
    try {
      const { externalMessageId } = await this.#pace.leave(to.channel, limits, delivery.lane, () =>
        adapter.send(to.external_id, message),
      );
      return { kind: 'accepted', externalMessageId };
    } catch (cause) {
      if (cause instanceof TurnedBack) return { kind: 'turnedBack', waitMs: cause.waitMs };
      if (cause instanceof ChannelError) return { kind: 'error', error: cause };
      // The adapter broke its contract: whether the message left is not known.
      return {
        kind: 'error',
        error: new ChannelError('Rejected', 'unnamed fault', { cause, maybeSent: true }),
      };
    }
  }

  /** Nothing has been sent yet when this fails: it is tried again later, and only what cannot be composed fails. */
  async #compose(items: readonly Placed[]): Promise<(OutboundMessage | ChannelError | null)[]> {
    try {
      return await composeMessages(this.#core, items);
    } catch (cause) {
      if (items.length === 1) return [new ChannelError('Unavailable', 'could not be composed', { cause })];
      return (await Promise.all(items.map((item) => this.#compose([item])))).flat();
    }
  }

  #heed(channel: ChannelName, error: ChannelError): void {
    if (error.code === 'Throttled') this.#pace.pause(channel, error.retryAfterMs ?? 1000);
    if (error.code === 'Misconfigured') this.#pace.pause(channel, 30_000);
    this.#report.trouble(channel, error);
  }
}

function waveSize(adapter: ChannelAdapter | undefined): number {
  const perSecond = adapter?.capabilities.messagesPerSecond ?? 0;
  if (perSecond === 0) return largestWave;
  return Math.min(Math.max(Math.floor(perSecond / wavesInSecond), 1), largestWave);
}

/** The ones that may leave at this hour; the others are put off to the end of quiet hours. */
async function outsideQuietHours(
  { db, now }: Unit,
  deliveries: readonly Delivery[],
): Promise<readonly Delivery[]> {
  const quiet = deliveries.filter((d) => d.quiet).map((d) => d.id);
  if (quiet.length === 0) return deliveries;
  const { time_zone: timeZone, quiet_from: from, quiet_to: to } = await findNetwork(db);
  const allowed = nextAllowed(now, { timeZone, from, to });
  if (allowed <= now) return deliveries;
  await postpone(db, quiet, waitUntil(allowed, now));
  return deliveries.filter((d) => !d.quiet);
}
