import type { AnnouncementDraft } from '../announcements/announcement.ts';
import { createAnnouncement } from '../announcements/create.ts';
import { describeProblem } from '../announcements/parity.ts';
import { previewAnnouncement } from '../announcements/preview.ts';
import { checkSomebody } from '../audiences/reach.ts';
import { answerBarrier } from '../barriers/handle.ts';
import { reportBarrier } from '../barriers/report.ts';
import type { Action, Block } from '../channels/outbound-message.ts';
import { matchCompanies } from '../companies/match.ts';
import type { Draft } from '../deliveries/content.ts';
import { reasonText } from '../deliveries/reason.ts';
import { DomainError } from '../domain-error.ts';
import { join } from '../invitations/join.ts';
import type { Language } from '../language.ts';
import { setAccountLanguage } from '../members/accounts.ts';
import { eraseMember } from '../members/erase.ts';
import { renameMember, setLanguage } from '../members/member.ts';
import { listBranches } from '../network/branches.ts';
import { answerReply } from '../replies/answer.ts';
import { addReply } from '../replies/replies.ts';
import { literal, type Text } from '../text.ts';
import type { AnnouncementPreview, Call, Outcome } from './dialog.ts';
import { tellAuthorOfReply } from './notices.ts';
import type { Talk } from './talk.ts';

/** Does what a dialog asked for; what a rule forbids comes back as words. */
export async function perform(talk: Talk, call: Call): Promise<Outcome> {
  try {
    return await done(talk, call);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { kind: 'refused', text: { key: error.key, params: error.params }, field: error.field ?? null };
  }
}

async function done(talk: Talk, call: Call): Promise<Outcome> {
  const { unit } = talk;
  switch (call.kind) {
    case 'setLanguage':
      await speak(talk, call.language);
      return { kind: 'done' };
    case 'matchCompanies':
      return { kind: 'companies', companies: await matchCompanies(unit.db, call.typed, 5) };
    case 'listBranches': {
      const branches = await listBranches(unit.db);
      return {
        kind: 'branches',
        branches: branches.map(({ id, namePl, nameEn }) => ({ id, pl: namePl, en: nameEn })),
      };
    }
    case 'join': {
      const { code, language, companyId } = call;
      const accountId = talk.account.id;
      await join(unit, { accountId, code, language, ...(companyId === null ? {} : { companyId }) });
      await talk.reload();
      return { kind: 'done' };
    }
    default:
      return doneByMember(talk, call, memberId(talk));
  }
}

type MemberCall = Exclude<Call, { kind: 'setLanguage' | 'matchCompanies' | 'listBranches' | 'join' }>;

async function doneByMember(talk: Talk, call: MemberCall, id: string): Promise<Outcome> {
  const { unit } = talk;
  switch (call.kind) {
    case 'reportBarrier': {
      const { text, barrier, visibility, anonymous } = call;
      const made = await reportBarrier(unit, { memberId: id, text, kind: barrier, visibility, anonymous });
      return { kind: 'reported', id: made.id, number: made.number };
    }
    case 'addReply': {
      const { subjectKind, subjectId, text } = call;
      const replyId = await addReply(unit, { subjectKind, subjectId, memberId: id, text });
      await tellAuthorOfReply(talk, { ...call, replyId });
      return { kind: 'done' };
    }
    case 'setName':
      await renameMember(unit, id, call.name);
      await talk.reload();
      return { kind: 'done' };
    case 'erase':
      await eraseMember(unit, id);
      talk.forget();
      await talk.reload();
      return { kind: 'done' };
    default:
      return doneByStaff(talk, call, id);
  }
}

type StaffCall = Exclude<MemberCall, { kind: 'reportBarrier' | 'addReply' | 'setName' | 'erase' }>;

async function doneByStaff(talk: Talk, call: StaffCall, id: string): Promise<Outcome> {
  const { unit } = talk;
  // Asked again here: the dialog may have been open since before the role was taken away.
  if (!talk.staff) throw new DomainError('chat:errors.staffOnly');
  switch (call.kind) {
    case 'answerReply':
      await answerReply(unit, { replyId: call.replyId, text: call.text, staffId: id });
      return { kind: 'done' };
    case 'answerBarrier':
      await answerBarrier(unit, call.barrierId, call.text, id);
      return { kind: 'done' };
    case 'previewAnnouncement':
      return { kind: 'preview', preview: await preview(talk, call.draft) };
    case 'createAnnouncement':
      await createAnnouncement(unit, call.draft, id);
      return { kind: 'done' };
  }
}

async function preview({ unit }: Talk, draft: AnnouncementDraft): Promise<AnnouncementPreview> {
  const { messages, reach, problems, sendAt } = await previewAnnouncement(unit, draft);
  await checkSomebody(unit, draft.audience, sendAt);
  return {
    messages: messages.map(({ blocks }) => asWritten(blocks)),
    people: reach.people,
    companies: reach.companies,
    unreachable: Object.entries(reach.unreachable).map(([reason, people]) => ({
      reason: reasonText('unreachable', reason),
      people,
    })),
    parity: problems.map(describeProblem),
  };
}

/** Words already resolved, said as they are; pictures and files cannot be composed in a chat. */
function asWritten(blocks: readonly Block<string>[]): Draft {
  return blocks.flatMap((block): Draft => {
    switch (block.type) {
      case 'text':
        return [{ ...block, text: literal(block.text) }];
      case 'actions':
        return [{ ...block, actions: block.actions.map(pictured) }];
      default:
        return [];
    }
  });
}

function pictured(action: Action<string>): Action<Text> {
  if (action.kind === 'link') return { ...action, label: literal(action.label) };
  const { kind, id, label, style } = action;
  return { kind, id, label: literal(label), ...(style ? { style } : {}) };
}

/** From now on everything is said in this language. */
export async function speak(talk: Talk, language: Language): Promise<void> {
  await setAccountLanguage(talk.unit, talk.account.id, language);
  if (talk.member) await setLanguage(talk.unit, talk.member.id, language);
  await talk.reload();
}

function memberId({ member }: Talk): string {
  if (!member) throw new DomainError('chat:errors.joinFirst');
  return member.id;
}
