import type { StoredContent, StoredDraft } from '../deliveries/content.ts';
import { DomainError } from '../domain-error.ts';
import { isUnnamed } from '../members/unnamed.ts';
import { type NetworkSettings, networkSettings } from '../network/settings.ts';
import { enqueue, refresh } from '../outbox.ts';
import { type Account, findAccount } from '../store/accounts.ts';
import { findCompany } from '../store/companies.ts';
import { deleteConversation, findConversationRow, writeConversation } from '../store/conversations.ts';
import { changeDelivery, type Delivery } from '../store/deliveries.ts';
import { findMember, type Member } from '../store/members.ts';
import type { DeliverySubject } from '../store/tables/flow.ts';
import type { Text } from '../text.ts';
import type { Unit } from '../unit.ts';
import { perform } from './calls.ts';
import { type Conversation, noConversation, type OpenDialog } from './conversation.ts';
import type { DialogContext } from './dialog.ts';
import { findDialog } from './dialogs/index.ts';
import { advance, type Effect, type Happening, openTitle, unfinished } from './engine.ts';

/** Another event of the same person was taken in between: the whole event is taken again. */
export class ConversationMoved extends Error {
  override readonly name = 'ConversationMoved';
}

export interface SayOptions {
  readonly subject?: { readonly kind: DeliverySubject; readonly id: string };
  readonly content?: Omit<StoredContent, 'blocks'>;
}

/** One event being taken: who speaks, what their conversation is, and how they are answered. Lives within one transaction. */
export class Talk {
  readonly unit: Unit;
  readonly network: NetworkSettings;
  #account: Account;
  #member: Member | null;
  #company: string | null = null;
  #loaded: Conversation = noConversation;
  #owner = '';
  /** The message whose button was pressed. */
  pressed: Delivery | null = null;
  conversation: Conversation = noConversation;

  private constructor(unit: Unit, network: NetworkSettings, account: Account, member: Member | null) {
    this.unit = unit;
    this.network = network;
    this.#account = account;
    this.#member = member;
  }

  static async open(unit: Unit, account: Account, member: Member | null): Promise<Talk> {
    const talk = new Talk(unit, await networkSettings(unit.db), account, member);
    await talk.#loadCompany();
    talk.#owner = talk.ownerId;
    talk.#loaded = await loadConversation(unit, talk.#owner);
    talk.conversation = talk.#loaded;
    return talk;
  }

  get account(): Account {
    return this.#account;
  }

  /** Null until they have joined. */
  get member(): Member | null {
    return this.#member;
  }

  get ownerId(): string {
    return this.#member?.id ?? this.#account.id;
  }

  get staff(): boolean {
    const member = this.#member;
    return member !== null && member.role !== 'member' && member.status === 'active';
  }

  get context(): DialogContext {
    const name = this.#member?.name ?? this.#account.display_name ?? '';
    return {
      language: this.#member?.language ?? this.#account.language,
      texts: this.unit.texts,
      network: this.network,
      person: {
        joined: this.#member !== null,
        staff: this.staff,
        stopped: this.#member?.status === 'stopped',
        name,
        unnamed: this.#member !== null && isUnnamed(this.unit.texts, name),
        company: this.#company,
      },
    };
  }

  /** Answers on the messenger the person just wrote from. */
  async say(blocks: StoredDraft, { subject, content }: SayOptions = {}): Promise<void> {
    const accountId = this.#account.id;
    await enqueue(this.unit, [
      {
        to: this.#member ? { memberId: this.#member.id, accountId } : { accountId },
        subject: subject ?? { kind: 'dialog', id: this.ownerId },
        ...(subject ? { purpose: 'shown' } : {}),
        content: { blocks, ...content },
        lane: 'person',
      },
    ]);
  }

  sayText(text: Text): Promise<void> {
    return this.say([{ type: 'text', text }]);
  }

  /** Does `work`; what a rule forbids is told to the person. False when it was refused. */
  async orRefused(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.sayText({ key: error.key, params: error.params });
      return false;
    }
  }

  /** Takes the conversation one step on and does what comes of it. */
  async advance(happening: Happening): Promise<void> {
    const next = advance(this.conversation, happening, this.context);
    this.conversation = next.conversation;
    for (const effect of next.effects) await this.#do(effect);
  }

  /** Reminds of a dialog that still stands open, after something else was answered. */
  async offerUnfinished(): Promise<void> {
    const title = openTitle(this.conversation);
    if (title) await this.#do(unfinished(title, this.conversation.revision));
  }

  /** The pressed message shows `text` in place of its buttons. */
  async choose(text: Text): Promise<void> {
    if (!this.pressed?.content) return;
    const content = JSON.parse(this.pressed.content) as StoredContent;
    if (content.chosen) return;
    await changeDelivery(this.unit.db, this.pressed.id, {
      content: JSON.stringify({ ...content, chosen: text }),
    });
    await refresh(this.unit, [this.pressed.id], 'person');
  }

  /** Reads again who speaks: they joined, linked, were erased or changed their language. */
  async reload(): Promise<void> {
    this.#account = (await findAccount(this.unit.db, this.#account.id)) ?? this.#account;
    const { member_id } = this.#account;
    this.#member = member_id === null ? null : ((await findMember(this.unit.db, member_id)) ?? null);
    await this.#loadCompany();
  }

  /** What was left open below is forgotten with its person. */
  forget(): void {
    const { revision, open } = this.conversation;
    this.conversation = { revision, open: open && { ...open, below: null } };
  }

  /** Writes the conversation down. Throws ConversationMoved when another event was faster. */
  async save(): Promise<void> {
    if (this.ownerId !== this.#owner) return this.#handOver();
    if (this.conversation === this.#loaded) return;
    await this.#write(this.conversation, this.#loaded.revision);
  }

  /** The address has become a member's (or nobody's): what was open there is over, what the member had open stays. */
  async #handOver(): Promise<void> {
    await deleteConversation(this.unit.db, this.#owner);
    const there = await loadConversation(this.unit, this.ownerId);
    const revision = Math.max(there.revision, this.conversation.revision) + 1;
    await this.#write({ revision, open: there.open }, there.revision);
  }

  async #write({ revision, open }: Conversation, before: number): Promise<void> {
    const row = {
      owner_id: this.ownerId,
      dialog: open?.dialog ?? 'none',
      version: open?.version ?? 0,
      revision,
      state: JSON.stringify(open),
      updated_at: this.unit.now,
    };
    if (!(await writeConversation(this.unit.db, row, before))) throw new ConversationMoved();
  }

  async #do(effect: Effect): Promise<void> {
    switch (effect.kind) {
      case 'say': {
        const { blocks, revision, about } = effect;
        const content = revision === undefined ? {} : { content: { revision } };
        return this.say(blocks, { ...content, ...(about ? { subject: about } : {}) });
      }
      case 'chosen':
        return this.choose(effect.text);
      case 'call':
        return this.advance({ type: 'outcome', outcome: await perform(this, effect.call) });
    }
  }

  async #loadCompany(): Promise<void> {
    const id = this.#member?.company_id ?? null;
    this.#company = id === null ? null : ((await findCompany(this.unit.db, id))?.name ?? null);
  }
}

async function loadConversation({ db }: Unit, ownerId: string): Promise<Conversation> {
  const row = await findConversationRow(db, ownerId);
  if (!row) return noConversation;
  const open = JSON.parse(row.state) as OpenDialog | null;
  // A dialog that no longer exists is over; what was open before it is back.
  const known = open && !findDialog(open.dialog) ? (open.below ?? null) : open;
  return { revision: row.revision, open: known && findDialog(known.dialog) ? known : null };
}
