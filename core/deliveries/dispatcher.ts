import type { ChannelAdapter } from '../channels/channel-adapter.ts';
import { ChannelError } from '../channels/channel-error.ts';
import type { ChannelName } from '../channels/channel-name.ts';
import type { Media, OutboundMessage } from '../channels/outbound-message.ts';
import { groupBy } from '../group-by.ts';
import type { Language } from '../language.ts';
import { nextAllowed } from '../network/quiet-hours.ts';
import { type Account, accountsOf, changeAccount, findAccount } from '../store/accounts.ts';
import { loadMedia } from '../store/attachments.ts';
import {
  changeDelivery,
  claim,
  type Delivery,
  editable,
  findDelivery,
  markEdited,
  sendable,
} from '../store/deliveries.ts';
import { membersByIds } from '../store/members.ts';
import { findNetwork } from '../store/network.ts';
import type { Core, Lane } from '../unit.ts';
import { composeDraft } from './composers.ts';
import { judge, type Outcome } from './outcome.ts';
import type { Pace } from './pace.ts';
import { reachOf } from './reach.ts';
import { resolveBlocks } from './resolve-blocks.ts';
import { Serial } from './serial.ts';

/** Sent together between two commits: what a crash leaves unknown is at most this many a channel and worker. */
const waveSize = 20;

export interface DispatchReport {
  /** A messenger refused our credential, or did something no error code names. Never carries a person's text. */
  trouble(channel: ChannelName, error: ChannelError): void;
}

interface Ready {
  readonly delivery: Delivery;
  readonly account: Account;
  readonly adapter: ChannelAdapter;
  readonly language: Language;
}

/**
 * Takes deliveries from the database to the messengers and writes down what is known of each.
 * No network happens inside a transaction: claim (commit), send, record (commit).
 */
export class Dispatcher {
  readonly #core: Core;
  readonly #adapters: ReadonlyMap<ChannelName, ChannelAdapter>;
  readonly #pace: Pace;
  readonly #report: DispatchReport;
  readonly #persons = new Serial();
  #closing = false;

  constructor(
    core: Core,
    adapters: ReadonlyMap<ChannelName, ChannelAdapter>,
    pace: Pace,
    report: DispatchReport,
  ) {
    this.#core = core;
    this.#adapters = adapters;
    this.#pace = pace;
    this.#report = report;
  }

