/** The terminals' numbers, from the service's manual. */
export const limits = {
  /** Characters on a sheet. */
  sheet: 2000,
} as const;
