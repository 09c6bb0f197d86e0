import type { Grant } from "../../src/model.ts";
import type { AskOptions } from "../../src/slack/audit/ask.ts";

type Granting = AskOptions["authorization"];

/** An authorization that is there from the start; a test hands in the next grant, as a person would. */
export interface Granted extends Granting {
  /** What Slack refused the token for, in order. */
  readonly refusals: readonly string[];
  readonly refused: boolean;
  accept(grant: Grant): void;
}

/** As the real one, it hands out a refused token until there is another, so that a mended one is noticed. */
export function createGranted(first: Grant): Granted {
  const refusals: string[] = [];
  let current = first;
  let refused = false;
  let arrival = new AbortController();
  return {
    refusals,
    get refused() {
      return refused;
    },
    grant: async (signal) => {
      signal.throwIfAborted();
      return current;
    },
    reopen(why, token) {
      if (refused || token !== current.token) return;
      refused = true;
      refusals.push(why);
    },
    confirm(token) {
      if (token === current.token) refused = false;
    },
    granted: () => arrival.signal,
    accept(grant) {
      current = grant;
      refused = false;
      const arrived = arrival;
      arrival = new AbortController();
      arrived.abort();
    },
  };
}
