import { createHash } from "node:crypto";
import type { Acknowledged } from "../../model.ts";

/** Where all records go, and whether it has ever acknowledged one: before that, the configuration is at fault for what it refuses. */
export interface Destination {
  hasAcknowledged(): boolean;
  /** A record was acknowledged. Resolves once that is remembered, rejects only when `signal` aborts. */
  acknowledge(source: string, signal: AbortSignal): Promise<void>;
}

/** What makes it another destination when it changes. */
export interface DestinationAddress {
  readonly url: string;
  readonly protocol: string;
  readonly compression: string;
}

/** The destination that the configuration names, as all sources share it. It is remembered by a hash: an address may hold secrets. */
export function createDestination(
  { url, protocol, compression }: DestinationAddress,
  store: Acknowledged,
): Destination {
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([url, protocol, compression]))
    .digest("hex");
  let isSaved = store.loadAcknowledged() === fingerprint;
  return {
    hasAcknowledged: () => isSaved,
    async acknowledge(source, signal) {
      if (isSaved) return;
      await store.saveAcknowledged(fingerprint, source, signal);
      isSaved = true;
    },
  };
}
