import { createInterface } from "node:readline/promises";
import { setupOf } from "../compose/servers.ts";
import { composeAccess } from "../compose/source.ts";
import { openConfiguredState, slackHttp } from "../compose.ts";
import { ConfigError } from "../config/config-error.ts";
import type { Organisation } from "../model.ts";
import { escapeControls } from "../runtime/escape-controls.ts";
import type { Authorization } from "../slack/oauth/authorization.ts";
import type { FlowResult, Unconfirmed } from "../slack/oauth/oauth-flows.ts";
import { createLog } from "../telemetry/log.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { createStatus } from "../telemetry/status.ts";
import { startServer } from "../web/server.ts";
import { forget } from "./forget.ts";
import { type ConfigOption, chooseSource, load } from "./load.ts";
import { type Terminal, UsageError } from "./terminal.ts";

/** Whom to authorize, or to forget. */
export interface AuthorizeOptions extends ConfigOption {
  readonly source?: string;
  readonly forget?: boolean;
}

/** Only the OAuth bootstrap: prints the link, waits for the grant, stores it, and ends. */
export async function authorize(options: AuthorizeOptions, terminal: Terminal): Promise<number> {
  const config = await load(options, terminal);
  const source = chooseSource(config, options.source);
  if (source.token) {
    throw new UsageError(
      `Cannot authorize source "${source.name}": it has a token in the configuration; remove token to use OAuth`,
    );
  }
  const log = createLog({ ...config.log, level: "silent", secrets: config.secrets, write: terminal.warn });
  const state = await openConfiguredState(config, terminal, log);
  const http = slackHttp(terminal);
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"]) terminal.signals.on(name, () => interrupted.abort());
  const access = composeAccess(source, { ...terminal, config, http, report: log, ...state });
  const { authorization, client } = access;
  try {
    if (options.forget) return await forget(source, state, terminal);
    if (!authorization.needed()) {
      const grant = await authorization.grant(interrupted.signal);
      const outcome = await client.logs({ limit: 1 }, grant.token, interrupted.signal);
      if (outcome.status !== "refused") {
        terminal.print(`Source "${source.name}" is authorized already, for ${nameOf(grant.organisation)}\n`);
        return 0;
      }
      authorization.reopen(outcome.refusal.why, grant.token);
    }
    const known = { sources: [{ name: source.name, authorized: false }] };
    const server = await startServer({
      ...config.http,
      clock: terminal.clock,
      report: log,
      status: createStatus({ ...terminal, ...known }).snapshot,
      metrics: createMetrics({ ...terminal, ...known }).text,
      setups: [setupOf(source, access)],
    }).catch((error: Error) => {
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
    await http.close();
    await state.close();
  }
}

async function waitForGrant(
  authorization: Authorization,
  { terminal, signal }: { terminal: Terminal; signal: AbortSignal },
): Promise<number> {
  const { print, input } = terminal;
  print(`Open this in a browser, as an owner of the organisation:\n\n  ${authorization.link()}\n\n`);
  print(
    "Where no browser can reach this machine, open this instead, and paste the address that the browser ends at here:\n\n",
  );
  print(`  ${authorization.beginHere()}\n\n`);
  const done = AbortSignal.any([signal, authorization.granted()]);
  const lines = createInterface({ input, signal: done });
  let asked: Unconfirmed | undefined;
  const answer = (line: string): Promise<FlowResult> => {
    if (!asked) return authorization.finishPasted(line, signal);
    const { state } = asked;
    asked = undefined;
    const connect = /^y(es)?$/i.test(line.trim());
    return authorization.decide({ state, browserStates: [state], connect }, signal);
  };
  lines.on("line", async (line) => {
    if (line.trim() === "" && !asked) return;
    const finished = await answer(line).catch(
      (): FlowResult => ({ ok: false, why: "interrupted", remedy: "start again" }),
    );
    if (finished.ok) return;
    asked = finished.unconfirmed;
    if (asked) print(`Is ${nameOf(asked.organisation)} the right organisation? [y/N] `);
    else print(`Not authorized: ${finished.why}; ${finished.remedy}\n\n  ${authorization.beginHere()}\n\n`);
  });
  try {
    const { organisation } = await authorization.grant(signal);
    print(`Authorized for ${nameOf(organisation)}: the grant is stored\n`);
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    print("Interrupted: nothing is stored\n");
    return 1;
  } finally {
    lines.close();
  }
}

function nameOf(organisation: Organisation | undefined): string {
  if (!organisation) return "an organisation that Slack did not name";
  const { id, name, domain } = organisation;
  return escapeControls(name ? `${name} (${[id, domain].filter(Boolean).join(", ")})` : id);
}
