import type { ChannelCapabilities } from '../channels/channel-adapter.ts';
import type { Block, Media, OutboundMessage } from '../channels/outbound-message.ts';
import { homeDeliveries } from '../conversations/home.ts';
import type { Language } from '../language.ts';
import { signInAddress } from '../sign-in/sent-link.ts';
import { loadMedia } from '../store/attachments.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { Texts } from '../text.ts';
import type { Core } from '../unit.ts';
import { composeDrafts } from './composers.ts';
import type { AttachmentRef, Draft, StoredDraft } from './content.ts';
import type { Addressee } from './destination.ts';
import { resolveBlocks } from './resolve-blocks.ts';

export interface Addressed {
  readonly delivery: Delivery;
  /** The account or group it goes to, or stands in. */
  readonly to: Pick<Addressee, 'id'>;
  readonly language: Language;
  readonly adapter: { readonly capabilities: Pick<ChannelCapabilities, 'commandPrefix'> };
}

type Readers = Pick<Core, 'db' | 'clock' | 'texts' | 'ids' | 'url'>;

/**
 * What these deliveries say now, in their readers' languages and order; null where nothing is left to say. Cards and media
 * they share are read and resolved once.
 */
export async function composeMessages(
  core: Readers,
  items: readonly Addressed[],
): Promise<(OutboundMessage | null)[]> {
  const { db, clock, texts } = core;
  const drafts = await composeDrafts(
    db,
    items.map((i) => i.delivery),
    clock.now(),
  );
  const load = once((id: string): Promise<Media> => loadMedia(db, id));
  const media = (ref: AttachmentRef) => load(ref.attachmentId);
  const resolved = new Map<
    StoredDraft,
    (prefix: string) => (language: Language) => Promise<Block<string>[]>
  >();
  return Promise.all(
    items.map(async ({ delivery, to, language, adapter }, i) => {
      const draft = drafts[i];
      if (!draft) return null;
      const into =
        resolved.get(draft) ??
        once((prefix: string) =>
          once((reader: Language) =>
            resolveBlocks(addressed(draft, core), reader, withPrefix(texts, prefix), media),
          ),
        );
      resolved.set(draft, into);
      return {
        token: delivery.token,
        language,
        deliveryId: delivery.id,
        blocks: await into(adapter.capabilities.commandPrefix)(language),
        ...answering(delivery, to.id),
        ...(await homeOf(core, { delivery, to, language, adapter })),
      };
    }),
  );
}

/** Commands are named as they are typed where the text goes. */
function withPrefix(texts: Texts, prefix: string): Texts {
  return { translate: (language, key, params) => texts.translate(language, key, { prefix, ...params }) };
}

/** Below the top of a home stand the cards of what waits, as they are in the conversation. */
async function homeOf(
  core: Readers,
  { delivery, ...reader }: Addressed,
): Promise<Pick<OutboundMessage, 'home'>> {
  if (delivery.subject_kind !== 'home') return {};
  const waiting = await homeDeliveries(core.db, delivery, core.clock.now());
  const cards = await composeMessages(
    core,
    waiting.map((d) => ({ delivery: d, ...reader })),
  );
  return { home: cards.filter((card) => card !== null) };
}

/** Links that must not stand in the database are made from what does. */
function addressed(draft: StoredDraft, core: Readers): Draft {
  return draft.map((block) => {
    if (block.type !== 'actions') return block;
    const actions = block.actions.map((action) => {
      if (action.kind === 'press') return action;
      const { url } = action;
      return { ...action, url: typeof url === 'string' ? url : signInAddress(core, url) };
    });
    return { ...block, actions };
  });
}

/** The message answered is known by its id on one account only. */
function answering({ reply_to, account_id }: Delivery, accountId: string): { replyTo?: string } {
  return reply_to !== null && (account_id === null || account_id === accountId) ? { replyTo: reply_to } : {};
}

function once<K, V>(work: (key: K) => V): (key: K) => V {
  const begun = new Map<K, V>();
  return (key) => {
    const result = begun.get(key) ?? work(key);
    begun.set(key, result);
    return result;
  };
}
