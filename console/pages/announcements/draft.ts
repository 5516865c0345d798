import type { AnnouncementDraft } from '../../../core/announcements/announcement.ts';
import { DomainError } from '../../../core/domain-error.ts';
import { noReminders, type Reminders, reminderLimits } from '../../../core/reminders.ts';
import type { Authored } from '../../../core/text.ts';
import { readAudience } from '../../audience-form.ts';
import type { FormError } from '../../components/fields.tsx';
import type { View } from '../../context.ts';
import { fromField } from '../../formats.ts';
import type { Fields } from '../../forms.ts';

/** What the form says, as a draft. Errors: console:errors.moment for a time that cannot be read. */
export function readDraft(view: View, fields: Fields, attachmentId: string | null): AnnouncementDraft {
  const link = fields.optional('link');
  const sendAt = fields.text('when') === 'later' ? readMoment(view, fields, 'sendAt') : null;
  const confirm = fields.checked('confirm');
  return {
    title: readAuthored(view, fields, 'title'),
    text: readAuthored(view, fields, 'text'),
    ...(link ? { link } : {}),
    ...(attachmentId ? { attachmentId } : {}),
    ...(sendAt ? { sendAt } : {}),
    audience: readAudience(fields),
    groups: fields.all('groups'),
    confirm,
    urgent: fields.checked('urgent'),
    replies: fields.checked('replies'),
    reminders: confirm ? readReminders(fields) : noReminders,
    overrideParity: fields.checked('overrideParity'),
  };
}

export function readReminders(fields: Fields): Reminders {
  return {
    count: fields.number('reminderCount', noReminders.count, [0, reminderLimits.most]),
    everyHours: fields.number('reminderEvery', noReminders.everyHours, [1, reminderLimits.longestHours]),
  };
}

/** The texts given, by language; what was left empty is absent. */
export function readAuthored(view: View, fields: Fields, name: string): Authored {
  return Object.fromEntries(
    view.network.languages.flatMap((language) => {
      const text = fields.text(`${name}.${language}`);
      return text === '' ? [] : [[language, text]];
    }),
  );
}

/** An error about the title or text as a whole is shown where its first language is typed. */
export function atItsField(view: View, error: FormError): FormError {
  const { field } = error;
  const whole = field === 'title' || field === 'text';
  return { ...error, field: whole ? `${field}.${view.network.languages[0] ?? 'pl'}` : field };
}

/** A moment typed in the network's zone, epoch ms. */
export function readMoment(view: View, fields: Fields, name: string): number {
  const at = fromField(fields.text(name), view.network.timeZone);
  if (at === null) throw new DomainError('console:errors.moment', {}, name);
  return at;
}
