import { createRandomValues, type RandomValues } from "../../src/demo/random-values.ts";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import { knownActions } from "../../src/slack/audit/mapping/actions.ts";
import { detailsSchema } from "../../src/slack/audit/mapping/details.ts";
import { entityMembers, knownSchemas } from "../../src/slack/audit/mapping/entry-schema.ts";

const DETAILS = [...detailsSchema.types.keys()];
const MEMBERS = [...new Set(knownSchemas.flatMap(({ types }) => [...types.keys()]))];
const TYPES = Object.keys(entityMembers);
const AWKWARD_KEYS = [
  ..."__proto__ constructor toString toJSON then type id user _ is_x has_x x_ids x_scopes x_count x_ id_ is_error_".split(
    " ",
  ),
  "",
  ".",
  "inviter.is_x",
  "location.type",
  "\ud800",
  "\u0000",
  "é\u2028😀",
  'a"b\\c',
];
const AWKWARD_TEXTS = [
  '""',
  '"\\ud800"',
  '"\\u0000"',
  '"[\\"U1\\",2]"',
  '"[1"',
  '"true"',
  '"17"',
  '"192.0.2.1"',
  '"1e400"',
  '"é😀"',
];
const NUMBERS = [
  "-0",
  "0",
  "17",
  "-1",
  "2.5",
  "1e400",
  "9007199254740993",
  "-12345678901234567890",
  "1e21",
  "5e-324",
  "1644428253989994",
];

/** How many hostile entries each of the two tests makes. */
export const HOSTILE_ENTRIES = Number(process.env.HOSTILE_ENTRIES ?? 20_000);

/** Makes entries as JSON, with Slack's shape and random defects: wrong types, missing members, deep nesting, huge values. */
export function createHostileEntries(seed: number): () => string {
  const random = createRandomValues(seededRandom(seed));
  let count = 0;
  return () => {
    count++;
    if (random.chance(0.002)) return value(random, 3);
    const members: [string, string][] = [];
    if (random.chance(0.97)) members.push(["id", odd(random, `"hostile-${count}"`)]);
    if (random.chance(0.95)) members.push(["date_create", odd(random, String(1_760_000_000 + count))]);
    if (random.chance(0.95)) members.push(["action", odd(random, JSON.stringify(random.pick(knownActions)))]);
    if (random.chance(0.9)) members.push(["actor", odd(random, actor(random))]);
    if (random.chance(0.9)) members.push(["entity", odd(random, entity(random))]);
    if (random.chance(0.9)) members.push(["context", odd(random, context(random))]);
    if (random.chance(0.9)) members.push(["details", odd(random, object(random, DETAILS, 5))]);
    if (random.chance(0.1)) members.push([key(random, MEMBERS), value(random, 3)]);
    if (random.chance(0.02)) members.push(["details", object(random, DETAILS, 2)]);
    return write(random.chance(0.1) ? members.reverse() : members);
  };
}

function actor(random: RandomValues): string {
  const user = object(random, MEMBERS, 4);
  return write([
    ["type", odd(random, '"user"')],
    ["user", odd(random, user)],
    [key(random, MEMBERS), value(random, 2)],
  ]);
}

function entity(random: RandomValues): string {
  const type = random.pick(TYPES);
  const named = random.chance(0.9) ? type : random.pick(TYPES);
  const child = object(
    random,
    random.chance(0.7)
      ? Object.values(entityMembers[type] ?? {})
          .join(" ")
          .split(" ")
      : MEMBERS,
    8,
  );
  const members: [string, string][] = [
    ["type", odd(random, `"${type}"`)],
    [named, odd(random, child)],
  ];
  if (random.chance(0.05)) members.push([key(random, TYPES), value(random, 2)]);
  return write(members);
}

function context(random: RandomValues): string {
  const members: [string, string][] = [
    ["location", object(random, MEMBERS, 2)],
    ["ua", '"Slack/4"'],
    ["ip_address", '"192.0.2.7"'],
    ["session_id", "913888259765"],
    ["app", random.chance(0.7) ? "null" : object(random, MEMBERS, 4)],
    ["agent_message", object(random, MEMBERS, 2)],
    [key(random, MEMBERS), value(random, 2)],
  ];
  return write(members.filter(() => random.chance(0.4)).map(([name, usual]) => [name, odd(random, usual)]));
}

/** The usual value, or rarely any value. */
function odd(random: RandomValues, usual: string): string {
  return random.chance(0.93) ? usual : value(random, 3);
}

function object(random: RandomValues, keys: readonly string[], most: number): string {
  const members = Array.from({ length: random.integer(0, most) }, (): [string, string] => [
    key(random, keys),
    value(random, 2),
  ]);
  return write(members);
}

function key(random: RandomValues, keys: readonly string[]): string {
  return random.chance(0.8)
    ? random.pick(keys)
    : random.chance(0.9)
      ? random.pick(AWKWARD_KEYS)
      : random.hex(random.integer(1, 200));
}

function value(random: RandomValues, depth: number): string {
  switch (random.integer(0, depth > 0 ? 11 : 7)) {
    case 0:
      return "null";
    case 1:
      return random.chance(0.5) ? "true" : "false";
    case 2:
    case 3:
      return random.chance(0.2) ? random.pick(NUMBERS) : String(random.integer(-9, 99));
    case 4:
    case 5:
    case 6:
      return random.chance(0.4) ? random.pick(AWKWARD_TEXTS) : `"${random.integer(0, 1e9).toString(36)}"`;
    case 7:
      return random.chance(0.002) ? huge(random) : '"U1"';
    case 8:
    case 9:
      return `[${Array.from({ length: random.integer(0, 3) }, () => value(random, depth - 1)).join()}]`;
    default:
      return object(random, MEMBERS, 3);
  }
}

function huge(random: RandomValues): string {
  const levels = random.integer(30, 1_000);
  if (random.chance(0.5)) return `${"[".repeat(levels)}"core"${"]".repeat(levels)}`;
  return `"${"é\\ud83d\\u0000".repeat(random.integer(1_000, 5_000))}"`;
}

function write(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join()}}`;
}
