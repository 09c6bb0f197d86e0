import { jsonText, objectText } from "../support/json-text.ts";
import { fc } from "../support/properties.ts";

/** Any JSON in place of an entry, mostly with the shape of one. Every run gives the same entries. */
export function extremeEntries(count: number): string[] {
  const wanted = count - EXTREMES.length;
  return [...EXTREMES, ...fc.sample(fc.oneof({ weight: 9, arbitrary: entry }, jsonText), { numRuns: wanted, seed: 5 })];
}

/** Numbers that a double or an integer of OTLP cannot represent, and numbers at their limits. */
export const EXTREME_NUMBERS = [
  "1e999",
  "-1e999",
  "9223372036854775807",
  "9223372036854775808",
  "-9223372036854775809",
  "18446744073709551616",
  "9007199254740993",
  "1e21",
  "1e300",
  "1.7976931348623157e308",
  "5e-324",
  "-0",
  "-0.0",
  `1${"0".repeat(400)}`,
];

const lists = (depth: number, core: string) => `${"[".repeat(depth)}${core}${"]".repeat(depth)}`;
const maps = (depth: number, core: string) => `${'{"a":'.repeat(depth)}${core}${"}".repeat(depth)}`;
const withDetails = (details: string) => `{"id":"extreme","action":"user_login","details":${details}}`;

const EXTREMES: readonly string[] = [
  ...["null", "17", '"x"', "[]", "{}", '""', "1e999"],
  withDetails(`{"lists":${lists(1_000, "1e999")},"maps":${maps(1_000, '"\\ud83d"')}}`),
  // The first depth is too deep to keep the digits of large numbers; the second is too deep to serialise again.
  ...[3_500, 50_000].map((depth) => withDetails(`{"number":9223372036854775808,"lists":${lists(depth, "1e999")}}`)),
  withDetails(`{"long":"${"é\\u0000😀\\ud83d\\n".padEnd(64, "x").repeat(90_000)}"}`),
  withDetails(`{"${"k".repeat(100_000)}":1,"":2," ":3,"\\ud83d":4,"\\ud83e":5,"\\u0000":6}`),
  withDetails(`{${Array.from({ length: 1_000 }, (_, index) => `"k${index}":${index}`).join()}}`),
  '{"id":"first","id":"second","action":"user_login","action":"user_logout","details":{"a":1,"a":{"b":1,"b":2}}}',
  '{"__proto__":{"id":"x"},"constructor":{"prototype":{"a":1}},"details":{"__proto__":{"a":1},"constructor":[{"__proto__":1}]}}',
  '{"id":"\\ud83d","action":"\\udc00\\u0000","actor":{"type":"\\u0000","user":{"id":"\\ud83d","email":"\\u0000"}}}',
];

/** An object with some of these members and some random ones; each value is any JSON. */
function objectWith(...names: string[]): fc.Arbitrary<string> {
  const name = fc.oneof(fc.constantFrom(...names), fc.string({ unit: "binary", maxLength: 4 }));
  const key = name.map((text) => JSON.stringify(text));
  return fc.array(fc.tuple(key, jsonText), { maxLength: 6 }).map((members) => objectText(members));
}

const anything = fc.oneof(jsonText, fc.constantFrom(...EXTREME_NUMBERS));
const entry = fc
  .record(
    {
      id: fc.oneof(
        fc.uuid().map((id) => `"${id}"`),
        anything,
      ),
      action: fc.oneof(fc.constantFrom('"user_login"', '"anomaly"', '"__proto__"'), anything),
      date_create: fc.oneof(fc.integer({ min: 0 }).map(String), anything),
      actor: fc.oneof(
        objectWith("id", "email", "name", "team", "account_type").map((user) => `{"type":"user","user":${user}}`),
        anything,
      ),
      entity: fc.oneof(objectWith("type", "user", "file", "role", "id"), anything),
      context: fc.oneof(objectWith("location", "app", "ua", "ip_address", "session_id"), anything),
      details: fc.oneof(objectWith("reason", "new_value", "previous_value", "channel_ids", "inviter"), anything),
      repeated: anything,
    },
    { requiredKeys: [] },
  )
  .map(({ repeated, ...members }) => {
    const named = Object.entries(members).map(([key, text]) => [`"${key}"`, text] as const);
    return objectText(repeated === undefined ? named : [...named, ['"details"', repeated]]);
  });
