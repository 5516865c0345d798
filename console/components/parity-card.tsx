import type { Text } from '../../core/text.ts';
import type { View } from '../context.ts';
import { Check } from './fields.tsx';
import { Card } from './ui.tsx';

/** Where the languages differ, and the tick that sends all the same. */
export const ParityCard = ({ view, problems }: { view: View; problems: readonly Text[] }) =>
  problems.length === 0 ? null : (
    <Card title={view.t('console:compose.parityTitle')} class="warn">
      <ul class="ds-list">
        {problems.map((problem) => (
          <li>{view.words(problem)}</li>
        ))}
      </ul>
      <Check
        name="overrideParity"
        label={view.t('console:compose.parityOverride')}
        hint={view.t('console:compose.parityHint')}
      />
    </Card>
  );
