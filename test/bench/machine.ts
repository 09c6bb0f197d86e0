import { readFileSync } from "node:fs";
import os from "node:os";

/** What it was measured on, as lines of Markdown. */
export function describeMachine(): string {
  const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  const versions = Object.entries(dependencies).filter(
    ([name]) => name === "undici" || name.startsWith("@opentelemetry/"),
  );
  const facts = {
    Date: new Date().toISOString().slice(0, 10),
    CPU: `${os.cpus()[0]?.model.trim()}, ${os.availableParallelism()} cores`,
    Memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    System: `${os.type()} ${os.release()}, ${os.arch()}`,
    Node: process.version,
    Packages: versions.map(([name, version]) => `${name} ${version}`).join(", "),
  };
  return Object.entries(facts)
    .map(([name, fact]) => `- ${name}: ${fact}\n`)
    .join("");
}
