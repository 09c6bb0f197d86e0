import type { Grant } from "../../model.ts";
import type { Authorization } from "./authorization.ts";

const NO_SETUP = {
  ok: false,
  why: "the source has a token in the configuration",
  remedy: "remove token to authorize with OAuth",
} as const;

/** A token in the configuration that may change while the daemon runs. */
export interface RenewedToken {
  readonly current: () => string;
  /** Aborts when the token may have changed. */
  readonly changed: () => AbortSignal;
}

/**
 * Creates the authorization of a source whose token is in the configuration. It has no setup. `resolve` returns the grant of the
 * current token, and is called again when `renewed` has another token.
 */
export function fixedAuthorization(
  resolve: (signal: AbortSignal) => Promise<Grant>,
  renewed?: RenewedToken,
): Authorization {
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
      while (!grant || (renewed && grant.token !== renewed.current())) {
        const changed = renewed?.changed() ?? never;
        grant = await resolve(AbortSignal.any([signal, changed])).catch((error: unknown) => {
          signal.throwIfAborted();
          if (changed.aborted) return undefined;
          throw error;
        });
      }
      return grant;
    },
    confirm() {},
    reopen() {},
    granted: renewed?.changed ?? (() => never),
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
