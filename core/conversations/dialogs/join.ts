import type { Draft } from '../../deliveries/content.ts';
import { isLanguage } from '../../language.ts';
import { literal, say } from '../../text.ts';
import type {
  CompanyMatch,
  Dialog,
  DialogArgs,
  DialogContext,
  DialogInput,
  Outcome,
  Step,
} from '../dialog.ts';
import { menuButtons } from '../menu.ts';
import { askName, buttons, input, languageNames, line, note, title } from './parts.ts';

/** `args`: code; pickCompany '1' for the open link; name, company when the invitation knows them. */
interface JoinState {
  readonly step: 'language' | 'company' | 'matches' | 'consent';
  readonly args: DialogArgs;
  readonly companyId: string | null;
  readonly companyName: string | null;
  readonly matches: readonly CompanyMatch[];
}

export const joinDialog: Dialog<JoinState> = {
  name: 'join',
  version: 1,
  title: say('chat:join.name'),

  begin(args, { network }) {
    const state: JoinState = {
      step: 'language',
      args,
      companyId: null,
      companyName: args.company ?? null,
      matches: [],
    };
    return { state: network.languages.length > 1 ? state : afterLanguage(state) };
  },

  ask(state, context) {
    switch (state.step) {
      case 'language':
        return askLanguage(state, context);
      case 'company':
        return [line('chat:join.company'), input('chat:join.companyHint'), noCompany()];
      case 'matches':
        return [
          line('chat:join.matches'),
          buttons(...state.matches.map(({ name }, i) => ({ id: `company.${i}`, label: literal(name) }))),
          noCompany(),
        ];
      case 'consent':
        return askConsent(state, context);
    }
  },

  awaits: ({ step }) => (step === 'company' || step === 'matches' ? 'text' : 'button'),

  take(state, input, context) {
    switch (input.type) {
      case 'outcome':
        return afterCall(state, input.outcome, context);
      case 'text':
        return { state, call: { kind: 'matchCompanies', typed: input.text } };
      case 'press':
        return press(state, input, context);
    }
  },
};

function askLanguage({ args }: JoinState, { language, network }: DialogContext): Draft {
  const order = [language, ...network.languages.filter((other) => other !== language)];
  const known = [
    args.name ? { label: say('chat:join.for'), value: literal(args.name) } : null,
    args.company ? { label: say('chat:join.fromCompany'), value: literal(args.company) } : null,
  ].filter((item) => item !== null);
  return [
    title('chat:join.welcome', { network: network.name }),
    ...(known.length > 0 ? [{ type: 'fields', items: known } as const] : []),
    line('chat:join.language'),
    buttons(
      ...order.map((l) => ({
        id: `language.${l}`,
        label: languageNames[l],
        ...(l === language ? { style: 'primary' as const } : {}),
      })),
    ),
  ];
}

function askConsent({ companyName }: JoinState, { network }: DialogContext): Draft {
  return [
    title('chat:join.consentTitle'),
    ...(companyName ? [line('chat:join.consentCompany', { company: companyName })] : []),
    line('chat:join.consentSees', { network: network.name }),
    line('chat:join.consentNot'),
    line('chat:join.consentLeave'),
    ...(network.contact ? [note('chat:join.consentContact', { contact: network.contact })] : []),
    buttons(
      { id: 'agree', label: say('chat:join.agree'), style: 'primary' },
      { id: 'later', label: say('chat:join.later') },
    ),
  ];
}

function noCompany() {
  return buttons({ id: 'company.none', label: say('chat:join.noCompany') });
}

function afterLanguage(state: JoinState): JoinState {
  return { ...state, step: state.args.pickCompany === '1' ? 'company' : 'consent' };
}

function press(
  state: JoinState,
  { id }: Extract<DialogInput, { type: 'press' }>,
  { language, network }: DialogContext,
): Step<JoinState> {
  const [what, value] = id.split('.');
  if (what === 'language' && isLanguage(value)) {
    return { state, call: { kind: 'setLanguage', language: value } };
  }
  if (what === 'company') {
    const company = state.matches[Number(value)];
    const chosen = { companyId: company?.id ?? null, companyName: company?.name ?? null };
    return { state: { ...state, ...chosen, step: 'consent' } };
  }
  if (id === 'later') {
    const words = network.joining === 'open' ? 'chat:join.notNowOpen' : 'chat:join.notNow';
    return { state: null, say: [[line(words)]] };
  }
  const { args, companyId } = state;
  return { state, call: { kind: 'join', code: args.code ?? '', language, companyId } };
}

function afterCall(state: JoinState, outcome: Outcome, { person }: DialogContext): Step<JoinState> {
  if (outcome.kind === 'refused') return { state: null, say: [[{ type: 'text', text: outcome.text }]] };
  if (outcome.kind === 'companies') {
    const matches = outcome.companies.slice(0, 5);
    return matches.length > 0
      ? { state: { ...state, step: 'matches', matches } }
      : { state: { ...state, step: 'company', matches }, say: [[line('chat:join.noMatch')]] };
  }
  if (state.step === 'language') return { state: afterLanguage(state) };
  const done = [
    title('chat:join.done'),
    line('chat:join.next'),
    ...askName(person),
    menuButtons(person.staff),
  ];
  return { state: null, say: [done] };
}
