import type { AnnouncementDraft } from '../../core/announcements/announcement.ts';
import { createAnnouncement } from '../../core/announcements/create.ts';
import type { OutboundMessage } from '../../core/channels/outbound-message.ts';
import { insertAccounts } from '../../core/store/accounts.ts';
import { insertCompanies } from '../../core/store/companies.ts';
import { findDeliveryOf } from '../../core/store/deliveries.ts';
import { insertMembers } from '../../core/store/members.ts';
import type { TestCore } from '../support/test-core.ts';

export interface TestPerson {
  readonly id: string;
  readonly language?: 'pl' | 'en';
  readonly status?: 'listed' | 'active' | 'stopped' | 'erased';
  readonly role?: 'member' | 'staff' | 'administrator';
  readonly company?: string | null;
  readonly tags?: readonly string[];
  /** Address by messenger; the last one is the one used last. */
  readonly accounts?: readonly ('webchat' | 'telegram')[];
}

/** A person whose addresses are their id. */
export async function addPerson(t: TestCore, person: TestPerson): Promise<void> {
  const { db } = t.database;
  const now = t.clock.now();
  await insertMembers(db, [
    {
      id: person.id,
      name: `Osoba ${person.id}`,
      name_folded: `osoba ${person.id}`,
      email: null,
      company_id: person.company ?? null,
      role: person.role ?? 'member',
      language: person.language ?? 'pl',
      status: person.status ?? 'active',
      consent_at: now,
      consent_version: 1,
      stopped_at: null,
      demo: 0,
      simulated: 0,
      tags: JSON.stringify(person.tags ?? []),
      revision: 1,
      created_at: now,
      updated_at: now,
    },
  ]);
  for (const [i, channel] of (person.accounts ?? ['webchat']).entries()) {
    await insertAccounts(db, [
      {
        id: `${person.id}-${channel}`,
        channel,
        external_id: person.id,
        member_id: person.id,
        status: 'open',
        gone_reason: null,
        display_name: null,
        language: person.language ?? 'pl',
        last_used_at: now + i,
        created_at: now,
      },
    ]);
  }
}

export async function addCompany(
  t: TestCore,
  id: string,
  branch: string,
  tags: string[] = [],
): Promise<void> {
  await insertCompanies(t.database.db, [
    {
      id,
      name: `Firma ${id}`,
      name_folded: `firma ${id}`,
      branch_id: branch,
      offer_pl: null,
      offer_en: null,
      website: null,
      unit: null,
      tags: JSON.stringify(tags),
      demo: 0,
      revision: 1,
      created_at: t.clock.now(),
      updated_at: t.clock.now(),
    },
  ]);
}

export const draft: AnnouncementDraft = {
  title: { pl: 'Przegląd dźwigów', en: 'Lift inspection' },
  text: { pl: 'Dźwigi stoją 25 listopada.', en: 'No lifts on 25 November.' },
  confirm: true,
};

export async function announce(t: TestCore, change: Partial<AnnouncementDraft> = {}): Promise<string> {
  const { id } = await t.core.transaction((unit) => createAnnouncement(unit, { ...draft, ...change }, null));
  return id;
}

export async function mainOf(t: TestCore, id: string, memberId: string) {
  const delivery = await findDeliveryOf(t.database.db, 'announcement', id, 'main', memberId);
  if (!delivery) throw new Error(`no delivery for ${memberId}`);
  return delivery;
}

export function wordsOf(message: OutboundMessage | undefined): string[] {
  return (message?.blocks ?? []).flatMap((block) => (block.type === 'text' ? [block.text] : []));
}

export function buttonsOf(message: OutboundMessage | undefined): string[] {
  return (message?.blocks ?? []).flatMap((block) =>
    block.type === 'actions' ? block.actions.map((a) => (a.kind === 'press' ? a.id : a.url)) : [],
  );
}
