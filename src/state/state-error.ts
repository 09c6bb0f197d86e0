/** State that cannot be used as it is. The program ends with exit code 78. */
export class StateError extends Error {
  override readonly name = "StateError";
  /** What is wrong. */
  readonly what: string;
  /** What a person can do. */
  readonly remedy: string;

  constructor(what: string, remedy: string) {
    super(`${what}; ${remedy}`);
    this.what = what;
    this.remedy = remedy;
  }
}
