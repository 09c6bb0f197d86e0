import type { RandomValues } from "../../src/demo/random-values.ts";

/** A period of true time in which something fails in one way. */
export interface Outage<Kind> {
  readonly kind: Kind;
  readonly fromMs: number;
  readonly toMs: number;
}

interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Draws none to two outages, each from a second to a quarter of the period. */
export function drawOutages<Kind>(
  kinds: readonly Kind[],
  { fromMs, toMs }: Period,
  dice: RandomValues,
): Outage<Kind>[] {
  return Array.from({ length: dice.pick([0, 0, 0, 1, 2]) }, () => {
    const begins = dice.integer(fromMs, toMs);
    const ends = begins + dice.integer(1_000, Math.max(1_000, Math.floor((toMs - fromMs) / 4)));
    return { kind: dice.pick(kinds), fromMs: begins, toMs: Math.min(toMs, ends) };
  });
}

/** The kind of the outage at that time, if there is one. */
export function outageAt<Kind>(outages: readonly Outage<Kind>[], nowMs: number): Kind | undefined {
  return outages.find(({ fromMs, toMs }) => nowMs >= fromMs && nowMs < toMs)?.kind;
}
