import type { Clock } from "../../runtime/clock.ts";
import { type Random, randomKey } from "../../runtime/random.ts";
import { fingerprint } from "./secrets.ts";

/** The flows that are under way: each state is good once, for ten minutes, in the process that made it. */
export interface OAuthStates {
  /** A new state of 256 random bits; only its digest is kept. */
  issue(): string;
  knows(state: string): boolean;
  /** True for the first caller only. */
  take(state: string): boolean;
  /** Forgets all of them. */
  clear(): void;
}

/** As long as Slack keeps a code (docs.slack.dev/authentication/installing-with-oauth). */
const LIFE_MS = 10 * 60_000;
const MOST_OUTSTANDING = 20;

/** Keeps at most twenty states; a new one pushes the oldest out. */
export function createOAuthStates({ clock, random }: { clock: Clock; random: Random }): OAuthStates {
  // In the order of issue, which is the order of expiry.
  const issuedAtMs = new Map<string, number>();
  const forgetExpired = () => {
    for (const [name, atMs] of issuedAtMs) {
      if (clock.monotonic() - atMs < LIFE_MS) break;
      issuedAtMs.delete(name);
    }
  };
  return {
    issue() {
      forgetExpired();
      const [oldest] = issuedAtMs.keys();
      if (issuedAtMs.size >= MOST_OUTSTANDING && oldest !== undefined) issuedAtMs.delete(oldest);
      const state = randomKey(random);
      issuedAtMs.set(fingerprint(state), clock.monotonic());
      return state;
    },
    knows(state) {
      forgetExpired();
      return issuedAtMs.has(fingerprint(state));
    },
    take(state) {
      forgetExpired();
      return issuedAtMs.delete(fingerprint(state));
    },
    clear: () => issuedAtMs.clear(),
  };
}
