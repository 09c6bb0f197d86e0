import { createDice, type Dice } from "../../src/demo/entries/dice.ts";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import { knownActions } from "../../src/slack/audit/actions.ts";
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

/** Makes entries of Slack's shape with anything in any place: wrong types, missing members, deep, huge, hostile. As JSON. */
export function createHostileEntries(seed: number): () => string {
  const dice = createDice(seededRandom(seed));
  let count = 0;
  return () => {
    count++;
    if (dice.chance(0.002)) return value(dice, 3);
    const members: [string, string][] = [];
    if (dice.chance(0.97)) members.push(["id", odd(dice, `"hostile-${count}"`)]);
    if (dice.chance(0.95)) members.push(["date_create", odd(dice, String(1_760_000_000 + count))]);
    if (dice.chance(0.95)) members.push(["action", odd(dice, JSON.stringify(dice.pick(knownActions)))]);
    if (dice.chance(0.9)) members.push(["actor", odd(dice, actor(dice))]);
    if (dice.chance(0.9)) members.push(["entity", odd(dice, entity(dice))]);
    if (dice.chance(0.9)) members.push(["context", odd(dice, context(dice))]);
    if (dice.chance(0.9)) members.push(["details", odd(dice, object(dice, DETAILS, 5))]);
    if (dice.chance(0.1)) members.push([key(dice, MEMBERS), value(dice, 3)]);
    if (dice.chance(0.02)) members.push(["details", object(dice, DETAILS, 2)]);
    return write(dice.chance(0.1) ? members.reverse() : members);
  };
}

function actor(dice: Dice): string {
  const user = object(dice, MEMBERS, 4);
  return write([
    ["type", odd(dice, '"user"')],
    ["user", odd(dice, user)],
    [key(dice, MEMBERS), value(dice, 2)],
  ]);
}

function entity(dice: Dice): string {
  const type = dice.pick(TYPES);
  const named = dice.chance(0.9) ? type : dice.pick(TYPES);
  const child = object(
    dice,
    dice.chance(0.7)
      ? Object.values(entityMembers[type] ?? {})
          .join(" ")
          .split(" ")
      : MEMBERS,
    8,
  );
  const members: [string, string][] = [
    ["type", odd(dice, `"${type}"`)],
    [named, odd(dice, child)],
  ];
  if (dice.chance(0.05)) members.push([key(dice, TYPES), value(dice, 2)]);
  return write(members);
}

function context(dice: Dice): string {
  const members: [string, string][] = [
    ["location", object(dice, MEMBERS, 2)],
    ["ua", '"Slack/4"'],
    ["ip_address", '"192.0.2.7"'],
    ["session_id", "913888259765"],
    ["app", dice.chance(0.7) ? "null" : object(dice, MEMBERS, 4)],
    ["agent_message", object(dice, MEMBERS, 2)],
    [key(dice, MEMBERS), value(dice, 2)],
  ];
  return write(members.filter(() => dice.chance(0.4)).map(([name, meant]) => [name, odd(dice, meant)]));
}

/** Mostly the expected value; else any. */
function odd(dice: Dice, meant: string): string {
  return dice.chance(0.93) ? meant : value(dice, 3);
}

function object(dice: Dice, keys: readonly string[], most: number): string {
  const members = Array.from({ length: dice.integer(0, most) }, (): [string, string] => [
    key(dice, keys),
    value(dice, 2),
  ]);
  return write(members);
}

function key(dice: Dice, keys: readonly string[]): string {
  return dice.chance(0.8)
    ? dice.pick(keys)
    : dice.chance(0.9)
      ? dice.pick(AWKWARD_KEYS)
      : dice.hex(dice.integer(1, 200));
}

function value(dice: Dice, depth: number): string {
  switch (dice.integer(0, depth > 0 ? 11 : 7)) {
    case 0:
      return "null";
    case 1:
      return dice.chance(0.5) ? "true" : "false";
    case 2:
    case 3:
      return dice.chance(0.2) ? dice.pick(NUMBERS) : String(dice.integer(-9, 99));
    case 4:
    case 5:
    case 6:
      return dice.chance(0.4) ? dice.pick(AWKWARD_TEXTS) : `"${dice.integer(0, 1e9).toString(36)}"`;
    case 7:
      return dice.chance(0.002) ? huge(dice) : '"U1"';
    case 8:
    case 9:
      return `[${Array.from({ length: dice.integer(0, 3) }, () => value(dice, depth - 1)).join()}]`;
    default:
      return object(dice, MEMBERS, 3);
  }
}

function huge(dice: Dice): string {
  const levels = dice.integer(30, 1_000);
  if (dice.chance(0.5)) return `${"[".repeat(levels)}"core"${"]".repeat(levels)}`;
  return `"${"é\\ud83d\\u0000".repeat(dice.integer(1_000, 5_000))}"`;
}

function write(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join()}}`;
}
