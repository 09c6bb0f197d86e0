#!/usr/bin/env node
import "./memory.ts";
import { hostname, tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import type { Host } from "./app.ts";
import { runCommandLine } from "./commands/command-line.ts";
import { systemClock } from "./runtime/clock.ts";
import { systemFiles } from "./runtime/files.ts";
import { systemRandom } from "./runtime/random.ts";

// The only file that touches the process: arguments, environment, streams, signals and exit codes come in here.

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
  input: process.stdin,
  temporaryFolder: tmpdir(),
  signals: process,
  exitNow: () => process.exit(1),
});
// Whatever is still open belongs to something that was let go of.
process.exit();
