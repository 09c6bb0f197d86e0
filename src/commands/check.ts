import { createNoopMeter } from "@opentelemetry/api";
import { collectorHttp, composeSend, openConfiguredState, readConfiguredState, slackHttp } from "../app.ts";
import { composeAccess } from "../compose-source.ts";
import type { Config, SourceConfig } from "../config/config.ts";
import type { Grants, Outcome } from "../model.ts";
import { createLog } from "../runtime/log.ts";
import { printable } from "../runtime/printable.ts";
import { LockedError } from "../state/lock.ts";
import { StateError } from "../state/state-error.ts";
import { type ConfigOption, load } from "./load.ts";
import type { Terminal } from "./terminal.ts";

/** What one check found: good, or what is wrong and what to do. */
type Finding = { readonly good: string } | { readonly wrong: string; readonly remedy: string };

/** Tries everything that the daemon needs, without changing anything at Slack or the collector; one line each. */
export async function check(options: ConfigOption, terminal: Terminal): Promise<number> {
  const config = await load(options, terminal);
  let faults = 0;
  const print = (what: string, finding: Finding) => {
    if ("wrong" in finding) faults++;
    const text =
      "good" in finding ? `ok     ${what}: ${finding.good}` : `FAULT  ${what}: ${finding.wrong}; ${finding.remedy}`;
    terminal.print(`${printable(text)}\n`);
  };
  const names = config.sources.map(({ name }) => name).join(", ");
  print("configuration", { good: `${options.config}, sources: ${names}` });
  const { grants, ...state } = await checkState(config, terminal);
  print("state", state.finding);
  for (const source of config.sources)
    print(`Slack (${source.name})`, await checkSlack(source, { config, grants, terminal }));
  print("collector", await checkCollector(config, terminal));
  return faults === 0 ? 0 : 78;
}

async function checkState(config: Config, terminal: Terminal): Promise<{ finding: Finding; grants: Grants }> {
  const { directory } = config.state;
  try {
    const { grants, close } = await openConfiguredState(config, terminal, () => {});
    await close();
    return { finding: { good: `${directory} can be read and written` }, grants };
  } catch (error) {
    if (error instanceof LockedError) {
      const { grants, holder } = await readConfiguredState(config, terminal, () => {});
      return { finding: { good: `${directory} is in use by ${holder ?? "another process"}` }, grants };
    }
    if (!(error instanceof StateError)) throw error;
    const [wrong = "", remedy = ""] = error.message.split("; ", 2);
    return { finding: { wrong, remedy }, grants: { load: () => undefined, save: async () => {} } };
  }
}

async function checkSlack(
  source: SourceConfig,
  { config, grants, terminal }: { config: Config; grants: Grants; terminal: Terminal },
): Promise<Finding> {
  const grant = grants.load(source.name);
  if (!source.token && !grant) {
    return { wrong: "not authorized yet", remedy: `run: slack-audit-receiver authorize --source ${source.name}` };
  }
  const http = slackHttp(terminal);
  try {
    const { client } = composeAccess(source, { ...terminal, config, http, grants, report: () => {} });
    const outcome = await client.logs({ limit: 1 }, source.token || (grant?.token ?? ""), new AbortController().signal);
    const whose = grant?.organisation
      ? `organisation ${grant.organisation.name ?? grant.organisation.id}`
      : "the token";
    return findingOf(outcome, `${whose} may read audit logs`);
  } finally {
    await http.close();
  }
}

/** An empty request: servers answer it as they answer any other, and there is nothing in it to keep. */
async function checkCollector(config: Config, terminal: Terminal): Promise<Finding> {
  const [source] = config.sources;
  if (!source) return { good: "not needed" };
  const http = collectorHttp(config, terminal);
  const sender = { http, meterProvider: { getMeter: createNoopMeter }, killed: new AbortController().signal };
  try {
    const send = composeSend(
      source,
      { ...terminal, config, report: createLog({ ...config.log, level: "silent", secrets: [], write: () => {} }) },
      sender,
    );
    return findingOf(await send([]), `${config.export.url} acknowledges`);
  } finally {
    await http.close();
  }
}

function findingOf(
  outcome: Outcome<unknown, { readonly kind: string; readonly why?: string; readonly remedy?: string }>,
  good: string,
): Finding {
  switch (outcome.status) {
    case "ok":
      return { good };
    case "retry":
      return { wrong: outcome.why, remedy: "see whether the other side runs and the network lets us through" };
    case "hold":
      return { wrong: outcome.why, remedy: outcome.remedy };
    case "refused":
      return {
        wrong: outcome.refusal.why ?? "refused",
        remedy: outcome.refusal.remedy ?? "look into the other side's log",
      };
  }
}
