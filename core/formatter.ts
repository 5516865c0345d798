const made = new Map<string, Intl.DateTimeFormat>();

/** Made once for each locale and options: making one costs a hundred times what formatting does. */
export function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const found = made.get(key) ?? new Intl.DateTimeFormat(locale, options);
  made.set(key, found);
  return found;
}
