/**
 * Returns the type of a network error for a metric: its code, such as `ECONNREFUSED`, `timeout`, or `_OTHER`. Messages are not
 * used: they contain host names.
 */
export function networkErrorType(error: unknown): string {
  if (!(error instanceof Error)) return "_OTHER";
  if (error.name === "TimeoutError") return "timeout";
  const cause = error instanceof AggregateError ? error.errors[0] : error.cause;
  if (cause instanceof Error && cause !== error) return networkErrorType(cause);
  const code = "code" in error ? String(error.code) : "";
  return /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? code : "_OTHER";
}
