import { spawnSync } from "node:child_process";
import { build } from "../faults/build.ts";
import type { Area, Row } from "./row.ts";

const LIVE = { delivered: "all", state: ["live"] } as const;

const outputs: Row[] = [
  {
    name: "the reader of standard output goes away",
    quick: true,
    environment: () => ({ stdout: "closed", config: { log: { level: "debug" } } }),
    expect: LIVE,
  },
  { name: "standard output is full", environment: () => ({ stdout: "full" }), expect: LIVE },
  {
    name: "the reader goes away, text format",
    environment: () => ({ stdout: "closed", config: { log: { level: "debug", format: "text" } } }),
    expect: LIVE,
  },
];

/** Paths of older runtimes that this machine may have. `NODES` adds further ones. */
const NODES = ["/usr/bin/node", "/usr/local/bin/node", ...(process.env.NODES?.split(":").filter(Boolean) ?? [])];

const runtimes: Row[] = NODES.map((node) => {
  const version = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout?.trim() ?? "";
  const [major = "", minor = ""] = version.slice(1).split(".");
  return {
    name: `Node ${version || `at ${node}`}`,
    skip: () => (version === "" ? `there is no ${node}` : Number(major) >= 24 && "it is new enough"),
    // An old runtime cannot strip types, so it needs the compiled program.
    environment: async () => ({ node, main: (await build())[1] }),
    expect: { exit: 78, prints: new RegExp(`needs Node 24.*${major}\\.${minor}`, "s") },
  };
});

const settings: Row[] = [
  {
    name: "NODE_TLS_REJECT_UNAUTHORIZED=0",
    environment: () => ({ env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } }),
    expect: { exit: 78, delivered: "none", prints: /NODE_TLS_REJECT_UNAUTHORIZED/ },
  },
  {
    name: "export.headers holds Content-Type",
    environment: () => ({ config: { export: { headers: { "Content-Type": "text/plain" } } } }),
    expect: { exit: 78, delivered: "none", prints: /Content-Type/i },
  },
  {
    name: "export.headers holds Host",
    environment: () => ({ config: { export: { headers: { host: "elsewhere" } } } }),
    expect: { exit: 78, delivered: "none", prints: /host/i },
  },
  {
    name: "SIGUSR1 opens no inspector",
    environment: () => ({ signal: "SIGUSR1" }),
    expect: { ...LIVE, prints: /^(?!.*Debugger listening)/s },
  },
  {
    name: "SIGHUP does not end the daemon",
    environment: () => ({ signal: "SIGHUP" }),
    expect: LIVE,
  },
];

/** Outputs, runtimes and environment variables. */
export const machines: Area = { name: "machines", rows: [...outputs, ...runtimes, ...settings] };
