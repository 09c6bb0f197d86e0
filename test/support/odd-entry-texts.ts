import { entityMembers, knownSchemas } from "../../src/slack/audit/mapping/entry-schema.ts";
import { type Members, plainEntry, type Value, write } from "./entry-texts.ts";
import { fc } from "./properties.ts";

/** Where an entry is to be changed: in which of its objects, and at which of that one's members. */
interface Place {
  readonly object: number;
  readonly member: number;
}

/** What is done to the members of one object, at one of them. */
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
  { weight: 9, arbitrary: oddValue.map((value) => instead(([key]) => [[key, value]])) },
  // Twice, with the same or with another value.
  fc.option(oddValue).map(
    (value): Oddity =>
      (members, at) => [...members, ...again(members, at, value)],
  ),
  fc.option(oddValue).map(
    (value): Oddity =>
      (members, at) => [...again(members, at, value), ...members],
  ),
  fc.tuple(anyKey, oddValue).map(
    (member): Oddity =>
      (members, at) =>
        members.toSpliced(at, 0, member),
  ),
  anyKey.map((key) => instead(([, value]) => [[key, value]])),
  fc.constant(instead(([key, value]) => [[escaped(key), value]])),
  fc.constant(instead(([key, value]) => [[resembling(key), value]])),
  fc.constant(instead(() => [])),
  fc.constant<Oddity>((members, at) => [...members.toSpliced(at, 1), ...members.slice(at, at + 1)]),
  fc.constant<Oddity>((members) => members.toReversed()),
);

/** Puts others in the place of a member. */
function instead(change: (member: Members[number]) => Members): Oddity {
  return (members, at) => {
    const member = members[at];
    return member ? members.toSpliced(at, 1, ...change(member)) : members;
  };
}

/** The same member, with its own value where no other is given. */
function again(members: Members, at: number, value: Value | null): Members {
  return members.slice(at, at + 1).map(([key, own]) => [key, value ?? own]);
}

/** The same key, its first character as an escape. */
function escaped(key: string): string {
  return key.replace(/^"(.)/, (_, first: string) => `"\\u00${first.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** A key with the same sum of its characters' codes, each times a power of 31, which is what hashes often are. */
function resembling(key: string): string {
  return key.replace(/([a-z])([a-z])"$/, (_, first: string, last: string) => {
    return `${String.fromCharCode(first.charCodeAt(0) + 1, last.charCodeAt(0) - 31)}"`;
  });
}

/** Changes the object of that number, counted from the outermost. */
function changed(entry: Members, { object, member }: Place, oddity: Oddity): Members {
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

/** The text of an entry that is plain but for one or several oddities: values, keys, order, white space, what is behind it. */
export const oddEntry: fc.Arbitrary<string> = fc
  .record({
    entry: plainEntry,
    // Mostly one, for the first that is met hides the others.
    oddities: fc.oneof({ weight: 4, arbitrary: fc.tuple(placed) }, fc.array(placed, { minLength: 2, maxLength: 3 })),
    gap: rarely("", fc.constantFrom(" ", "\n\t", "\r\n  ")),
    behind: rarely("", fc.constantFrom("x", "1", " ", "{}", '{"id":"b"}', "null")),
  })
  .map(({ entry, oddities, gap, behind }) => {
    const odd = oddities.reduce((members, [at, oddity]) => changed(members, at, oddity), entry);
    return write(odd, gap) + behind;
  });

/** A byte to replace, leave out or put in. */
export interface Mutation {
  readonly at: number;
  readonly taken: number;
  readonly put: readonly number[];
}

export const anyMutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(1_000),
  taken: fc.nat(1),
  put: fc.array(fc.oneof(fc.constantFrom(...Buffer.from('"\\,:{}[]0 /')), fc.nat(255)), { maxLength: 1 }),
});

export function mutate(bytes: Buffer, { at, taken, put }: Mutation): Buffer {
  const from = at % bytes.length;
  return Buffer.concat([bytes.subarray(0, from), Buffer.from(put), bytes.subarray(from + taken)]);
}
