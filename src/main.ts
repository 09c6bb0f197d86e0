#!/usr/bin/env node
import { hostname, tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import v8 from "node:v8";
import type { Host } from "./compose.ts";
import type { Output } from "./runtime/output.ts";

// The only file that touches the process: arguments, environment, streams, signals and exit codes come in here. Whatever it
// imports before it has looked at the version of Node must be loadable by any Node; the rest is loaded at run time, below.

const NEEDED = 24;
if (Number(process.versions.node.split(".")[0]) < NEEDED) {
  process.stderr.write(`slack-audit-receiver needs Node ${NEEDED} or later; this is ${process.versions.node}\n`);
  process.exit(78);
}

// A process 1 has no default actions, and until a command listens for itself it must end at a signal all the same.
const cleanups: (() => void)[] = [];
const cleanUp = () => {
  for (const cleanup of cleanups.splice(0)) cleanup();
};
let loaded = false;
for (const [name, code] of Object.entries({ SIGTERM: 143, SIGINT: 130, SIGHUP: 129 })) {
  const end = () => {
    if (process.listenerCount(name) > 1 || (name === "SIGHUP" && !loaded)) return;
    cleanUp();
    process.removeAllListeners(name);
    process.kill(process.pid, name);
    // Only process 1 is still there.
    process.exit(code);
  };
  process.on(name, end);
}
// Without a listener Node opens its inspector to whoever is on this machine.
process.on("SIGUSR1", () => {});
process.on("exit", cleanUp);
// These make the descriptors ready for writing without blocking. What fails there must not end the program.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

// A sidecar shares its host. Without these a backlog makes the heap grow to twice what it needs, for a tenth less of CPU; and they
// must hold before everything else is loaded, or the young generation has grown to eight times what it needs by then.
for (const flag of ["--semi-space-growth-factor=1", "--heap-growing-percent=50"]) v8.setFlagsFromString(flag);
const { runCommandLine } = await import("./commands/command-line.ts");
const { systemClock } = await import("./runtime/clock.ts");
const { makeFolderNow, removeNow, systemFiles, writeNow } = await import("./runtime/files.ts");
const { createOutput } = await import("./runtime/output.ts");
const { systemRandom } = await import("./runtime/random.ts");

const [stdout, stderr] = [1, 2].map((descriptor) =>
  createOutput({ write: (bytes) => writeNow(descriptor, bytes), clock: systemClock }),
) as [Output, Output];
const manifest: { version: string } = JSON.parse(
  await systemFiles.readFile(fileURLToPath(new URL("../package.json", import.meta.url)), "utf8"),
);
const host: Host = {
  env: process.env,
  clock: systemClock,
  random: systemRandom,
  files: systemFiles,
  version: manifest.version,
  holder: `process ${process.pid} on ${hostname()}`,
  uid: process.geteuid?.(),
  groups: process.getgroups?.() ?? [],
};
loaded = true;
const code = await runCommandLine(process.argv.slice(2), {
  ...host,
  print: stdout.print,
  log: stdout.log,
  readerGone: stdout.closed,
  flush: stdout.flush,
  warn: stderr.print,
  // The terminal of a container is what its log is made of.
  isPerson: Boolean(process.stdin.isTTY && process.stdout.isTTY) && process.pid !== 1,
  input: process.stdin,
  makeTemporaryFolder(name) {
    const folder = makeFolderNow(tmpdir(), name);
    cleanups.push(() => removeNow(folder));
    return folder;
  },
  signals: process,
  exitNow: () => process.exit(1),
});
await stderr.flush();
// Whatever is still open belongs to something that was let go of.
process.exit(code);
