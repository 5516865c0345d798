/** SQLSTATE classes and codes of PostgreSQL after which the same work may succeed. */
const sqlStates = /^(08|40|53|55P03|57P|58)/;
const others =
  /^(SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|NOMEM|PROTOCOL)|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_)/;

/** Whether the database (not the work) failed, so that the same work is worth repeating later. */
export function isDatabaseFault(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && (sqlStates.test(code) || others.test(code));
}

/** Whether two transactions got in each other's way, so that the same work is worth repeating at once. */
export function isRace(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return (
    typeof code === 'string' && /^(40|23505|SQLITE_BUSY|SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY))/.test(code)
  );
}
