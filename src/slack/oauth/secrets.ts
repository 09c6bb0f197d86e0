import { createHash, timingSafeEqual } from "node:crypto";

/** The SHA-256 of a secret: what is kept where only recognising it matters. */
export function digest(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/** The digest as a text, to find by what belongs to a secret that is not kept itself. */
export function fingerprint(secret: string): string {
  return digest(secret).toString("base64url");
}

/** Compares a secret with a digest in a time that tells nothing about either. */
export function matches(secret: string, kept: Buffer): boolean {
  return timingSafeEqual(digest(secret), kept);
}
