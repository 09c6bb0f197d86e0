import { mkdtemp, writeFile } from "node:fs/promises";
import path from "node:path";
import { stringify } from "yaml";
import type { Encoding } from "./case.ts";
import type { Servers } from "./servers.ts";
import type { Workshop } from "./workshop.ts";

/** What starts the daemon. */
export interface Prepared {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What the image sets for glibc. */
const ENVIRONMENT = {
  MALLOC_ARENA_MAX: "1",
  MALLOC_MMAP_THRESHOLD_: "4194304",
  MALLOC_TRIM_THRESHOLD_: "4194304",
};

/** What runs the daemon: a configuration of its own in a folder of its own, all else as it is by default and in the image. */
export async function prepareDaemon(
  { folder, daemon }: Workshop,
  { slack, sink }: Servers,
  { protocol, compression, sources = 1 }: Partial<Encoding> & { sources?: number },
): Promise<Prepared> {
  const cwd = await mkdtemp(path.join(folder, "daemon-"));
  const source = {
    token: "xoxp-bench-token",
    slack_url: slack.url,
    audit_url: slack.auditUrl,
    start_at: new Date(slack.oldest * 1_000).toISOString(),
    requests_per_minute: 100_000,
  };
  const names = Array.from({ length: sources }, (_, index) => `bench-${index + 1}`);
  const config = {
    sources: Object.fromEntries(names.map((name) => [name, source])),
    export: { endpoint: sink.url, ...(protocol && { protocol }), ...(compression && { compression }) },
    state: { directory: path.join(cwd, "state") },
    http: { listen: "127.0.0.1:0" },
  };
  await writeFile(path.join(cwd, "receiver.yaml"), stringify(config, { aliasDuplicateObjects: false }));
  return { args: [daemon, "run", "--config", path.join(cwd, "receiver.yaml")], cwd, env: ENVIRONMENT };
}

/** The entries that a line of its log says to be delivered; throws where it says any trouble, for then nothing is measured. */
export function deliveredIn(line: string): number {
  const { event, level, delivered } = JSON.parse(line);
  if (level !== "info" && event !== "authorized") throw new Error(`The daemon is in trouble: ${line}`);
  return event === "window_delivered" ? Number(delivered) : 0;
}
