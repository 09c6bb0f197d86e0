import { createHash } from "node:crypto";
import type { Acknowledged } from "../../model.ts";

/** The collector of all sources. Before its first acknowledgement, a refusal is the fault of the configuration. */
export interface Destination {
  hasAcknowledged(): boolean;
  /** Stores that a record was acknowledged. Resolves once that is on the disk. Rejects only when `signal` aborts. */
  acknowledge(source: string, signal: AbortSignal): Promise<void>;
}

/** The identity of a destination: a change makes another destination. */
export interface DestinationAddress {
  readonly url: string;
  readonly protocol: string;
  readonly compression: string;
}

/** Creates the destination in the configuration. It is stored as a hash: a URL may contain secrets. */
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
