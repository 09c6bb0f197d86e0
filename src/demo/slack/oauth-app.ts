import type { Random } from "../../runtime/random.ts";
import type { Installer } from "./people.ts";

/** The app as it is registered at Slack. */
export interface OAuthApp {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The registered redirect URLs. URLs below them are valid too. */
  readonly redirectUrls: string[];
  readonly tokenRotation: boolean;
}

/** The result of a consent; an authorization code identifies it. */
export interface Consent {
  readonly installer: Installer;
  readonly org: boolean;
  readonly userScope: string;
  readonly botScope: string;
  /** From the authorize URL. The token exchange must send the same. */
  readonly redirectUri: string | undefined;
}

/** The authorization codes that were issued. */
export interface AuthorizationCodes {
  issue(consent: Consent): string;
  /** Uses a code up. Undefined if it is unknown, was used before, or is older than ten minutes. */
  take(code: string): Consent | undefined;
}

const CODE_LIFE_MS = 600_000;

/** A code is valid for ten minutes of `now` and works once (https://docs.slack.dev/authentication/installing-with-oauth). */
export function createAuthorizationCodes(random: Random, now: () => number): AuthorizationCodes {
  const codes = new Map<string, Consent & { readonly expiresAt: number }>();
  return {
    issue(consent) {
      const code = `${random.bytes(6).readUIntBE(0, 6)}.${random.bytes(32).toString("hex")}`;
      codes.set(code, { ...consent, expiresAt: now() + CODE_LIFE_MS });
      return code;
    },
    take(code) {
      const consent = codes.get(code);
      codes.delete(code);
      return consent && now() < consent.expiresAt ? consent : undefined;
    },
  };
}
