import { randomBytes } from "node:crypto";

/** The only source of randomness. */
export interface Random {
  /** Cryptographically secure bytes. */
  bytes(count: number): Buffer;
  /** A uniformly distributed number in [0, 1). Not for secrets. */
  fraction(): number;
}

/** The randomness of this machine. */
export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  fraction: () => Math.random(),
};

/** Creates a key of 256 random bits, as 43 URL-safe characters. */
export function randomKey(random: Random): string {
  return random.bytes(32).toString("base64url");
}
