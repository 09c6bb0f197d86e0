import type { RandomValues } from "../../src/demo/random-values.ts";

/** A stretch of true time in which something fails in one way. */
export interface Outage<Kind> {
  readonly kind: Kind;
  readonly fromMs: number;
  readonly toMs: number;
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Seldom more than one, from a second to a quarter of the stretch. */
export function drawOutages<Kind>(
  kinds: readonly Kind[],
  { fromMs, toMs }: Stretch,
  dice: RandomValues,
): Outage<Kind>[] {
  return Array.from({ length: dice.pick([0, 0, 0, 1, 2]) }, () => {
    const begins = dice.integer(fromMs, toMs);
    const ends = begins + dice.integer(1_000, Math.max(1_000, Math.floor((toMs - fromMs) / 4)));
    return { kind: dice.pick(kinds), fromMs: begins, toMs: Math.min(toMs, ends) };
  });
}

/** The way in which something fails at that time; undefined while it works. */
export function outageAt<Kind>(outages: readonly Outage<Kind>[], nowMs: number): Kind | undefined {
  return outages.find(({ fromMs, toMs }) => nowMs >= fromMs && nowMs < toMs)?.kind;
}
