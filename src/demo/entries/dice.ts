import { createRandomValues, type RandomValues } from "../random-values.ts";

/** The former name of `createRandomValues`; the simulation still uses it. */
export const createDice = createRandomValues;

/** The former name of `RandomValues`; the simulation still uses it. */
export type Dice = RandomValues;
