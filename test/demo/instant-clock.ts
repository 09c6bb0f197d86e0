import { type Clock, systemClock } from "../../src/runtime/clock.ts";

/** A clock whose sleeps resolve immediately. `waits` records the durations in milliseconds. */
export function createInstantClock(): Clock & { readonly waits: number[] } {
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
