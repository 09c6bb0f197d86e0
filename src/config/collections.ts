import { problemOfHeaderValue } from "./characters.ts";
import { shortenName } from "./faults.ts";
import type { Pair } from "./option.ts";
import { parseSeverity } from "./scalars.ts";

const GLOB = /^(category:)?[A-Za-z0-9_.*-]+$/;
/** `token` of RFC 9110 §5.6.2. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
/** Headers that the exporter and HTTP set (RFC 9110 §7.6.1 and §10.1.1). A configured one would be sent twice, or not at all. */
const RESERVED_HEADERS =
  /^(content-(type|encoding|length)|transfer-encoding|expect|host|connection|keep-alive|proxy-connection|upgrade|te|trailer|accept-encoding|user-agent)$/i;
/** `field-value` of RFC 9110 §5.5. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const UNSENDABLE = "holds a line break or another character that no header can carry; remove it";

/** What is wrong with globs of actions or, with `category:`, of categories, if anything. */
export function problemOfGlobs(globs: readonly string[]): string | undefined {
  const wrong = globs.filter((glob) => !GLOB.test(glob));
  return wrong.length > 0 ? describeMalformed(wrong) : undefined;
}

/** What is wrong with headers, if anything. Does not show their values. */
export function problemOfHeaders(headers: readonly Pair[]): string | undefined {
  return join([
    ...headers
      .filter(([name]) => !HEADER_NAME.test(name))
      .map(([name]) => `${quote(name)} is not a header name; correct it`),
    ...headers
      .filter(([name]) => RESERVED_HEADERS.test(name))
      .map(([name]) => `${quote(name)} is set by the receiver itself; remove it`),
    ...headers.flatMap(([name, value]) => {
      const problem = problemOfHeaderValue(value) ?? (HEADER_VALUE.test(value) ? undefined : UNSENDABLE);
      return problem ? [`the value of ${quote(name)} ${problem}`] : [];
    }),
  ]);
}

/** What is wrong with severities by action or glob, if anything. */
export function problemOfSeverities(severities: readonly Pair[]): string | undefined {
  const globs = problemOfGlobs(severities.map(([glob]) => glob));
  const wrong = severities.filter(([, name]) => parseSeverity(name) === undefined).map(([glob]) => quote(glob));
  const names = "must be TRACE, DEBUG, INFO, WARN, ERROR or FATAL, or one of these with 2, 3 or 4 behind it";
  return join([
    ...(globs ? [globs] : []),
    ...(wrong.length > 0 ? [`the severity of ${wrong.join(", ")} ${names}`] : []),
  ]);
}

/** What is wrong with resource attributes, if anything. */
export function problemOfAttributes(attributes: readonly Pair[]): string | undefined {
  return attributes.some(([name]) => name === "") ? "an attribute has an empty name; give it one" : undefined;
}

function describeMalformed(globs: readonly string[]): string {
  const subject = globs.map(quote).join(", ");
  return `${subject} cannot name an action; write letters, digits, _, . and -, with * for any characters, or category: and that`;
}

function quote(name: string): string {
  return `"${shortenName(name)}"`;
}

function join(problems: readonly string[]): string | undefined {
  return problems.length > 0 ? problems.join("; ") : undefined;
}
