import type { Random } from "../../runtime/random.ts";
import type { Installer } from "./people.ts";

/** The properties of a token that decide what it can read. */
export interface TokenGrant {
  /** By default the owner. */
  readonly installer?: Installer;
  /** Separated by commas; by default `auditlogs:read`. */
  readonly scope?: string;
  /** True, the default: the app is installed on the whole organisation. False: on one workspace. */
  readonly org?: boolean;
}

/** A token and its state. */
export interface Token extends Required<TokenGrant> {
  readonly value: string;
  readonly type: "user" | "bot";
  readonly revoked: boolean;
  /** In milliseconds of Slack's time. Infinity if the token does not rotate. */
  readonly expiresAt: number;
}

/** All tokens that were granted. */
export interface Tokens {
  grant(grant: TokenGrant & { type?: Token["type"]; expiresAt?: number }): string;
  find(value: string): Token | undefined;
  revoke(value: string): void;
}

/** Creates an empty register. A token that expires has the prefix `xoxe.`, like Slack's rotating tokens. */
export function createTokens(random: Random): Tokens {
  const tokens = new Map<string, Token>();
  return {
    grant({ installer = "owner", scope = "auditlogs:read", org = true, type = "user", expiresAt = Infinity }) {
      const prefix = `${expiresAt === Infinity ? "" : "xoxe."}${type === "user" ? "xoxp" : "xoxb"}`;
      const value = `${prefix}-${digits(random)}-${digits(random)}-${random.bytes(16).toString("hex")}`;
      tokens.set(value, { value, type, installer, scope, org, expiresAt, revoked: false });
      return value;
    },
    find: (value) => tokens.get(value),
    revoke(value) {
      const token = tokens.get(value);
      if (token) tokens.set(value, { ...token, revoked: true });
    },
  };
}

function digits(random: Random): string {
  return String(random.bytes(6).readUIntBE(0, 6)).padStart(13, "1");
}
