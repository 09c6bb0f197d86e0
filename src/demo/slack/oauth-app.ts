import type { Random } from "../../runtime/random.ts";
import type { Installer } from "./people.ts";

/** The app that asks, as it is registered at Slack. */
export interface OAuthApp {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The registered redirect URLs: an address below one of them will do as well. */
  readonly redirectUrls: string[];
  readonly tokenRotation: boolean;
}

/** What a person consented to; a code stands for it until it is exchanged. */
export interface Consent {
  readonly installer: Installer;
  readonly org: boolean;
  readonly userScope: string;
  readonly botScope: string;
  /** As it was sent to the authorize page: the exchange must send the same. */
  readonly redirectUri: string | undefined;
}

/** The codes that were handed out. */
export interface Codes {
  issue(consent: Consent): string;
  /** What a code stands for; undefined when it is unknown, was used, or is older than ten minutes. */
  take(code: string): Consent | undefined;
}

const CODE_LIFE_MS = 600_000;

/** Codes live ten minutes of Slack's time and work once (https://docs.slack.dev/authentication/installing-with-oauth). */
export function createCodes(random: Random, now: () => number): Codes {
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
