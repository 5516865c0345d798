import { noReminders, type Reminders } from '../../../core/reminders.ts';
import type { View } from '../../context.ts';
import { remindersWords } from '../announcements/compose.tsx';

/** How often those who have not voted are reminded; of those asked for only what comes before the closing. */
export function pollRemindersWords(
  view: View,
  asked: Reminders | undefined = noReminders,
  fitting: Reminders = asked,
): string {
  const reminders = remindersWords(view, fitting);
  return fitting.count === asked.count ? reminders : view.t('console:pollForm.remindersCut', { reminders });
}
