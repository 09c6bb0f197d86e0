/** State that cannot be used as it is. The message says what is wrong and what to do; the program ends with exit code 78. */
export class StateError extends Error {
  override readonly name = "StateError";
}
