#!/usr/bin/env node
import { hostname, tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import v8 from "node:v8";
import type { Output } from "./runtime/output.ts";

// The only file that uses `process`: arguments, environment, streams, signals and the exit code. Older versions of Node must be
// able to load it, up to the check of the version. Everything else is therefore imported at run time, below.

const NEEDED = 24;
if (Number(process.versions.node.split(".")[0]) < NEEDED) {
  process.stderr.write(`slack-audit-receiver needs Node ${NEEDED} or later; this is ${process.versions.node}\n`);
  // ExitCode.unusable, which is not loaded yet.
  process.exit(78);
}

// Process 1 (in a container) has no default actions for signals. These end it until a command adds its own listeners.
const cleanups: (() => void)[] = [];
const cleanUp = () => {
  for (const cleanup of cleanups.splice(0)) cleanup();
};
let loaded = false;
for (const [name, code] of Object.entries({ SIGTERM: 143, SIGINT: 130, SIGHUP: 129 })) {
  const onSignal = () => {
    if (process.listenerCount(name) > 1 || (name === "SIGHUP" && !loaded)) return;
    cleanUp();
    process.removeAllListeners(name);
    process.kill(process.pid, name);
    // Reached by process 1 only: it survives its own signal.
    process.exit(code);
  };
  process.on(name, onSignal);
}
// Without a listener, Node opens its inspector to every user of this machine.
process.on("SIGUSR1", () => {});
process.on("exit", cleanUp);
// Accessing these streams makes their descriptors non-blocking. Their errors must not end the program.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

// A sidecar has little memory. Without these flags a backlog doubles the heap and saves a tenth of the CPU. They are set before
// the other modules load: loading grows the young generation to eight times its need.
for (const flag of ["--semi-space-growth-factor=1", "--heap-growing-percent=50"]) v8.setFlagsFromString(flag);
const { ExitCode } = await import("./commands/exit-code.ts");
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
loaded = true;
const code = await runCommandLine(process.argv.slice(2), {
  env: process.env,
  clock: systemClock,
  random: systemRandom,
  files: systemFiles,
  version: manifest.version,
  holder: `process ${process.pid} on ${hostname()}`,
  uid: process.geteuid?.(),
  groups: process.getgroups?.() ?? [],
  print: stdout.print,
  log: stdout.log,
  readerGone: stdout.closed,
  flush: stdout.flush,
  warn: stderr.print,
  // Process 1 may have a terminal in a container, but its output is stored as the log of the container.
  isPerson: Boolean(process.stdin.isTTY && process.stdout.isTTY) && process.pid !== 1,
  input: process.stdin,
  makeTemporaryFolder(name) {
    const folder = makeFolderNow(tmpdir(), name);
    cleanups.push(() => removeNow(folder));
    return folder;
  },
  signals: process,
  exitNow: () => process.exit(ExitCode.failed),
});
await stderr.flush();
// Handles of abandoned work may still be open.
process.exit(code);
