import type { ChannelAdapter } from '../channels/channel-adapter.ts';
import { ChannelError } from '../channels/channel-error.ts';
import type { ChannelName } from '../channels/channel-name.ts';
import type { Language } from '../language.ts';
import { type Account, accountsByIds } from '../store/accounts.ts';
import { type Delivery, editable, markEdited } from '../store/deliveries.ts';
import { membersByIds } from '../store/members.ts';
import type { Core, Lane } from '../unit.ts';
import type { DispatchReport } from './dispatcher.ts';
import { composeMessages } from './messages.ts';
import type { Pace } from './pace.ts';
import type { Serial } from './serial.ts';

/** Brings messages already shown up to their subjects' present state. */
export class Editor {
  readonly #core: Core;
  readonly #adapters: ReadonlyMap<ChannelName, ChannelAdapter>;
  readonly #pace: Pace;
  readonly #report: DispatchReport;

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

  /** `ids` null = all that lag behind. What is edited for one person is edited in turn with what is said to them. */
  async edit(ids: readonly string[] | null, lane: Lane, persons: Serial): Promise<void> {
    if (ids && ids.length === 0) return;
    const lagging = await editable(this.#core.db, ids, 500);
    await Promise.all(
      lagging.map((d) => persons.run(d.member_id ?? d.account_id ?? d.id, () => this.#editOne(d.id, lane))),
    );
  }

  async #editOne(id: string, lane: Lane): Promise<void> {
    const { db } = this.#core;
    const [delivery] = await editable(db, [id], 1);
    if (!delivery) return;
    const [account] = await accountsByIds(db, delivery.account_id === null ? [] : [delivery.account_id]);
    const adapter = account && this.#adapters.get(account.channel);
    if (account && adapter?.capabilities.edit && account.status === 'open') {
      await this.#pace.slot(account.channel, adapter.capabilities, account.external_id, lane);
      const error = await this.#show(delivery, account, adapter);
      // Left lagging: the sweep tries again. What was refused would be refused again.
      if (error && error.code !== 'Rejected' && error.code !== 'RecipientGone') return;
    }
    await markEdited(db, id, delivery.edit_wanted);
  }

  async #show(delivery: Delivery, account: Account, adapter: ChannelAdapter): Promise<ChannelError | null> {
    try {
      const language = await this.#languageOf(delivery, account);
      const [message] = await composeMessages(this.#core, [{ delivery, accountId: account.id, language }]);
      const externalMessageId = delivery.external_message_id;
      if (message && externalMessageId !== null) {
        await adapter.edit(account.external_id, { externalMessageId }, message);
      }
      return null;
    } catch (cause) {
      const error =
        cause instanceof ChannelError ? cause : new ChannelError('Rejected', 'unnamed fault', { cause });
      this.#report.trouble(account.channel, error);
      if (error.code === 'Throttled') this.#pace.pause(account.channel, error.retryAfterMs ?? 1000);
      return error;
    }
  }

  async #languageOf({ member_id }: Delivery, account: Account): Promise<Language> {
    const [member] = member_id === null ? [] : await membersByIds(this.#core.db, [member_id]);
    return member?.language ?? account.language;
  }
}
