import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import { escapeControls } from "../runtime/escape-controls.ts";
import { readProxies } from "../runtime/proxies.ts";
import { checkCertificates } from "./check-certificates.ts";
import { checkCollector } from "./check-collector.ts";
import { checkPort } from "./check-port.ts";
import { checkSlack } from "./check-slack.ts";
import { checkState } from "./check-state.ts";
import { ExitCode } from "./exit-code.ts";
import type { Finding } from "./finding.ts";
import { type ConfigOption, load } from "./load.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Tries each part of the configuration as `run` uses it, and prints one line for each. Changes nothing at Slack or the
 * collector. The exit code is 0; 69 when the only fault is that Slack or the collector cannot be reached; else 78.
 */
export async function check(options: ConfigOption, terminal: Terminal): Promise<number> {
  const findings: Finding[] = [];
  for await (const finding of tryAll(options, terminal)) {
    findings.push(finding);
    terminal.print(`${escapeControls(toText(finding))}\n`);
  }
  const faults = findings.filter((finding) => "why" in finding);
  if (faults.length === 0) return ExitCode.done;
  return faults.every(({ unreachable }) => unreachable === true) ? ExitCode.unavailable : ExitCode.unusable;
}

async function* tryAll(options: ConfigOption, terminal: Terminal): AsyncGenerator<Finding, void, void> {
  const what = "configuration";
  let config: Config;
  try {
    config = await load(options, terminal);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const why of error.faults) yield { what, why };
    return;
  }
  yield { what, good: `${options.config}, sources: ${config.sources.map(({ name }) => name).join(", ")}` };
  const { findings, grants, holder } = await checkState(config, terminal);
  yield* findings;
  yield* checkCertificates(config, terminal);
  yield await checkPort(config, { file: options.config, holder, terminal });
  yield* listProxies(terminal.env);
  for (const source of config.sources) yield* await checkSlack(source, { config, grants, holder, terminal });
  yield* await checkCollector(config, terminal);
}

function toText(finding: Finding): string {
  if ("good" in finding) return `ok     ${finding.what}: ${finding.good}`;
  return `FAULT  ${finding.what}: ${finding.why}${finding.remedy === undefined ? "" : `; ${finding.remedy}`}`;
}

/** Names the proxies that requests go through, without their credentials. */
function listProxies(env: NodeJS.ProcessEnv): Finding[] {
  const { http, https } = readProxies(env);
  return [
    ["https", https],
    ["http", http],
  ].flatMap(([scheme, proxy]) => {
    if (proxy === undefined) return [];
    const good = `${scheme} requests go through ${new URL(proxy).host}, except for loopback and NO_PROXY`;
    return [{ what: "proxy", good }];
  });
}
