import { problemOfCredential } from "./characters.ts";
import { problemOfAttributes, problemOfGlobs, problemOfHeaders, problemOfSeverities } from "./collections.ts";
import type { FormatName, Option, Pair } from "./option.ts";
import { parseDuration, parseListen, parseSize, parseStartAt } from "./scalars.ts";
import { problemOfRedirectUrl, problemOfSecureUrl, problemOfUrl } from "./url.ts";
import type { YamlNode } from "./yaml.ts";

/** How the value of a key is written, converted and checked. */
export interface Format {
  /** The kind of YAML node. */
  readonly shape: "text" | "list" | "map" | "sections";
  /** What the documentation calls such a value. */
  readonly label: string;
  /** Converts text to the program's value. Returns text that it cannot convert unchanged, for `problemOf` to reject. */
  readonly coerce?: (text: string) => unknown;
  /** What is wrong with a value, without showing it. */
  readonly problemOf: (value: unknown, option: Option) => string | undefined;
}

/** The formats by name. */
export const formats: { readonly [Name in FormatName]: Format } = {
  text: text("text", () => undefined),
  path: text("path", (value) => (value === "" ? "must not be empty" : undefined)),
  credential: text("text", problemOfCredential),
  token: text("user token", problemOfToken),
  keys: text("`id:key` or key, several", problemOfKeys),
  url: text("URL", problemOfUrl),
  secure_url: text("https URL", problemOfSecureUrl),
  redirect_url: text("https URL", problemOfRedirectUrl),
  listen: text("host:port", (value) => {
    return parseListen(value) ? undefined : "must be host:port, such as 127.0.0.1:8080, [::1]:8080 or :8080";
  }),
  start_at: text("`now`, time or duration", (value) => {
    return parseStartAt(value)
      ? undefined
      : "must be now, a time such as 2026-01-31T00:00:00Z, or a duration back such as 7d";
  }),
  duration: quantity("duration", parseDuration),
  seconds: quantity("duration of whole seconds", (value) => {
    const seconds = (parseDuration(value) ?? Number.NaN) / 1_000;
    return Number.isSafeInteger(seconds) ? seconds : undefined;
  }),
  size: quantity("size", parseSize),
  count: quantity("number", (value) => (/^\d{1,9}$/.test(value) ? Number(value) : undefined)),
  globs: collection<string>("list", "actions or globs", problemOfGlobs),
  headers: collection<Pair>("map", "header to value", problemOfHeaders),
  severities: collection<Pair>("map", "action or glob to severity", problemOfSeverities),
  attributes: collection<Pair>("map", "name to value", problemOfAttributes),
  sources: collection<Pair<YamlNode>>("sections", "name to source", ({ length }) => {
    return length > 0 ? undefined : "there is no source; add one as config/minimal.yaml shows";
  }),
};

function text(label: string, problemOf: (value: string) => string | undefined): Format {
  return {
    shape: "text",
    label,
    problemOf(value, option) {
      // A key that defaults to empty may be set to empty.
      return value === "" && option.default === "" ? undefined : problemOf(String(value));
    },
  };
}

function quantity(label: string, parse: (text: string) => number | undefined): Format {
  return {
    shape: "text",
    label,
    coerce: (value) => parse(value) ?? value,
    problemOf(value, { min = "", max = "", default: example }) {
      const inRange = typeof value === "number" && value >= (parse(min) ?? 0) && value <= (parse(max) ?? Infinity);
      const range = `${min && ` from ${min}`}${max && ` to ${max}`}`;
      return inRange ? undefined : `must be a ${label}${range}, such as ${example}`;
    },
  };
}

function collection<Item>(
  shape: Format["shape"],
  label: string,
  problemOf: (items: readonly Item[]) => string | undefined,
): Format {
  return { shape, label, problemOf: (value) => problemOf(value as readonly Item[]) };
}

function problemOfToken(token: string): string | undefined {
  const problem = problemOfCredential(token);
  if (problem) return problem;
  if (/^(xoxp|xoxe\.xoxp)-[\x21-\x7e]+$/.test(token)) return undefined;
  const remedy = "paste a user token of the organisation, which begins with xoxp- or xoxe.xoxp-";
  return token.startsWith("xoxb-")
    ? `a bot token (xoxb-) cannot read audit logs; ${remedy}`
    : `it is not a user token of Slack; ${remedy}`;
}

/** Keys are 32 bytes in base64, with or without an id, separated by commas or white space. */
function problemOfKeys(text: string): string | undefined {
  const items = text.split(/[ \t\r\n,]+/).filter((item) => item !== "");
  const problem = items.map(problemOfCredential).find((found) => found !== undefined);
  if (problem) return problem;
  if (items.length === 0 || !items.every((item) => /^([A-Za-z0-9_.-]{1,64}:)?[A-Za-z0-9+/]{43}=$/.test(item))) {
    return "must be 32 bytes as base64, or several such keys as id:base64; make one with openssl rand -base64 32, or leave it empty";
  }
  const ids = items.map((item) => item.slice(0, Math.max(item.indexOf(":"), 0)));
  const isRepeated = ids.some((id, index) => ids.indexOf(id) !== index);
  return isRepeated ? "two keys have the same id, or none; give each a different id" : undefined;
}
