import { type AnnouncementDraft, limits } from '../../announcements/announcement.ts';
import type { Language } from '../../language.ts';
import { type Authored, authored, literal, say } from '../../text.ts';
import type { CompanyMatch, Dialog, DialogContext, Outcome, Step } from '../dialog.ts';
import { type AnnounceState, everyone, firstLanguage, question } from './announce-questions.ts';
import { line, note, title } from './parts.ts';

export const announceDialog: Dialog<AnnounceState> = {
  name: 'announce',
  version: 1,
  title: say('chat:announce.name'),

  begin: (_args, context) => ({
    state: {
      step: 'title',
      language: firstLanguage(context),
      title: {},
      text: {},
      audience: {},
      audienceName: everyone,
      confirm: true,
      branches: [],
      companies: [],
      preview: null,
    },
  }),

  ask: question,

  awaits: ({ step }) => (['title', 'text', 'company', 'companies'].includes(step) ? 'text' : 'button'),

  take(state, input, context) {
    switch (input.type) {
      case 'text':
        return write(state, input.text, context);
      case 'press':
        return press(state, input.id, input.values, context);
      case 'outcome':
        return afterCall(state, input.outcome, context);
    }
  },
};

function nextLanguage(state: AnnounceState, { network }: DialogContext): Language | undefined {
  return network.languages[network.languages.indexOf(state.language) + 1];
}

function write(state: AnnounceState, words: string, context: DialogContext): Step<AnnounceState> {
  const { language } = state;
  switch (state.step) {
    case 'title':
      if (words.length > limits.title) return tooLong(state, words.length, limits.title);
      return { state: { ...state, title: { ...state.title, [language]: words }, step: 'text' } };
    case 'text':
      if (words.length > limits.text) return tooLong(state, words.length, limits.text);
      return { state: nextText({ ...state, text: { ...state.text, [language]: words } }, context) };
    default:
      return { state, call: { kind: 'matchCompanies', typed: words } };
  }
}

function tooLong(state: AnnounceState, length: number, limit: number): Step<AnnounceState> {
  return { state, say: [[line('chat:announce.tooLong', { length, limit })]] };
}

function withoutLanguage(state: AnnounceState): AnnounceState {
  const others = (words: Authored) =>
    Object.fromEntries(Object.entries(words).filter(([language]) => language !== state.language));
  return { ...state, title: others(state.title), text: others(state.text) };
}

/** On to the next language's title, or to the audience after the last. */
function nextText(state: AnnounceState, context: DialogContext): AnnounceState {
  const next = nextLanguage(state, context);
  return next ? { ...state, language: next, step: 'title' } : { ...state, step: 'audience' };
}

function press(
  state: AnnounceState,
  id: string,
  values: readonly string[],
  context: DialogContext,
): Step<AnnounceState> {
  const company = id.startsWith('company.') ? state.companies[Number(id.slice(8))] : undefined;
  if (company) return { state: toCompany(state, company) };
  switch (id) {
    case 'skip':
      return { state: nextText(withoutLanguage(state), context) };
    case 'keep':
      return { state: state.step === 'title' ? { ...state, step: 'text' } : nextText(state, context) };
    case 'to.everyone':
      return { state: { ...state, audience: {}, audienceName: everyone, step: 'confirm' } };
    case 'to.staff': {
      const audienceName = say('chat:announce.toStaff');
      return {
        state: { ...state, audience: { roles: ['staff', 'administrator'] }, audienceName, step: 'confirm' },
      };
    }
    case 'to.company':
      return { state: { ...state, step: 'company' } };
    case 'to.branches':
      return { state: { ...state, step: 'branches' }, call: { kind: 'listBranches' } };
    case 'branches':
      return { state: toBranches(state, values) };
    case 'confirm.yes':
    case 'confirm.no': {
      const asked = { ...state, confirm: id === 'confirm.yes' };
      return { state: asked, call: { kind: 'previewAnnouncement', draft: draftOf(asked, false) } };
    }
    case 'again':
      return { state: { ...state, step: 'title', language: firstLanguage(context) } };
    case 'discard':
      return { state: null, say: [[line('chat:announce.discarded')]] };
    default:
      return { state, call: { kind: 'createAnnouncement', draft: draftOf(state, true) } };
  }
}

function toCompany(state: AnnounceState, { id, name }: CompanyMatch): AnnounceState {
  return { ...state, audience: { companies: [id] }, audienceName: literal(name), step: 'confirm' };
}

function toBranches(state: AnnounceState, values: readonly string[]): AnnounceState {
  const picked = state.branches.filter((_, i) => values.includes(String(i)));
  if (picked.length === 0) return state;
  const names = (language: Language) => picked.map((b) => b[language]).join(', ');
  return {
    ...state,
    audience: { branches: picked.map((b) => b.id) },
    audienceName: authored({ pl: names('pl'), en: names('en') }),
    step: 'confirm',
  };
}

function afterCall(state: AnnounceState, outcome: Outcome, context: DialogContext): Step<AnnounceState> {
  switch (outcome.kind) {
    case 'branches':
      return { state: { ...state, branches: outcome.branches } };
    case 'companies': {
      const companies = outcome.companies.slice(0, 5);
      return companies.length > 0
        ? { state: { ...state, companies, step: 'companies' } }
        : { state: { ...state, step: 'company' }, say: [[line('chat:announce.noCompany')]] };
    }
    case 'preview': {
      const { messages, ...preview } = outcome.preview;
      return {
        state: { ...state, preview, step: 'preview' },
        say: [[line('chat:announce.preview')], ...messages],
      };
    }
    case 'refused':
      return {
        state: askedAgain(state, outcome.field, context),
        say: [[{ type: 'text', text: outcome.text }]],
      };
    default:
      return { state: null, say: [[title('chat:announce.sent'), note('chat:announce.sentNote')]] };
  }
}

/** Back to the question whose answer was refused; the words from their beginning. */
function askedAgain(state: AnnounceState, field: string | null, context: DialogContext): AnnounceState {
  if (field?.startsWith('audience')) return { ...state, step: 'audience' };
  return { ...state, step: 'title', language: firstLanguage(context) };
}

function draftOf(
  { title, text, audience, confirm }: AnnounceState,
  overrideParity: boolean,
): AnnouncementDraft {
  return {
    title,
    text,
    audience,
    confirm,
    urgent: false,
    replies: true,
    overrideParity,
  };
}
