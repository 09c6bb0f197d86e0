import type { OAuthProblem } from "./oauth-problem.ts";

/** What a pasted address holds. */
export type PastedCallback =
  | {
      readonly ok: true;
      readonly state: string;
      readonly code: string | undefined;
      readonly error: string | undefined;
    }
  | ({ readonly ok: false } & OAuthProblem);

const REMEDY = "paste the whole address from the browser's address bar";

/** Takes an address apart that a person copied out of the browser; it must be one of the redirect URL. */
export function pastedCallback(address: string, redirectUrl: string): PastedCallback {
  const text = address.trim();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const expected = new URL(redirectUrl);
  if (!url || url.origin !== expected.origin || url.pathname !== expected.pathname) {
    return { ok: false, why: `the address does not begin with ${redirectUrl}`, remedy: REMEDY };
  }
  const [state, ...moreStates] = url.searchParams.getAll("state");
  const [code, ...moreCodes] = url.searchParams.getAll("code");
  const [error] = url.searchParams.getAll("error");
  if (!state || moreStates.length > 0 || moreCodes.length > 0) {
    return { ok: false, why: "the address has no state, or more than one", remedy: REMEDY };
  }
  return { ok: true, state, code, error };
}
