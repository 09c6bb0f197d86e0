import { fc } from "./properties.ts";

/** JSON strings that mislead parsers. */
const AWKWARD_STRINGS = [
  '""',
  '"],\\"entries\\":[{"',
  '"\\\\"',
  '"\\\\\\""',
  '"\\u0022"',
  '"\\ud800"',
  '"\\u0000"',
  '"\\/"',
  '"{"',
  '"]}"',
  '" 1234567890123456789"',
  '"é\u2028😀"',
];
const AWKWARD_NUMBERS = [
  "-0",
  "1e400",
  "-1E+400",
  "9007199254740993",
  "-12345678901234567890",
  "1e21",
  "0.10",
  "5e-324",
];
const AWKWARD_KEYS = [
  "entries",
  "__proto__",
  "constructor",
  "toJSON",
  "id",
  "session_id",
  "user_ids",
  "type",
  "reason",
];

const quoted = fc.string({ unit: "binary", maxLength: 8 }).map((text) => JSON.stringify(text));
const leaf = fc.oneof(
  fc.constantFrom("null", "true", "false", ...AWKWARD_NUMBERS, ...AWKWARD_STRINGS),
  quoted,
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
  fc.integer().map(String),
);
const space = fc.constantFrom("", "", "", " ", "\n\t", "\r\n  ");
const key = fc.oneof(
  quoted,
  fc.constantFrom(...AWKWARD_KEYS).map((name) => JSON.stringify(name)),
);

const { value } = fc.letrec<{ value: string; list: string; object: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, tie("list"), tie("object")),
  list: fc.tuple(fc.array(tie("value"), { maxLength: 4 }), space).map(([items, gap]) => listText(items, gap)),
  object: fc
    .tuple(fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }), space)
    .map(([members, gap]) => objectText(members, gap)),
}));

/** Any JSON text, with white space, escapes, repeated keys and numbers that no double holds. */
export const jsonText: fc.Arbitrary<string> = value;

/** White space where JSON allows it. */
export const jsonSpace: fc.Arbitrary<string> = space;

/** The text of a list of texts. */
export function listText(items: readonly string[], gap = ""): string {
  return `[${gap}${items.join(`${gap},${gap}`)}${gap}]`;
}

/** The text of an object; keys are in quotes already. */
export function objectText(members: readonly (readonly [key: string, text: string])[], gap = ""): string {
  return `{${gap}${members.map(([name, text]) => `${name}${gap}:${gap}${text}`).join(`${gap},${gap}`)}${gap}}`;
}
