import type { Grant } from "../model.ts";
import type { Authorization } from "./authorization.ts";

const NO_SETUP = {
  ok: false,
  why: "the source has a token in the configuration",
  remedy: "remove token to authorize with OAuth",
} as const;

/** The authorization of a source whose token is in the configuration: there is nothing to set up. `learn` makes its grant, once. */
export function fixedAuthorization(learn: (signal: AbortSignal) => Promise<Grant>): Authorization {
  const never = new AbortController().signal;
  const unavailable = () => {
    throw new Error(`Cannot begin an authorization: ${NO_SETUP.why}`);
  };
  let grant: Grant | undefined;
  return {
    async start() {},
    async close() {},
    needed: () => false,
    async grant(signal) {
      grant ??= await learn(signal);
      return grant;
    },
    confirm() {},
    reopen() {},
    granted: () => never,
    link: () => "",
    opens: () => false,
    begin: unavailable,
    began: () => false,
    connected: () => undefined,
    finish: async () => NO_SETUP,
    decide: async () => NO_SETUP,
    beginHere: unavailable,
    finishPasted: async () => NO_SETUP,
  };
}
