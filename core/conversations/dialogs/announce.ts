import { type AnnouncementDraft, limits } from '../../announcements/announcement.ts';
import type { Audience } from '../../audiences/audience.ts';
import type { Draft } from '../../deliveries/content.ts';
import type { Language } from '../../language.ts';
import { defaultReminders } from '../../reminders.ts';
import { type Authored, authored, literal, say, type Text } from '../../text.ts';
import type { AnnouncementPreview, CompanyMatch, Dialog, DialogContext, Outcome, Step } from '../dialog.ts';
import { buttons, input, line, note, quote, title } from './parts.ts';

type Branch = { readonly id: string; readonly pl: string; readonly en: string };

interface AnnounceState {
  readonly step: 'title' | 'text' | 'audience' | 'branches' | 'company' | 'companies' | 'confirm' | 'preview';
  /** The language the title and text are being asked for. */
  readonly language: Language;
  readonly title: Authored;
  readonly text: Authored;
  readonly audience: Audience;
  readonly audienceName: Text;
  readonly confirm: boolean;
  readonly branches: readonly Branch[];
  readonly companies: readonly CompanyMatch[];
  readonly preview: Omit<AnnouncementPreview, 'messages'> | null;
}

const everyone = say('chat:announce.everyone');

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

  ask(state, context) {
    switch (state.step) {
      case 'title':
        return askTitle(state, context);
      case 'text':
        return askText(state);
      case 'audience':
        return askAudience();
      case 'branches':
        return [line('chat:announce.branches'), branchChoice(state)];
      case 'company':
        return [line('chat:announce.company'), input('chat:announce.companyHint')];
      case 'companies':
        return [line('chat:announce.companies'), companyButtons(state)];
      case 'confirm':
        return askConfirm();
      case 'preview':
        return askPreview(state);
    }
  },

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

function firstLanguage({ network, language }: DialogContext): Language {
  return network.languages[0] ?? language;
}

function nextLanguage(state: AnnounceState, { network }: DialogContext): Language | undefined {
  return network.languages[network.languages.indexOf(state.language) + 1];
}

function askTitle({ language, title }: AnnounceState, context: DialogContext): Draft {
  const choices = [
    ...keepButton(title[language]),
    ...(language === firstLanguage(context) ? [] : [{ id: 'skip', label: say('chat:announce.skip') }]),
  ];
  return [
    line(`chat:announce.title.${language}`),
    ...asBefore(title[language]),
    input('chat:announce.titleHint'),
    ...(choices.length > 0 ? [buttons(...choices)] : []),
  ];
}

function askText({ language, text }: AnnounceState): Draft {
  const keep = keepButton(text[language]);
  return [
    line(`chat:announce.text.${language}`),
    ...asBefore(text[language]),
    input('chat:announce.textHint'),
    ...(keep.length > 0 ? [buttons(...keep)] : []),
  ];
}

/** What was written before, when it is gone through again. */
const asBefore = (words: string | undefined) => (words === undefined ? [] : [quote(words)]);

const keepButton = (words: string | undefined) =>
  words === undefined ? [] : [{ id: 'keep', label: say('chat:announce.keep') }];

function askAudience(): Draft {
  return [
    line('chat:announce.audience'),
    buttons(
      { id: 'to.everyone', label: everyone },
      { id: 'to.branches', label: say('chat:announce.toBranches') },
      { id: 'to.company', label: say('chat:announce.toCompany') },
      { id: 'to.staff', label: say('chat:announce.toStaff') },
    ),
  ];
}

function branchChoice({ branches }: AnnounceState): Draft[number] {
  return {
    type: 'choice',
    id: 'branches',
    multiple: true,
    options: branches.map(({ pl, en }, i) => ({ value: String(i), label: authored({ pl, en }) })),
    submitLabel: say('chat:announce.branchesDone'),
  };
}

function companyButtons({ companies }: AnnounceState): Draft[number] {
  return buttons(...companies.map(({ name }, i) => ({ id: `company.${i}`, label: literal(name) })));
}

function askConfirm(): Draft {
  return [
    line('chat:announce.confirm', { count: defaultReminders.count, hours: defaultReminders.everyHours }),
    buttons(
      { id: 'confirm.yes', label: say('chat:announce.confirmYes'), style: 'primary' },
      { id: 'confirm.no', label: say('chat:announce.confirmNo') },
    ),
  ];
}

function askPreview({ preview, audienceName }: AnnounceState): Draft {
  const { people = 0, companies = 0, unreachable = [], parity = [] } = preview ?? {};
  const reach = say('chat:announce.reach', {
    people: say('chat:count.people', { count: people }),
    companies: say('chat:count.companies', { count: companies }),
  });
  const lost = unreachable.map((u) => ({
    label: u.reason,
    value: say('chat:count.people', { count: u.people }),
  }));
  return [
    title('chat:announce.ready'),
    {
      type: 'fields',
      items: [
        { label: say('chat:announce.audienceLabel'), value: audienceName },
        { label: say('chat:announce.reachLabel'), value: reach },
      ],
    },
    ...(lost.length > 0 ? [line('chat:announce.lost'), { type: 'fields', items: lost } as const] : []),
    ...(parity.length > 0 ? [line('chat:announce.parity')] : []),
    ...parity.map((text) => ({ type: 'text', style: 'note', text }) as const),
    buttons(
      {
        id: 'send',
        label: say(parity.length > 0 ? 'chat:announce.sendAnyway' : 'chat:announce.send'),
        style: 'primary',
      },
      { id: 'again', label: say('chat:announce.again') },
      { id: 'discard', label: say('chat:announce.discard'), style: 'danger' },
    ),
  ];
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
