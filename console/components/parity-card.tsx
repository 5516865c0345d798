import { ParityError } from '../../core/announcements/index.ts';
import type { DomainError } from '../../core/domain-error.ts';
import type { Text } from '../../core/text.ts';
import type { View } from '../context.ts';
import { errorWords } from '../errors.tsx';
import { Check, type FormError } from './fields.tsx';
import { Card } from './ui.tsx';

const tick = 'overrideParity';

/** Why something was not sent, where its words cannot be changed: leads to the tick below when that is what is missing. */
export const besideTick = (view: View, error: DomainError): FormError => ({
  words: errorWords(view, error),
  field: error instanceof ParityError ? tick : undefined,
});

/** Where the languages differ, and the tick that sends all the same. */
export const ParityCard = ({ view, problems }: { view: View; problems: readonly Text[] }) =>
  problems.length === 0 ? null : (
    <Card title={view.t('console:compose.parityTitle')} class="warn">
      <ul class="ds-list">
        {problems.map((problem) => (
          <li>{view.words(problem)}</li>
        ))}
      </ul>
      <ParityTick view={view} />
    </Card>
  );

export const ParityTick = ({ view }: { view: View }) => (
  <Check
    name={tick}
    label={view.t('console:compose.parityOverride')}
    hint={view.t('console:compose.parityHint')}
  />
);
