import { problemOfCredential } from "./characters.ts";
import { parseDuration } from "./duration.ts";
import { parseListen } from "./listen.ts";
import { type Pair, problemOfGlobs, problemOfHeaders, problemOfNames, problemOfSeverities } from "./names.ts";
import type { Option } from "./option.ts";
import { parseSize } from "./size.ts";
import { parseStartAt } from "./start-at.ts";
import type { Tree } from "./tree.ts";
import { problemOfRedirectUrl, problemOfSecureUrl, problemOfUrl } from "./url.ts";

/** What the checked value of a format is to the program. Mappings are pairs: convict would take a dot in a name for a path. */
export interface FormatValues {
  readonly text: string;
  readonly path: string;
  readonly credential: string;
  readonly token: string;
  readonly keys: string;
  readonly url: string;
  readonly secure_url: string;
  readonly redirect_url: string;
  readonly listen: string;
  readonly start_at: string;
  /** Milliseconds. */
  readonly duration: number;
  /** Whole seconds. */
  readonly seconds: number;
  readonly size: number;
  readonly count: number;
  readonly globs: readonly string[];
  readonly headers: readonly Pair[];
  readonly severities: readonly Pair[];
  readonly attributes: readonly Pair[];
  readonly sources: readonly Pair<Tree>[];
}

/** The name of a format, as the schema uses it. */
export type FormatName = keyof FormatValues;

/** How the value of a key is written, read and checked. */
export interface Format {
  /** The kind of YAML node. */
  readonly shape: "text" | "list" | "map" | "sections";
  /** What to write, for people. */
  readonly words: string;
  /** Text into the program's value. Never throws: convict would then report nothing else. */
  readonly coerce?: (text: string) => unknown;
  /** Throws what the value must be, without showing it. */
  readonly validate: (value: unknown, option: Option) => void;
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
  attributes: collection<Pair>("map", "name to value", problemOfNames),
  sources: collection<Pair<Tree>>("sections", "name to source", ({ length }) => {
    return length > 0 ? undefined : "there is no source; add one as config/minimal.yaml shows";
  }),
};

function text(words: string, problemOf: (value: string) => string | undefined): Format {
  return {
    shape: "text",
    words,
    validate(value, option) {
      // A key that defaults to nothing may be given nothing.
      if (value !== "" || option.default !== "") rejectFor(problemOf(String(value)));
    },
  };
}

function quantity(words: string, parse: (text: string) => number | undefined): Format {
  return {
    shape: "text",
    words,
    coerce: (value) => parse(value) ?? value,
    validate(value, { min = "", max = "", default: example }) {
      const inRange = typeof value === "number" && value >= (parse(min) ?? 0) && value <= (parse(max) ?? Infinity);
      const range = `${min && ` from ${min}`}${max && ` to ${max}`}`;
      rejectFor(inRange ? undefined : `must be a ${words}${range}, such as ${example}`);
    },
  };
}

function collection<Item>(
  shape: Format["shape"],
  words: string,
  problemOf: (items: readonly Item[]) => string | undefined,
): Format {
  return { shape, words, validate: (value) => rejectFor(problemOf(value as readonly Item[])) };
}

function rejectFor(problem: string | undefined): void {
  if (problem) throw new TypeError(problem);
}

function problemOfToken(token: string): string | undefined {
  const problem = problemOfCredential(token);
  if (problem) return problem;
  if (/^(xoxp|xoxe\.xoxp)-[\x21-\x7e]+$/.test(token)) return undefined;
  const remedy = "paste a user token of the organisation, which begins with xoxp- or xoxe.xoxp-";
  return token.startsWith("xoxb-")
    ? `a bot token (xoxb-) cannot read audit logs; ${remedy}`
    : `it is no user token of Slack; ${remedy}`;
}

/** Keys of 32 bytes in base64, with an id or without one, separated by commas or white space. */
function problemOfKeys(text: string): string | undefined {
  const items = text.split(/[ \t\r\n,]+/).filter((item) => item !== "");
  const problem = items.map(problemOfCredential).find((found) => found !== undefined);
  if (problem) return problem;
  if (items.length === 0 || !items.every((item) => /^([A-Za-z0-9_.-]{1,64}:)?[A-Za-z0-9+/]{43}=$/.test(item))) {
    return "must be 32 bytes as base64, or several such keys as id:base64; make one with openssl rand -base64 32, or leave it empty";
  }
  const ids = items.map((item) => item.slice(0, Math.max(item.indexOf(":"), 0)));
  const twice = ids.some((id, index) => ids.indexOf(id) !== index);
  return twice ? "two keys have the same id, or none; give each an id of its own" : undefined;
}
