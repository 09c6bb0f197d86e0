import { createSlackHttp } from "../compose/http-clients.ts";
import { composeAccess } from "../compose/source.ts";
import type { Config, SourceConfig } from "../config/config.ts";
import type { Grants } from "../model.ts";
import type { Http } from "../runtime/http.ts";
import { fetchOrganisation } from "../slack/api/organisation.ts";
import { type Finding, findingOf } from "./finding.ts";
import type { Terminal } from "./terminal.ts";

/** The options of `checkSlack`. */
export interface CheckSlackOptions {
  readonly config: Config;
  readonly grants: Grants;
  /** The daemon that holds the state, if one is running. */
  readonly holder: string | undefined;
  readonly terminal: Terminal;
}

/** Requests one entry with the token that `run` uses, and compares the clocks. */
export async function checkSlack(source: SourceConfig, options: CheckSlackOptions): Promise<Finding[]> {
  const { grants, holder, terminal } = options;
  const what = `Slack (${source.name})`;
  const grant = grants.load(source.name);
  const token = source.token || grant?.token;
  if (!token) {
    const command = holder === undefined ? "authorize" : "setup-link";
    return [
      { what, why: "not authorized yet", remedy: `run: slack-audit-receiver ${command} --source ${source.name}` },
    ];
  }
  const slackHttp = createSlackHttp(terminal);
  const signal = terminal.clock.deadline(MAX_WAIT_MS);
  try {
    return await requestEntry(what, source, { ...options, slackHttp, token, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    return [{ what, why: "Slack did not answer in time", remedy: NETWORK, unreachable: true }];
  } finally {
    await slackHttp.close();
  }
}

/** Short, since a person waits for the answer. */
const MAX_WAIT_MS = 20_000;
const NETWORK = "see whether the network, and any proxy between this machine and Slack, let the request through";

async function requestEntry(
  what: string,
  source: SourceConfig,
  {
    config,
    grants,
    terminal,
    slackHttp,
    token,
    signal,
  }: CheckSlackOptions & { slackHttp: Http; token: string; signal: AbortSignal },
): Promise<Finding[]> {
  const { clock, random, version } = terminal;
  const { client } = composeAccess(source, { config, version, clock, random, report: () => {}, slackHttp, grants });
  const outcome = await client.logs({ limit: 1 }, token, signal);
  if (outcome.status !== "ok") return [explain(what, source, outcome)];
  const { body, date } = outcome.value;
  if (!isPage(body))
    return [{ what, why: "Slack answered 200 with something that is no page of entries", remedy: NETWORK }];
  const oursMs = clock.now();
  const clockFindings = date === undefined ? [] : compareClocks(source.name, { slackMs: date * 1_000, oursMs });
  if (!source.token || source.enterpriseId === "") {
    const { organisation } = grants.load(source.name) ?? {};
    const whose = source.token
      ? "the token"
      : `organisation ${organisation?.name ?? organisation?.id ?? "of the grant"}`;
    return [{ what, good: `${whose} may read audit logs` }, ...clockFindings];
  }
  const asked = await fetchOrganisation(token, { slackUrl: source.slackUrl, http: slackHttp, clock }, signal);
  if (asked.status !== "ok") return [findingOf(what, asked, ""), ...clockFindings];
  const { id } = asked.value;
  const good = `the token of organisation ${id} may read audit logs`;
  if (id === source.enterpriseId) return [{ what, good }, ...clockFindings];
  const why = `The token belongs to organisation ${id}, and enterprise_id is ${source.enterpriseId}`;
  return [{ what, why, remedy: "correct token or enterprise_id" }, ...clockFindings];
}

/** Whether the body is a page of entries. Some proxies answer 200 with an HTML page. */
function isPage(body: Buffer): boolean {
  try {
    const page: unknown = JSON.parse(body.toString("utf8"));
    return typeof page === "object" && page !== null && "entries" in page && Array.isArray(page.entries);
  } catch {
    return false;
  }
}

type Failed = Exclude<Awaited<ReturnType<ReturnType<typeof composeAccess>["client"]["logs"]>>, { status: "ok" }>;

/** A refused token of the configuration has to be replaced: it cannot be authorized again. */
function explain(what: string, source: SourceConfig, outcome: Failed): Finding {
  const finding = findingOf(what, outcome, "");
  if (source.token === "" || outcome.status !== "refused" || !("why" in finding)) return finding;
  return { ...finding, remedy: `replace the token of source ${source.name}` };
}

const MAX_DIFFERENCE_MS = 60_000;

/** Warns of a wrong local clock. It is not a fault, because the receiver uses Slack's clock. */
function compareClocks(source: string, { slackMs, oursMs }: { slackMs: number; oursMs: number }): Finding[] {
  const differenceMs = oursMs - slackMs;
  if (Math.abs(differenceMs) <= MAX_DIFFERENCE_MS) return [];
  const seconds = Math.round(Math.abs(differenceMs) / 1_000);
  const direction = differenceMs > 0 ? "ahead of" : "behind";
  return [
    {
      what: `clock (${source})`,
      good: `warning: this machine's clock is ${seconds} s ${direction} Slack's; set it, or look for a proxy that changes the Date header`,
    },
  ];
}
