import type { OutboundMessage } from '../../core/channels/outbound-message.ts';
import type { Language } from '../../core/language.ts';
import { createPoll } from '../../core/polls/create.ts';
import type { PollDraft } from '../../core/polls/poll.ts';
import { vote } from '../../core/polls/vote.ts';
import { insertAccounts } from '../../core/store/accounts.ts';
import { insertCompanies } from '../../core/store/companies.ts';
import { insertMembers } from '../../core/store/members.ts';
import type { TestCore } from '../support/test-core.ts';

export const minute = 60_000;
export const hour = 60 * minute;

export interface Person {
  readonly id: string;
  readonly language?: Language;
  readonly role?: 'member' | 'staff' | 'administrator';
  readonly status?: 'listed' | 'active' | 'stopped';
  readonly companyId?: string;
  /** Without an account nobody is reached. */
  readonly account?: boolean;
}

/** Members who have joined on the web chat, each with the address `chat-<id>`. */
export async function addPeople({ core, clock }: TestCore, people: readonly Person[]): Promise<void> {
  await core.transaction(async ({ db }) => {
    const at = clock.now();
    for (const person of people) {
      await insertMembers(db, [
        {
          id: person.id,
          name: `Osoba ${person.id}`,
          name_folded: `osoba ${person.id}`,
          email: null,
          company_id: person.companyId ?? null,
          role: person.role ?? 'member',
          language: person.language ?? 'pl',
          status: person.status ?? 'active',
          consent_at: at,
          consent_version: 1,
          stopped_at: null,
          demo: 0,
          simulated: 0,
          tags: '[]',
          revision: 1,
          created_at: at,
          updated_at: at,
        },
      ]);
      if (person.account === false) continue;
      await insertAccounts(db, [
        {
          id: `account-${person.id}`,
          channel: 'webchat',
          external_id: `chat-${person.id}`,
          member_id: person.id,
          status: 'open',
          gone_reason: null,
          display_name: null,
          language: person.language ?? 'pl',
          last_used_at: at,
          created_at: at,
        },
      ]);
    }
  });
}

export async function addCompany({ core, clock }: TestCore, id: string, branchId: string): Promise<void> {
  const at = clock.now();
  await insertCompanies(core.db, [
    {
      id,
      name: `Firma ${id}`,
      name_folded: `firma ${id}`,
      branch_id: branchId,
      offer_pl: null,
      offer_en: null,
      website: null,
      unit: null,
      tags: '[]',
      demo: 0,
      revision: 1,
      created_at: at,
      updated_at: at,
    },
  ]);
}

export const people = (count: number, more: Omit<Person, 'id'> = {}): Person[] =>
  Array.from({ length: count }, (_, n) => ({ id: `m${String(n + 1).padStart(3, '0')}`, ...more }));

export function draftOf(test: TestCore, change: Partial<PollDraft> = {}): PollDraft {
  return {
    question: { pl: 'Gdzie spotkanie?', en: 'Where to meet?' },
    options: [
      { pl: 'Sala', en: 'Hall' },
      { pl: 'Zdalnie', en: 'Online' },
      { pl: 'Wcale', en: 'Nowhere' },
    ],
    multiple: false,
    anonymous: false,
    showResults: 'afterVote',
    closesAt: test.clock.now() + 6 * hour,
    reminders: { count: 0, everyHours: 24 },
    ...change,
  };
}

/** A poll that is open and has reached everybody. */
export async function openPollNow(test: TestCore, change: Partial<PollDraft> = {}): Promise<string> {
  const { id } = await test.core.transaction((unit) => createPoll(unit, draftOf(test, change), null));
  await test.settle();
  return id;
}

export function cast(test: TestCore, pollId: string, memberId: string, ...values: number[]) {
  return test.core.transaction((unit) => vote(unit, { pollId, memberId, values }));
}

/** Everything a message says, one part a line. */
export function wordsOf(message: OutboundMessage | undefined): string {
  return (message?.blocks ?? [])
    .map((block) => {
      switch (block.type) {
        case 'text':
          return block.text;
        case 'fields':
          return block.items.map((i) => `${i.label}: ${i.value}`).join('\n');
        case 'actions':
          return block.actions.map((a) => `[${a.label}]`).join(' ');
        case 'choice':
          return block.options.map((o) => `(${o.value}) ${o.label}`).join(' ');
        case 'image':
          return `<${block.alt}>`;
        default:
          return `<${block.type}>`;
      }
    })
    .join('\n');
}

/** What the person's messages say now, oldest first. */
export const shownTo = (test: TestCore, memberId: string): string[] =>
  test.channels.webchat.to(`chat-${memberId}`).map(wordsOf);
