import type { OAuthProblem } from "./oauth-problem.ts";

/** The parameters of a pasted URL, or what is wrong with it. */
export type PastedCallback =
  | {
      readonly ok: true;
      readonly state: string;
      readonly code: string | undefined;
      readonly error: string | undefined;
    }
  | ({ readonly ok: false } & OAuthProblem);

const REMEDY = "paste the whole address from the browser's address bar";

/** Parses the URL that a person copied from the browser. It must begin with the redirect URL. */
export function parsePastedCallback(address: string, redirectUrl: string): PastedCallback {
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
