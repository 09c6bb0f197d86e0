import { entityMembers, knownSchemas } from "../../src/slack/audit/mapping/entry-schema.ts";
import { type Members, plainEntry, type Value, write } from "./entry-texts.ts";
import { fc } from "./properties.ts";

/** The object of an entry that is changed, and the member in it. Both count from 0 and wrap around. */
interface Location {
  readonly object: number;
  readonly member: number;
}

/** Changes the members of one object at an index. */
type Oddity = (members: Members, at: number) => Members;

const STRINGS = "\\n \\u00e9 \\ud83d\\ude00 \\ud800 \\u0000 a\\b \\u002f true false 17 unknown \x00 \x1f \x7f".split(
  " ",
);
const NUMBERS =
  "0 -0 -1 01 007 1.0 0.5 1e3 1E400 1234567890123456 9007199254740993 12345678901234567890 1521214343".split(" ");
const NESTED = ["", "[]", "{}", '["a",1]', '"[1"', '{"type":"user","id":"U1"}', '{"toJSON":1}', "true", "null", '""'];
const oddValue = fc.oneof(
  fc.constantFrom(...STRINGS).map((text) => `"${text}"`),
  fc.constantFrom(...STRINGS, "\n").map((text) => `"before ${text} behind"`),
  fc.constantFrom(...NUMBERS),
  fc.constantFrom(...NESTED),
);

const KNOWN = [...new Set(knownSchemas.flatMap(({ types }) => [...types.keys()])), ...Object.keys(entityMembers)];
const UNKNOWN = [
  "__proto__",
  "constructor",
  "toString",
  "entries",
  "",
  "é",
  "is_x",
  "a_ids",
  "\\u0069d",
  "na\\/me",
  "ID",
];
const anyKey = fc.constantFrom(...KNOWN, ...UNKNOWN).map((key) => `"${key}"`);

const anyOddity: fc.Arbitrary<Oddity> = fc.oneof(
  { weight: 9, arbitrary: oddValue.map((value) => replaceMember(([key]) => [[key, value]])) },
  // The member is repeated, with the same or another value.
  fc.option(oddValue).map(
    (value): Oddity =>
      (members, at) => [...members, ...repeated(members, at, value)],
  ),
  fc.option(oddValue).map(
    (value): Oddity =>
      (members, at) => [...repeated(members, at, value), ...members],
  ),
  fc.tuple(anyKey, oddValue).map(
    (member): Oddity =>
      (members, at) =>
        members.toSpliced(at, 0, member),
  ),
  anyKey.map((key) => replaceMember(([, value]) => [[key, value]])),
  fc.constant(replaceMember(([key, value]) => [[withEscape(key), value]])),
  fc.constant(replaceMember(([key, value]) => [[withSameHash(key), value]])),
  fc.constant(replaceMember(() => [])),
  fc.constant<Oddity>((members, at) => [...members.toSpliced(at, 1), ...members.slice(at, at + 1)]),
  fc.constant<Oddity>((members) => members.toReversed()),
);

/** Replaces one member by others. */
function replaceMember(change: (member: Members[number]) => Members): Oddity {
  return (members, at) => {
    const member = members[at];
    return member ? members.toSpliced(at, 1, ...change(member)) : members;
  };
}

/** Repeats the member at an index, with another value if one is given. */
function repeated(members: Members, at: number, value: Value | null): Members {
  return members.slice(at, at + 1).map(([key, own]) => [key, value ?? own]);
}

/** The same key with its first character as an escape. */
function withEscape(key: string): string {
  return key.replace(/^"(.)/, (_, first: string) => `"\\u00${first.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** Another key with the same hash, for a hash with the multiplier 31. */
function withSameHash(key: string): string {
  return key.replace(/([a-z])([a-z])"$/, (_, first: string, last: string) => {
    return `${String.fromCharCode(first.charCodeAt(0) + 1, last.charCodeAt(0) - 31)}"`;
  });
}

/** Applies an oddity at a location. Objects are counted depth first. */
function changed(entry: Members, { object, member }: Location, oddity: Oddity): Members {
  let left = object % count(entry);
  const visit = (members: Members): Members => {
    if (left-- === 0) return oddity(members, members.length === 0 ? 0 : member % members.length);
    return members.map(([key, value]) => [key, typeof value === "string" ? value : visit(value)]);
  };
  return visit(entry);
}

function count(value: Value): number {
  return typeof value === "string" ? 0 : value.reduce((sum, [, inner]) => sum + count(inner), 1);
}

const placed = fc.tuple(fc.record({ object: fc.nat(7), member: fc.nat(9) }), anyOddity);
const rarely = <Rare>(usual: Rare, rare: fc.Arbitrary<Rare>) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, rare);

/** The text of a plain entry with one or several oddities: in values, keys, order, white space, or after its end. */
export const oddEntry: fc.Arbitrary<string> = fc
  .record({
    entry: plainEntry,
    // Usually one, because the first hides the others.
    oddities: fc.oneof({ weight: 4, arbitrary: fc.tuple(placed) }, fc.array(placed, { minLength: 2, maxLength: 3 })),
    gap: rarely("", fc.constantFrom(" ", "\n\t", "\r\n  ")),
    trailing: rarely("", fc.constantFrom("x", "1", " ", "{}", '{"id":"b"}', "null")),
  })
  .map(({ entry, oddities, gap, trailing }) => {
    const odd = oddities.reduce((members, [at, oddity]) => changed(members, at, oddity), entry);
    return write(odd, gap) + trailing;
  });

/** Replaces, removes or inserts one byte. */
export interface Mutation {
  readonly at: number;
  readonly removed: number;
  readonly inserted: readonly number[];
}

export const anyMutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(1_000),
  removed: fc.nat(1),
  inserted: fc.array(fc.oneof(fc.constantFrom(...Buffer.from('"\\,:{}[]0 /')), fc.nat(255)), { maxLength: 1 }),
});

export function mutate(bytes: Buffer, { at, removed, inserted }: Mutation): Buffer {
  const from = at % bytes.length;
  return Buffer.concat([bytes.subarray(0, from), Buffer.from(inserted), bytes.subarray(from + removed)]);
}
