#!/usr/bin/env node
import { hostname, tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import v8 from "node:v8";
import type { Host } from "./app.ts";
import { systemClock } from "./runtime/clock.ts";
import { systemFiles } from "./runtime/files.ts";
import { systemRandom } from "./runtime/random.ts";

// The only file that touches the process: arguments, environment, streams, signals and exit codes come in here.

// A sidecar shares its host. Without these a backlog makes the heap grow to twice what it needs, for a tenth less of CPU; and they
// must hold before everything else is loaded, or the young generation has grown to eight times what it needs by then.
for (const flag of ["--semi-space-growth-factor=1", "--heap-growing-percent=50"]) v8.setFlagsFromString(flag);
const { runCommandLine } = await import("./commands/command-line.ts");

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
};
process.exitCode = await runCommandLine(process.argv.slice(2), {
  ...host,
  print: (text) => process.stdout.write(text),
  warn: (text) => process.stderr.write(text),
  // The terminal of a container is what its log is made of.
  isPerson: Boolean(process.stdin.isTTY && process.stdout.isTTY) && process.pid !== 1,
  input: process.stdin,
  temporaryFolder: tmpdir(),
  signals: process,
  exitNow: () => process.exit(1),
});
// Whatever is still open belongs to something that was let go of.
process.exit();
