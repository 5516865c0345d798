import type { Audience } from '../../audiences/audience.ts';
import type { Draft } from '../../deliveries/content.ts';
import type { Language } from '../../language.ts';
import { defaultReminders } from '../../reminders.ts';
import { type Authored, authored, literal, say, type Text } from '../../text.ts';
import type { AnnouncementPreview, CompanyMatch, DialogContext } from '../dialog.ts';
import { buttons, input, line, quote, title } from './parts.ts';

type Branch = { readonly id: string; readonly pl: string; readonly en: string };

/** An announcement on its way through the questions. */
export interface AnnounceState {
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

export const everyone = say('chat:announce.everyone');

/** What the step asks. */
export function question(state: AnnounceState, context: DialogContext): Draft {
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
}

export function firstLanguage({ network, language }: DialogContext): Language {
  return network.languages[0] ?? language;
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
