import type { Report } from "../../events.ts";
import type { SetupKeys } from "../../model.ts";
import type { Clock } from "../../runtime/clock.ts";
import { isObject } from "../../runtime/json.ts";
import { type Random, randomKey } from "../../runtime/random.ts";
import { retry } from "../../runtime/retry.ts";
import { digest, matches } from "./secrets.ts";

/** The key of a source's setup. The setup is open while there is a key. */
export interface SetupKey {
  /** Makes a new key. Resolves once it is stored for `setup-link`. */
  open(): Promise<void>;
  /** Removes the key. Resolves once it is no longer stored. */
  close(): Promise<void>;
  /** Reports whether `offered` is the key. */
  opens(offered: string): boolean;
  /** The URL of the setup page. It contains the key if there is one, and is then a secret. */
  link(): string;
}

/** The options of `createSetupKey`. */
export interface SetupKeyOptions {
  readonly source: string;
  readonly setupUrl: string;
  /** Stores the key for `setup-link`. By default it is not stored. */
  readonly setupKeys?: SetupKeys;
  readonly clock: Clock;
  readonly random: Random;
  readonly report: Report;
}

const PROBE_MS = 10_000;

/** Creates a closed setup. A key that cannot be stored is reported as a hold, and stored as soon as possible. */
export function createSetupKey(options: SetupKeyOptions): SetupKey {
  const { source, setupUrl, setupKeys, clock, random, report } = options;
  let key = "";
  let current = new AbortController();
  let pending = Promise.resolve();
  /** Runs one change of the stored key after another. */
  const enqueue = (work: () => Promise<unknown>) => {
    pending = pending.then(work).then(
      () => {},
      () => {},
    );
    return pending;
  };
  const save = (newKey: string, signal: AbortSignal) =>
    retry(
      async () => {
        try {
          return { status: "ok", value: await setupKeys?.save(source, newKey) };
        } catch (error) {
          return { status: "hold", ...explain(error) };
        }
      },
      { source, target: "state", clock, random, report, probeMs: PROBE_MS },
      signal,
    );
  return {
    open() {
      key = randomKey(random);
      current.abort();
      current = new AbortController();
      const newKey = key;
      const { signal } = current;
      return enqueue(() => save(newKey, signal));
    },
    close() {
      key = "";
      current.abort();
      return enqueue(async () => setupKeys?.remove(source));
    },
    opens: (offered) => key !== "" && matches(offered, digest(key)),
    link() {
      const url = new URL(setupUrl);
      if (key) url.searchParams.set("key", key);
      return url.href;
    },
  };
}

/** The fault and the remedy of a state error, or the text of any other error. */
function explain(error: unknown): { why: string; remedy: string } {
  const { what, remedy } = isObject(error) ? error : {};
  if (typeof what === "string" && typeof remedy === "string") return { why: what, remedy };
  return { why: error instanceof Error ? error.message : String(error), remedy: "" };
}
