import { reminderLimits } from '../../core/reminders.ts';
import type { View } from '../context.ts';
import type { Fields } from '../forms.ts';
import { Check, type FormError, Group, Select, TextField } from './fields.tsx';

interface Props {
  readonly view: View;
  readonly fields: Fields;
  readonly error?: FormError | null;
}

/** Now or at a moment of the network's clock, and whether quiet hours are heeded. */
export const WhenFields = ({ view, fields, error }: Props) => {
  const { t, network } = view;
  const later = fields.text('when') === 'later';
  return (
    <>
      <Group legend={t('console:compose.when')}>
        <Check type="radio" name="when" value="now" label={t('console:compose.now')} checked={!later} />
        <Check type="radio" name="when" value="later" label={t('console:compose.later')} checked={later} />
      </Group>
      <div class="fields" data-when="when=later">
        <TextField
          name="sendAt"
          type="datetime-local"
          label={t('console:compose.sendAt')}
          hint={t('console:compose.zone', { zone: network.timeZone })}
          value={fields.text('sendAt')}
          error={error}
        />
      </div>
      <UrgentField view={view} fields={fields} />
    </>
  );
};

export const UrgentField = ({ view, fields }: Props) => {
  const { quietFrom, quietTo } = view.network;
  if (quietFrom === null || quietTo === null) return null;
  return (
    <Check
      name="urgent"
      checked={fields.checked('urgent')}
      label={view.t('console:compose.urgent')}
      hint={view.t('console:compose.urgentHint', { from: quietFrom, to: quietTo })}
    />
  );
};

/** How many reminders, how far apart. */
export const RemindersFields = ({ view, fields, hint }: Props & { hint: string }) => {
  const { t } = view;
  const every = [1, 2, 4, 8, 24, 48, 72, 168];
  return (
    <div class="fields">
      <Select
        name="reminderCount"
        label={t('console:compose.reminders')}
        hint={hint}
        value={fields.text('reminderCount')}
        options={Array.from({ length: reminderLimits.most + 1 }, (_, count) => ({
          value: String(count),
          label: count === 0 ? t('console:compose.noReminders') : t('console:count.reminders', { count }),
        }))}
      />
      <Select
        name="reminderEvery"
        label={t('console:compose.every')}
        hint={t('console:compose.everyHint')}
        value={fields.text('reminderEvery')}
        options={every.map((hours) => ({
          value: String(hours),
          label:
            hours % 24 === 0
              ? t('console:count.days', { count: hours / 24 })
              : t('console:count.hours', { count: hours }),
        }))}
      />
    </div>
  );
};
