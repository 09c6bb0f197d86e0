import type { Random } from "../../runtime/random.ts";
import type { Installer } from "./people.ts";

/** Who granted what: it decides what the token is good for. */
export interface TokenGrant {
  /** By default the owner. */
  readonly installer?: Installer;
  /** Comma list; by default `auditlogs:read`. */
  readonly scope?: string;
  /** Whether the app is on the whole organisation, as by default, or on one of its workspaces. */
  readonly org?: boolean;
}

/** A token and what became of it. */
export interface Token extends Required<TokenGrant> {
  readonly value: string;
  readonly type: "user" | "bot";
  readonly revoked: boolean;
  /** Slack's time in milliseconds; tokens that do not rotate never expire. */
  readonly expiresAt: number;
}

/** Every token that was ever given out. */
export interface Tokens {
  grant(grant: TokenGrant & { type?: Token["type"]; expiresAt?: number }): string;
  find(value: string): Token | undefined;
  revoke(value: string): void;
}

/** An empty register. A token that expires has the prefix that Slack gives to rotating ones. */
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
