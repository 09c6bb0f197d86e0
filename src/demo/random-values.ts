import type { Random } from "../runtime/random.ts";

/** The random values that made-up data needs. */
export interface RandomValues {
  /** One item of a list. Throws a RangeError if the list is empty. */
  pick<Value>(list: readonly Value[]): Value;
  /** True with this probability, from 0 to 1. */
  chance(probability: number): boolean;
  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number;
  /** A Slack id: the prefix names the type of object, ten characters follow. */
  id(prefix: string): string;
  /** A UUID of version 4. */
  uuid(): string;
  hex(bytes: number): string;
}

const ID_CHARACTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Derives every value from `random` alone, so a seeded source gives the same values on every run. */
export function createRandomValues(random: Random): RandomValues {
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
