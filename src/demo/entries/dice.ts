import type { Random } from "../../runtime/random.ts";

/** Randomness in the forms that entries need. */
export interface Dice {
  /** One of a list, which must not be empty. */
  pick<Value>(list: readonly Value[]): Value;
  chance(probability: number): boolean;
  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number;
  /** An id of Slack's looks: a letter that names the kind, then ten characters. */
  id(prefix: string): string;
  uuid(): string;
  hex(bytes: number): string;
}

const ID_CHARACTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Dice that fall as `random` says. */
export function createDice(random: Random): Dice {
  const integer = (least: number, most: number) => least + Math.floor(random.fraction() * (most - least + 1));
  return {
    pick<Value>(list: readonly Value[]): Value {
      if (list.length === 0) throw new RangeError("Cannot pick: the list is empty");
      return list[integer(0, list.length - 1)] as Value;
    },
    chance: (probability) => random.fraction() < probability,
    integer,
    id: (prefix) => `${prefix}0${[...random.bytes(9)].map((byte) => ID_CHARACTERS[byte & 31]).join("")}`,
    uuid() {
      const hex = random.bytes(16).toString("hex");
      const variant = "89ab"[Number.parseInt(hex.charAt(16), 16) & 3];
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
    hex: (bytes) => random.bytes(bytes).toString("hex"),
  };
}
