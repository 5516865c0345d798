/** Something the operator has to mend. Shown as its one line, without a stack trace: what is wrong and what to do instead. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  /** What the program ends with: 2 for a wrong setting, 1 for anything else. */
  readonly exitCode: number;

  constructor(line: string, exitCode = 1) {
    super(line);
    this.exitCode = exitCode;
  }
}
