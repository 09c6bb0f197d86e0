import { createHash, timingSafeEqual } from "node:crypto";

/** Returns the SHA-256 of a secret, to recognise it without keeping it. */
export function digest(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/** Returns the digest as a string, for use as a key. */
export function fingerprint(secret: string): string {
  return digest(secret).toString("base64url");
}

/** Compares a secret with a digest in constant time. */
export function matches(secret: string, expected: Buffer): boolean {
  return timingSafeEqual(digest(secret), expected);
}
