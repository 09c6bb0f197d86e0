import type { Organisation } from "../../model.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Random } from "../../runtime/random.ts";
import type { OAuthProblem } from "./oauth-problem.ts";
import { createOAuthStates } from "./oauth-states.ts";
import { fingerprint } from "./secrets.ts";

/** What came back to the redirect URL; `browserStates` are the states in the browser's cookie, one for each tab. */
export interface Callback {
  readonly code?: string | undefined;
  readonly state?: string | undefined;
  readonly error?: string | undefined;
  readonly browserStates?: readonly string[];
}

/** A person's word on the organisation that granted in the flow of `state`. */
export interface Decision extends Pick<Callback, "state" | "browserStates"> {
  readonly connect: boolean;
}

/** How a flow ended. */
export type FlowResult = { readonly ok: true; readonly organisation?: Organisation } | FlowFailure;

/** Why a flow has connected nothing. */
export interface FlowFailure extends OAuthProblem {
  readonly ok: false;
  /** The grant is good, and a person has to say that it is the right organisation. */
  readonly unconfirmed?: Unconfirmed;
  /** The flow is over, and has stored nothing. */
  readonly storedNothing?: true;
}

/** An organisation that granted, and the state of the flow in which a person may confirm it. */
export interface Unconfirmed {
  readonly organisation: Organisation;
  readonly state: string;
}

/** The flows of browsers: those under way, and for an hour what became of the others. */
export interface OAuthFlows {
  /** Begins a flow and returns its state. */
  begin(): string;
  /** Whether the flow is under way, or its result is still known. */
  knows(state: string): boolean;
  /** Spends the state and runs `end`, once: a repeated callback gets the first one's result. Undefined for an unknown state. */
  finish(state: string, end: () => Promise<FlowResult>): Promise<FlowResult> | undefined;
  /** Replaces the result of a flow. */
  settle(state: string, result: Promise<FlowResult>): Promise<FlowResult>;
  /** The good result of any of these flows. */
  succeeded(states: readonly string[]): FlowResult | undefined;
  /** Forgets the flows that are under way. */
  clear(): void;
  /** Forgets what became of the others as well. */
  forget(): void;
}

const RESULT_LIFE_MS = 60 * 60_000;
const MOST_RESULTS = 20;

interface Result {
  readonly atMs: number;
  readonly promise: Promise<FlowResult>;
  settled?: FlowResult;
}

/** Keeps at most twenty results; a new one pushes the oldest out. */
export function createOAuthFlows(io: { clock: Clock; random: Random }): OAuthFlows {
  const states = createOAuthStates(io);
  // In the order of their making.
  const results = new Map<string, Result>();
  const find = (state: string): Result | undefined => {
    for (const [name, { atMs }] of results) {
      if (io.clock.monotonic() - atMs < RESULT_LIFE_MS) break;
      results.delete(name);
    }
    return results.get(fingerprint(state));
  };
  const settle = (state: string, promise: Promise<FlowResult>) => {
    const name = fingerprint(state);
    const result: Result = { atMs: io.clock.monotonic(), promise };
    results.delete(name);
    results.set(name, result);
    const [oldest] = results.keys();
    if (results.size > MOST_RESULTS && oldest !== undefined) results.delete(oldest);
    promise.then(
      (finished) => {
        result.settled = finished;
      },
      () => results.get(name) === result && results.delete(name),
    );
    return promise;
  };
  return {
    begin: states.issue,
    knows: (state) => states.knows(state) || find(state) !== undefined,
    finish(state, end) {
      const earlier = find(state);
      if (earlier) return earlier.promise;
      // Spent before the exchange: of two callbacks with one state, one is exchanged.
      return states.take(state) ? settle(state, end()) : undefined;
    },
    settle,
    succeeded: (given) => given.map((state) => find(state)?.settled).find((settled) => settled?.ok),
    clear: states.clear,
    forget() {
      states.clear();
      results.clear();
    },
  };
}
