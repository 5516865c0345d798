/** How often those are reminded who have not answered, and how far apart. */
export interface Reminders {
  readonly count: number;
  readonly everyHours: number;
}

/** What holds when nobody says otherwise: for announcements that ask for confirmation and for polls alike. */
export const defaultReminders: Reminders = { count: 2, everyHours: 24 };

export const noReminders: Reminders = { count: 0, everyHours: 24 };

export const reminderLimits = { most: 5, longestHours: 168 } as const;

export const isReminderCount = (count: number): boolean => within(count, 0, reminderLimits.most);

export const isReminderPause = (hours: number): boolean => within(hours, 1, reminderLimits.longestHours);

const within = (n: number, low: number, high: number) => Number.isInteger(n) && n >= low && n <= high;
