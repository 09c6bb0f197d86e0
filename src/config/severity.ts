const NAMES = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/**
 * The OpenTelemetry severity number (1 to 24) of a name such as `WARN` or `ERROR2`; undefined where there is no such name.
 * Log data model, section "Displaying Severity": six ranges of four.
 */
export function parseSeverity(text: string): number | undefined {
  const [, name = "", step = "1"] = /^([A-Z]+)([234])?$/.exec(text) ?? [];
  const range = NAMES.indexOf(name);
  return range < 0 ? undefined : range * 4 + Number(step);
}