  /** Sends the ones of `ids` that may leave now. Those of one person leave in the order given. */
  async deliver(ids: readonly string[], lane: Lane): Promise<void> {
    if (lane === 'broadcast') return this.#inWaves(ids);
    const deliveries = await sendable(this.#core.db, ids, this.#core.clock.now());
    await Promise.all(
      deliveries.map((d) =>
        this.#persons.run(d.member_id ?? d.account_id ?? d.id, () => this.#wave([d.id], 'person')),
      ),
    );
  }

  /** Brings shown messages up to their subjects' present state; `ids` null = all that lag behind. */
  async edit(ids: readonly string[] | null, lane: Lane): Promise<void> {
    if (ids && ids.length === 0) return;
    const lagging = await editable(this.#core.db, ids, 500);
    await Promise.all(
      lagging.map((d) =>
        this.#persons.run(d.member_id ?? d.account_id ?? d.id, () => this.#editOne(d.id, lane)),
      ),
    );
  }

  /** After this nothing new is begun; what is being sent is finished by the callers' own waiting. */
  close(): void {
    this.#closing = true;
  }

  async #inWaves(ids: readonly string[]): Promise<void> {
    for (let start = 0; start < ids.length && !this.#closing; start += waveSize) {
      await this.#wave(ids.slice(start, start + waveSize), 'broadcast');
    }
  }

  async #wave(ids: readonly string[], lane: Lane): Promise<void> {
    const now = this.#core.clock.now();
    const deliveries = await sendable(this.#core.db, ids, now);
    const ready = await this.#reachable(await this.#outsideQuietHours(deliveries, now));
    await Promise.all(
      ready.map(({ account, adapter }) =>
        this.#pace.slot(account.channel, adapter.capabilities, account.external_id, lane),
      ),
    );
    if (this.#closing && lane === 'broadcast') return;
    const claimed = await this.#claim(ready);
    const outcomes = await Promise.all(
      claimed.map(async (item) => ({ item, outcome: await this.#send(item) })),
    );
    await this.#record(outcomes);
  }

  async #outsideQuietHours(deliveries: readonly Delivery[], now: number): Promise<Delivery[]> {
    if (!deliveries.some((d) => d.quiet)) return [...deliveries];
    const network = await findNetwork(this.#core.db);
    const allowed = nextAllowed(now, {
      timeZone: network.time_zone,
      from: network.quiet_from,
      to: network.quiet_to,
    });
    if (allowed <= now) return [...deliveries];
    const waiting = deliveries.filter((d) => d.quiet);
    await this.#core.transaction(async ({ db }) => {
      for (const { id } of waiting) await changeDelivery(db, id, { not_before: allowed });
    });
    return deliveries.filter((d) => !d.quiet);
  }

  /** Pairs each delivery with the account it goes to; writes down those that go nowhere. */
  async #reachable(deliveries: readonly Delivery[]): Promise<Ready[]> {
    const { db } = this.#core;
    const memberIds = [...new Set(deliveries.flatMap((d) => d.member_id ?? []))];
    const members = new Map((await membersByIds(db, memberIds)).map((m) => [m.id, m]));
    const accounts = groupBy(await accountsOf(db, memberIds), (a) => a.member_id);
    const ready: Ready[] = [];
    const lost: { id: string; reason: string }[] = [];
    for (const delivery of deliveries) {
      const member = delivery.member_id ? members.get(delivery.member_id) : undefined;
      const place = await this.#place(delivery, member, accounts.get(delivery.member_id) ?? []);
      if ('reason' in place) lost.push({ id: delivery.id, reason: place.reason });
      else ready.push({ delivery, ...place });
    }
    if (lost.length > 0) await this.#recordLost(lost);
    return ready;
  }

  async #place(
    delivery: Delivery,
    member: Awaited<ReturnType<typeof membersByIds>>[number] | undefined,
    accounts: readonly Account[],
  ): Promise<Omit<Ready, 'delivery'> | { reason: string }> {
    const channels = [...this.#adapters.keys()];
    if (delivery.lane === 'person' && delivery.account_id) {
      // An answer goes where the person just wrote from, whether or not they have joined, stopped or were erased.
      const account = await findAccount(this.#core.db, delivery.account_id);
      const adapter = account && this.#adapters.get(account.channel);
      if (account && adapter && account.status === 'open') {
        return { account, adapter, language: member?.language ?? account.language };
      }
      if (!member) return { reason: account?.status === 'gone' ? 'blocked' : 'channelOff' };
    }
    if (!member) return { reason: 'noAccount' };
    const reach = reachOf(member, accounts, channels);
    if ('reason' in reach) return reach;
    const adapter = this.#adapters.get(reach.account.channel);
    return adapter
      ? { account: reach.account, adapter, language: member.language }
      : { reason: 'channelOff' };
  }

  #claim(ready: readonly Ready[]): Promise<Ready[]> {
    if (ready.length === 0) return Promise.resolve([]);
    return this.#core.transaction(async ({ db, now }) => {
      const claims = ready.map(({ delivery, account }) => ({
        deliveryId: delivery.id,
        accountId: account.id,
        channel: account.channel,
      }));
      const won = await claim(db, claims, now);
      return ready.filter(({ delivery }) => won.has(delivery.id));
    });
  }

