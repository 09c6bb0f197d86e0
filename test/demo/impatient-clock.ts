import { type Clock, systemClock } from "../../src/runtime/clock.ts";

/** A clock on which every wait is over at once, and `waits` tells how long it would have been. */
export function createImpatientClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    ...systemClock,
    waits,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      waits.push(ms);
    },
  };
}
