import type { Grant } from "../../src/model.ts";
import type { FetchPageOptions } from "../../src/slack/audit/walk/fetch-page.ts";

type Authorization = FetchPageOptions["authorization"];

/** An authorization that has a grant from the start. A test gives it the next grant with `accept`. */
export interface FakeAuthorization extends Authorization {
  /** The reasons for which Slack refused the token, in order. */
  readonly refusals: readonly string[];
  readonly refused: boolean;
  accept(grant: Grant): void;
}

/** Returns a refused token until there is another one, like the real authorization. */
export function createFakeAuthorization(first: Grant): FakeAuthorization {
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
