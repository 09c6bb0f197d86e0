import { randomBytes } from "node:crypto";

/** The only source of randomness. */
export interface Random {
  /** Unpredictable bytes, fit for keys. */
  bytes(count: number): Buffer;
  /** An evenly spread number in [0, 1), for jitter. */
  fraction(): number;
}

/** The machine's own randomness. */
export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  fraction: () => Math.random(),
};

/** 256 unpredictable bits as 43 URL-safe characters. */
export function randomKey(random: Random): string {
  return random.bytes(32).toString("base64url");
}
