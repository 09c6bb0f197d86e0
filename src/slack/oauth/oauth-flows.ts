import type { Organisation } from "../../model.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Random } from "../../runtime/random.ts";
import type { OAuthProblem } from "./oauth-problem.ts";
import { createOAuthStates } from "./oauth-states.ts";
import { fingerprint } from "./secrets.ts";

/** A request to the redirect URL. `browserStates` are the states in the browser's cookie, one for each tab. */
export interface Callback {
  readonly code?: string | undefined;
  readonly state?: string | undefined;
  readonly error?: string | undefined;
  readonly browserStates?: readonly string[];
}

/** A person's decision whether to connect the organisation of an unconfirmed flow. */
export interface Decision extends Pick<Callback, "state" | "browserStates"> {
  readonly connect: boolean;
}

/** The result of a flow. */
export type FlowResult = { readonly ok: true; readonly organisation?: Organisation } | FlowFailure;

/** Why a flow has not connected the source. */
export interface FlowFailure extends OAuthProblem {
  readonly ok: false;
  /** The grant is valid, but a person must confirm the organisation. */
  readonly unconfirmed?: Unconfirmed;
  /** The flow has ended and stored nothing. Absent where a request did not belong to a flow. */
  readonly storedNothing?: true;
}

/** The organisation of a grant that nobody has confirmed, and the state of its flow. */
export interface Unconfirmed {
  readonly organisation: Organisation;
  readonly state: string;
}

/** The flows of browsers that are under way, and the results of flows of the last hour. */
export interface OAuthFlows {
  /** Begins a flow and returns its state. */
  begin(): string;
  /** Reports whether the flow is under way, or its result is still known. */
  knows(state: string): boolean;
  /** Runs `end` once per state: a repeated callback gets the same result. Undefined for an unknown state. */
  finish(state: string, end: () => Promise<FlowResult>): Promise<FlowResult> | undefined;
  /** Replaces the result of a flow. */
  setResult(state: string, result: Promise<FlowResult>): Promise<FlowResult>;
  /** The successful result of one of these flows; undefined where there is none. */
  findSuccess(states: readonly string[]): FlowResult | undefined;
  /** Removes the flows that are under way. */
  clear(): void;
  /** Removes all flows and results. */
  clearAll(): void;
}

const RESULT_LIFE_MS = 60 * 60_000;
const MAX_RESULTS = 20;

interface StoredResult {
  readonly atMs: number;
  readonly promise: Promise<FlowResult>;
  result?: FlowResult;
}

/** Creates an empty set of flows. It keeps the last twenty results. */
export function createOAuthFlows(io: { clock: Clock; random: Random }): OAuthFlows {
  const states = createOAuthStates(io);
  // Oldest first.
  const results = new Map<string, StoredResult>();
  const find = (state: string): StoredResult | undefined => {
    for (const [name, { atMs }] of results) {
      if (io.clock.monotonic() - atMs < RESULT_LIFE_MS) break;
      results.delete(name);
    }
    return results.get(fingerprint(state));
  };
  const setResult = (state: string, promise: Promise<FlowResult>) => {
    const name = fingerprint(state);
    const stored: StoredResult = { atMs: io.clock.monotonic(), promise };
    results.delete(name);
    results.set(name, stored);
    const [oldest] = results.keys();
    if (results.size > MAX_RESULTS && oldest !== undefined) results.delete(oldest);
    promise.then(
      (result) => {
        stored.result = result;
      },
      () => results.get(name) === stored && results.delete(name),
    );
    return promise;
  };
  return {
    begin: states.issue,
    knows: (state) => states.knows(state) || find(state) !== undefined,
    finish(state, end) {
      const earlier = find(state);
      if (earlier) return earlier.promise;
      // Taken before the exchange: of two callbacks with one state only one is exchanged.
      return states.take(state) ? setResult(state, end()) : undefined;
    },
    setResult,
    findSuccess: (given) => given.map((state) => find(state)?.result).find((result) => result?.ok),
    clear: states.clear,
    clearAll() {
      states.clear();
      results.clear();
    },
  };
}
