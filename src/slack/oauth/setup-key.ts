import type { Report } from "../../events.ts";
import type { SetupKeys } from "../../model.ts";
import type { Clock } from "../../runtime/clock.ts";
import { type Random, randomKey } from "../../runtime/random.ts";
import { retry } from "../../runtime/retry.ts";
import { digest, matches } from "./secrets.ts";

/** The key of a source's setup: while there is one, the setup is open for whoever has it. */
export interface SetupKey {
  /** Makes a new key. Resolves once it lies where `setup-link` finds it. */
  open(): Promise<void>;
  /** Forgets the key. Resolves once it is gone from there. */
  close(): Promise<void>;
  opens(offered: string): boolean;
  /** The setup page's address, with the key where there is one. It is a secret then. */
  link(): string;
}

/** What a setup key is made of. */
export interface SetupKeyOptions {
  readonly source: string;
  readonly setupUrl: string;
  /** Where the key lies for `setup-link`; nowhere without. */
  readonly setupKeys?: SetupKeys;
  readonly clock: Clock;
  readonly random: Random;
  readonly report: Report;
}

const PROBE_MS = 10_000;

/** A key that cannot be written is held, said, and written as soon as it can be. */
export function createSetupKey({ source, setupUrl, setupKeys, ...io }: SetupKeyOptions): SetupKey {
  let key = "";
  let current = new AbortController();
  let filing: Promise<unknown> = Promise.resolve();
  const file = (work: () => Promise<unknown>) => {
    filing = filing.then(work).catch(() => {});
    return filing as Promise<void>;
  };
  const save = (mine: string, signal: AbortSignal) =>
    retry(
      async () => {
        try {
          return { status: "ok", value: await setupKeys?.save(source, mine) };
        } catch (error) {
          const [why = "", remedy = ""] = (error instanceof Error ? error.message : String(error)).split("; ", 2);
          return { status: "hold", why, remedy };
        }
      },
      { source, target: "state", probeMs: PROBE_MS, ...io },
      signal,
    );
  return {
    open() {
      key = randomKey(io.random);
      current.abort();
      current = new AbortController();
      const [mine, { signal }] = [key, current];
      return file(() => save(mine, signal));
    },
    close() {
      key = "";
      current.abort();
      return file(async () => setupKeys?.remove(source));
    },
    opens: (offered) => key !== "" && matches(offered, digest(key)),
    link() {
      const url = new URL(setupUrl);
      if (key) url.searchParams.set("key", key);
      return url.href;
    },
  };
}
