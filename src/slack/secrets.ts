import { createHash, timingSafeEqual } from "node:crypto";

/** The SHA-256 of a secret: what is kept where only recognising it matters. */
export function digest(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/** Compares a secret with a digest in a time that tells nothing about either. */
export function matches(secret: string, kept: Buffer): boolean {
  return timingSafeEqual(digest(secret), kept);
}
