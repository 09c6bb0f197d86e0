import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import { escapeControls } from "../runtime/escape-controls.ts";
import { checkCertificates } from "./checks/certificates.ts";
import { checkCollector } from "./checks/collector.ts";
import type { Finding } from "./checks/finding.ts";
import { checkPort } from "./checks/port.ts";
import { namedProxies } from "./checks/proxies.ts";
import { checkSlack } from "./checks/slack.ts";
import { checkState } from "./checks/state.ts";
import { ExitCode } from "./exit-code.ts";
import { type ConfigOption, load } from "./load.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Tries each thing as `run` will use it, without changing anything at Slack or the collector; one line each. The exit code is
 * 0, 69 where Slack or the collector cannot be reached and nothing else is wrong, or 78.
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
  yield* namedProxies(terminal.env);
  for (const source of config.sources) yield* await checkSlack(source, { config, grants, holder, terminal });
  yield* await checkCollector(config, terminal);
}

function toText(finding: Finding): string {
  if ("good" in finding) return `ok     ${finding.what}: ${finding.good}`;
  return `FAULT  ${finding.what}: ${finding.why}${finding.remedy === undefined ? "" : `; ${finding.remedy}`}`;
}
