import { createInterface } from "node:readline/promises";
import { openConfiguredState } from "../compose/configured-state.ts";
import { createSlackHttp } from "../compose/http-clients.ts";
import { setupOf } from "../compose/servers.ts";
import { composeAccess } from "../compose/source.ts";
import { ConfigError } from "../config/config-error.ts";
import type { Organisation } from "../model.ts";
import { escapeControls } from "../runtime/escape-controls.ts";
import type { Authorization } from "../slack/oauth/authorization.ts";
import type { FlowResult, Unconfirmed } from "../slack/oauth/oauth-flows.ts";
import { createLog } from "../telemetry/log.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { createStatus } from "../telemetry/status.ts";
import { startServer } from "../web/server.ts";
import { ExitCode } from "./exit-code.ts";
import { forget } from "./forget.ts";
import { type ConfigOption, chooseSource, load } from "./load.ts";
import { type Terminal, UsageError } from "./terminal.ts";

/** The options of `authorize`. */
export interface AuthorizeOptions extends ConfigOption {
  readonly source?: string;
  readonly forget?: boolean;
}

/** Obtains a grant over OAuth: prints the link, waits for the grant, stores it and ends. */
export async function authorize(options: AuthorizeOptions, terminal: Terminal): Promise<number> {
  const config = await load(options, terminal);
  const source = chooseSource(config, options.source);
  if (source.token) {
    throw new UsageError(
      `Cannot authorize source "${source.name}": it has a token in the configuration; remove token to use OAuth`,
    );
  }
  const log = createLog({ level: "silent", format: config.log.format, secrets: config.secrets, write: terminal.warn });
  const state = await openConfiguredState(config, terminal, log);
  const slackHttp = createSlackHttp(terminal);
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"]) terminal.signals.on(name, () => interrupted.abort());
  const { clock, random, version } = terminal;
  const { grants, setupKeys } = state;
  const access = composeAccess(source, { config, version, clock, random, report: log, slackHttp, grants, setupKeys });
  const { authorization, client } = access;
  try {
    if (options.forget) return await forget(source, state, terminal);
    if (!authorization.needed()) {
      const grant = await authorization.grant(interrupted.signal);
      const outcome = await client.logs({ limit: 1 }, grant.token, interrupted.signal);
      if (outcome.status !== "refused") {
        terminal.print(`Source "${source.name}" is authorized already, for ${nameOf(grant.organisation)}\n`);
        return ExitCode.done;
      }
      authorization.reopen(outcome.refusal.why, grant.token);
    }
    const sources = [{ name: source.name, authorized: false }];
    const deps = {
      clock,
      report: log,
      status: createStatus({ clock, version, sources }).snapshot,
      metrics: createMetrics({ clock, version, sources }).text,
      setups: [setupOf(source, access)],
    };
    const { host, port, tls } = config.http;
    const server = await startServer(deps, { host, port, tls }).catch((error: Error) => {
      throw new ConfigError([error.message]);
    });
    try {
      await authorization.start();
      return await waitForGrant(authorization, { terminal, signal: interrupted.signal });
    } finally {
      await server.close();
    }
  } finally {
    await authorization.close();
    await slackHttp.close();
    await state.close();
  }
}

async function waitForGrant(
  authorization: Authorization,
  { terminal, signal }: { terminal: Terminal; signal: AbortSignal },
): Promise<number> {
  const { print, input } = terminal;
  print(`Open this in a browser, as an owner of the organisation:\n\n  ${authorization.link()}\n\n`);
  print("If no browser can reach this machine, open this link instead, and paste the browser's last address here:\n\n");
  print(`  ${authorization.beginHere()}\n\n`);
  const done = AbortSignal.any([signal, authorization.granted()]);
  const lines = createInterface({ input, signal: done });
  let unconfirmed: Unconfirmed | undefined;
  const answer = (line: string): Promise<FlowResult> => {
    if (!unconfirmed) return authorization.finishPasted(line, signal);
    const { state } = unconfirmed;
    unconfirmed = undefined;
    const connect = /^y(es)?$/i.test(line.trim());
    return authorization.decide({ state, browserStates: [state], connect }, signal);
  };
  lines.on("line", async (line) => {
    if (line.trim() === "" && !unconfirmed) return;
    const finished = await answer(line).catch(
      (): FlowResult => ({ ok: false, why: "interrupted", remedy: "start again" }),
    );
    if (finished.ok) return;
    unconfirmed = finished.unconfirmed;
    if (unconfirmed) print(`Is ${nameOf(unconfirmed.organisation)} the right organisation? [y/N] `);
    else print(`Not authorized: ${finished.why}; ${finished.remedy}\n\n  ${authorization.beginHere()}\n\n`);
  });
  try {
    const { organisation } = await authorization.grant(signal);
    print(`Authorized for ${nameOf(organisation)}: the grant is stored\n`);
    return ExitCode.done;
  } catch (error) {
    if (!signal.aborted) throw error;
    print("Interrupted: nothing is stored\n");
    return ExitCode.failed;
  } finally {
    lines.close();
  }
}

function nameOf(organisation: Organisation | undefined): string {
  if (!organisation) return "an organisation that Slack did not name";
  const { id, name, domain } = organisation;
  return escapeControls(name ? `${name} (${[id, domain].filter(Boolean).join(", ")})` : id);
}
