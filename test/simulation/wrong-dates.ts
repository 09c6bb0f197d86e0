import type { RandomValues } from "../../src/demo/random-values.ts";

/** A period of true time in which answers have a wrong `Date`. */
export interface WrongDates {
  readonly fromMs: number;
  readonly toMs: number;
  readonly byMs: number;
  readonly pattern: "once" | "some" | "alternating" | "all";
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;
/** None equals an error of our own clock: two clocks with the same error cannot be told from right ones. */
const ERRORS_MS = [
  ...[60_000, 1.5 * HOUR_MS, 1.5 * DAY_MS, 73 * YEAR_MS],
  ...[-60_000, -HOUR_MS, -1.5 * HOUR_MS, -DAY_MS, -7 * YEAR_MS],
];

/** Draws none to three periods, mostly none. One may begin with the first answer. */
export function drawWrongDates({ fromMs, toMs }: { fromMs: number; toMs: number }, dice: RandomValues): WrongDates[] {
  return Array.from({ length: dice.pick([0, 0, 0, 0, 1, 2, 3]) }, () => {
    const begins = dice.pick([fromMs, dice.integer(fromMs, toMs)]);
    return {
      fromMs: begins,
      toMs: dice.pick([toMs, dice.integer(begins, toMs)]),
      byMs: dice.pick(ERRORS_MS),
      pattern: dice.pick(["once", "some", "alternating", "all"] as const),
    };
  });
}

/** Makes the function that gives the error of the next answer's `Date`. */
export function createDateError(wrong: readonly WrongDates[], dice: RandomValues): (nowMs: number) => number {
  const answers = wrong.map(() => 0);
  return (nowMs) => {
    let errorMs = 0;
    for (const [index, { fromMs, toMs, byMs, pattern }] of wrong.entries()) {
      if (nowMs < fromMs || nowMs >= toMs) continue;
      const answer = answers[index] ?? 0;
      answers[index] = answer + 1;
      const isWrong = { once: answer === 0, some: dice.chance(0.3), alternating: answer % 2 === 0, all: true }[pattern];
      if (isWrong) errorMs = byMs;
    }
    return errorMs;
  };
}
