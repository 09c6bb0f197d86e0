import { knownActions } from "../../src/slack/audit/mapping/actions.ts";
import {
  addressSchema,
  entityMembers,
  entitySchema,
  type ObjectSchema,
} from "../../src/slack/audit/mapping/entry-schema.ts";
import { entryShape, type ObjectShape } from "../../src/slack/audit/mapping/entry-shape.ts";
import { nameOf, typeOf } from "../../src/slack/audit/mapping/type-of.ts";
import { fc } from "./properties.ts";

/** The JSON text of a value, or the members of an object. */
export type Value = string | Members;
/** Keys have their quotes. */
export type Members = readonly (readonly [key: string, value: Value])[];

/** Writes a value as JSON, with `gap` around each token. */
export function write(value: Value, gap = ""): string {
  if (typeof value === "string") return value;
  const members = value.map(([key, inner]) => `${key}${gap}:${gap}${write(inner, gap)}`);
  return `{${gap}${members.join(`${gap},${gap}`)}${gap}}`;
}

const CHARACTERS = [..."abcXYZ019 .:,/{}[]'", "\x7f", "é", "\u0800", "\u2028", "\ufeff", "\ufffd", "😀", "\u{10ffff}"];
/** Escapes of one character, and the character. */
const SHORT_ESCAPES = ["\\/", '\\"', "\\\\"];
/** Lengths around those at which a varint takes another byte, for names of any length. */
const length = fc.oneof(
  { weight: 40, arbitrary: fc.integer({ min: 60, max: 140 }) },
  fc.integer({ min: 16_320, max: 16_400 }),
);

const unescaped = fc.string({ unit: fc.constantFrom(...CHARACTERS), minLength: 1, maxLength: 12 }).map(quote);
const text = fc.oneof(
  { weight: 2, arbitrary: unescaped },
  {
    weight: 2,
    arbitrary: fc
      .string({ unit: fc.constantFrom(...CHARACTERS, ...SHORT_ESCAPES, ...SHORT_ESCAPES), maxLength: 12 })
      .map(quote),
  },
  fc.tuple(fc.constantFrom("x", "é", "\\/", "\\\\"), length).map(([unit, times]) => quote(unit.repeat(times))),
);
const integer = fc.oneof(
  fc.nat().map(String),
  fc.constantFrom("0", "9", "847288190092", "100000000000000", "999999999999999"),
);
const boolean = fc.constantFrom("true", "false");
const address = fc.constantFrom('"192.0.2.1"', '"2001:db8::1"', '"::"', '"fe80::1%eth0"', '""');
const orNull = (value: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 5, arbitrary: value }, fc.constant("null"));

const PLAIN_TYPES: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  string: fc.oneof({ weight: 4, arbitrary: text }, integer),
  json: fc.oneof(text, integer),
  bool: boolean,
};
/** These have several forms, so they are never transcoded. */
const TAKEN_APART = new Set(["inviter", "kicker"]);

/** Some members of a schema, and of its objects, in any order. */
function membersOf(
  schema: ObjectSchema,
  nested: Readonly<Record<string, fc.Arbitrary<Value>>> = {},
): fc.Arbitrary<Members> {
  const plain = [...schema.types.keys()].flatMap((key): [string, fc.Arbitrary<Value>][] => {
    const value = PLAIN_TYPES[typeOf(nameOf(schema, key))];
    return value && !TAKEN_APART.has(key) ? [[key, value]] : [];
  });
  return someOf({ ...Object.fromEntries(plain), ...nested });
}

function someOf(values: Readonly<Record<string, fc.Arbitrary<Value>>>): fc.Arbitrary<Members> {
  const all = Object.entries(values);
  return fc
    .shuffledSubarray(all, { maxLength: Math.min(7, all.length) })
    .chain((some) =>
      fc.tuple(...some.map(([key, value]) => orNull(value).map((inner) => [quote(key), inner] as const))),
    );
}

function textOf({ schema, nested }: ObjectShape): fc.Arbitrary<Members> {
  const objects = Object.entries(nested).map(([key, shape]) => [key, textOf(shape)] as const);
  const addresses = schema.path === addressSchema.path ? [["ip_address", address] as const] : [];
  return membersOf(schema, Object.fromEntries([...objects, ...addresses]));
}

const entity: fc.Arbitrary<Members> = fc.constantFrom(...Object.keys(entityMembers)).chain((type) =>
  membersOf(entitySchema(type)).map(
    (members): Members => [
      ['"type"', quote(type)],
      [quote(type), members],
    ],
  ),
);

const heading: fc.Arbitrary<Members> = fc
  .record({
    id: fc.oneof(fc.uuid().map(quote), unescaped),
    // The last two collide in a hash with the multiplier 31.
    action: fc.oneof(fc.constantFrom(...knownActions).map(quote), unescaped, fc.constantFrom('"new_Aa"', '"new_BB"')),
    date_create: fc.integer({ min: 1_519_862_400, max: 1_800_000_000 }).map(String),
    order: fc.constantFrom("id date_create action", "date_create id action", "action date_create id"),
  })
  .map(({ order, ...values }) => order.split(" ").map((key) => [quote(key), values[key as keyof typeof values]]));

const { actor, context, details } = Object.fromEntries(
  Object.entries(entryShape.nested).map(([key, shape]) => [key, textOf(shape)]),
) as Record<"actor" | "context" | "details", fc.Arbitrary<Members>>;

/** An entry as nearly all are: id, action and date first, then any known members, once each, with values of their type. */
export const plainEntry: fc.Arbitrary<Members> = fc
  .tuple(heading, someOf({ actor, entity, context, details }))
  .map(([first, others]) => [...first, ...others]);

function quote(inner: string): string {
  return `"${inner}"`;
}
