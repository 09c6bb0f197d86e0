import type { Clock } from "../../runtime/clock.ts";
import { type Random, randomKey } from "../../runtime/random.ts";
import { fingerprint } from "./secrets.ts";

/** The states of flows that are under way. Each is valid once, for ten minutes, in the process that issued it. */
export interface OAuthStates {
  /** Returns a new state of 256 random bits. Only its digest is kept. */
  issue(): string;
  knows(state: string): boolean;
  /** Removes the state; returns whether it was valid. */
  take(state: string): boolean;
  /** Removes all states. */
  clear(): void;
}

/** Slack's codes expire after the same time (docs.slack.dev/authentication/installing-with-oauth). */
const LIFETIME_MS = 10 * 60_000;
const MAX_STATES = 20;

/** Creates an empty set of states. It keeps the last twenty. */
export function createOAuthStates({ clock, random }: { clock: Clock; random: Random }): OAuthStates {
  // Oldest first.
  const issuedAtMs = new Map<string, number>();
  const removeExpired = () => {
    for (const [name, atMs] of issuedAtMs) {
      if (clock.monotonic() - atMs < LIFETIME_MS) break;
      issuedAtMs.delete(name);
    }
  };
  return {
    issue() {
      removeExpired();
      const [oldest] = issuedAtMs.keys();
      if (issuedAtMs.size >= MAX_STATES && oldest !== undefined) issuedAtMs.delete(oldest);
      const state = randomKey(random);
      issuedAtMs.set(fingerprint(state), clock.monotonic());
      return state;
    },
    knows(state) {
      removeExpired();
      return issuedAtMs.has(fingerprint(state));
    },
    take(state) {
      removeExpired();
      return issuedAtMs.delete(fingerprint(state));
    },
    clear: () => issuedAtMs.clear(),
  };
}