  async #send({ delivery, account, adapter, language }: Ready): Promise<Outcome> {
    try {
      const message = await this.#message(delivery, language, account.channel);
      if (!message) return { kind: 'outdated' };
      const { externalMessageId } = await adapter.send(account.external_id, message);
      return { kind: 'accepted', externalMessageId };
    } catch (error) {
      return { kind: 'error', error: asChannelError(error) };
    }
  }

  async #message(
    delivery: Delivery,
    language: Language,
    channel: ChannelName,
  ): Promise<OutboundMessage | null> {
    const { db, clock, texts } = this.#core;
    const draft = await composeDraft(db, delivery, clock.now());
    if (!draft) return null;
    const media = (ref: { attachmentId: string }): Promise<Media> => loadMedia(db, ref.attachmentId);
    const blocks = await resolveBlocks(draft, language, texts, media);
    const sameChannel = delivery.channel === null || delivery.channel === channel;
    return {
      token: delivery.token,
      language,
      deliveryId: delivery.id,
      blocks,
      ...(delivery.reply_to && sameChannel ? { replyTo: delivery.reply_to } : {}),
    };
  }

  async #record(results: readonly { item: Ready; outcome: Outcome }[]): Promise<void> {
    if (results.length === 0) return;
    await this.#core.transaction(async ({ db, now, ring }) => {
      for (const { item, outcome } of results) {
        const verdict = judge(item.delivery, outcome, now);
        await changeDelivery(db, item.delivery.id, { ...verdict.change, claimed_at: null });
        if (verdict.accountGone) {
          await changeAccount(db, item.account.id, { status: 'gone', gone_reason: 'blocked' });
          ring({ kind: 'deliver', ids: [item.delivery.id], lane: item.delivery.lane });
          ring({ kind: 'changed', topic: 'members' });
        }
        if (outcome.kind === 'error') this.#heed(item, outcome.error, verdict.pauseMs);
      }
      for (const topic of topicsOf(results.map((r) => r.item.delivery))) ring({ kind: 'changed', topic });
    });
  }

  #heed({ account }: Ready, error: ChannelError, pauseMs: number): void {
    if (pauseMs > 0) this.#pace.pause(account.channel, pauseMs);
    this.#report.trouble(account.channel, error);
  }

  async #recordLost(lost: readonly { id: string; reason: string }[]): Promise<void> {
    await this.#core.transaction(async ({ db, ring }) => {
      for (const { id, reason } of lost) {
        await changeDelivery(db, id, { status: 'unreachable', reason, claimed_at: null });
        const delivery = await findDelivery(db, id);
        if (delivery) for (const topic of topicsOf([delivery])) ring({ kind: 'changed', topic });
      }
    });
  }

  async #editOne(id: string, lane: Lane): Promise<void> {
    const [delivery] = await editable(this.#core.db, [id], 1);
    if (!delivery?.account_id || !delivery.external_message_id) return;
    const account = await findAccount(this.#core.db, delivery.account_id);
    const adapter = account && this.#adapters.get(account.channel);
    if (!account || !adapter?.capabilities.edit || account.status === 'gone') {
      return markEdited(this.#core.db, id, delivery.edit_wanted);
    }
    const [member] = delivery.member_id ? await membersByIds(this.#core.db, [delivery.member_id]) : [];
    await this.#pace.slot(account.channel, adapter.capabilities, account.external_id, lane);
    try {
      const language = member?.language ?? account.language;
      const message = await this.#message(delivery, language, account.channel);
      if (message) {
        await adapter.edit(account.external_id, { externalMessageId: delivery.external_message_id }, message);
      }
    } catch (cause) {
      const error = asChannelError(cause);
      this.#report.trouble(account.channel, error);
      if (error.code === 'Throttled') this.#pace.pause(account.channel, error.retryAfterMs ?? 1000);
      // Left lagging: the sweep tries again. What was refused would be refused again.
      if (error.code !== 'Rejected' && error.code !== 'RecipientGone') return;
    }
    await markEdited(this.#core.db, id, delivery.edit_wanted);
  }
}

function topicsOf(deliveries: readonly Delivery[]): Set<string> {
  return new Set(
    deliveries
      .filter((d) => d.subject_kind === 'announcement' || d.subject_kind === 'poll')
      .map((d) => `${d.subject_kind}:${d.subject_id}`),
  );
}

function asChannelError(error: unknown): ChannelError {
  if (error instanceof ChannelError) return error;
  const name = error instanceof Error ? error.message.slice(0, 200) : 'unknown fault';
  return new ChannelError('Rejected', name, { cause: error });
}
