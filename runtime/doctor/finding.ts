export interface Finding {
  /** note: works, but the operator may want to know. */
  readonly state: 'ok' | 'note' | 'bad';
  readonly what: string;
  /** What was found and, when something is to be done, what. */
  readonly line: string;
}

export const ok = (what: string, line: string): Finding => ({ state: 'ok', what, line });
export const note = (what: string, line: string): Finding => ({ state: 'note', what, line });
export const bad = (what: string, line: string): Finding => ({ state: 'bad', what, line });

/** The platform does not answer as it should. `variable`: what its address is set with. */
export function unusable(what: string, apiUrl: string, why: string, variable: string): Finding {
  return bad(what, `${apiUrl} cannot be used (${why}): check the network and ${variable}`);
}
