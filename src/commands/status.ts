import { readConfiguredState } from "../compose/configured-state.ts";
import type { Config } from "../config/config.ts";
import type { SourceStatus, StatusSnapshot } from "../model.ts";
import { escapeControls } from "../runtime/escape-controls.ts";
import { createHttp } from "../runtime/http.ts";
import { positionFromJson } from "../slack/audit/walk/position.ts";
import { ExitCode } from "./exit-code.ts";
import { type ConfigOption, load } from "./load.ts";
import type { Terminal } from "./terminal.ts";

/** The options of `status`. */
export interface StatusOptions extends ConfigOption {
  readonly json?: boolean;
  /** Prints nothing; the exit code says whether the daemon answers. */
  readonly probe?: boolean;
}

const TIMEOUT_MS = 3_000;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** Prints the status of the running daemon. If none answers, prints the content of the state folder. */
export async function status(options: StatusOptions, terminal: Terminal): Promise<number> {
  const config = await load(options, terminal);
  if (options.probe)
    return (await askDaemon(config, "/healthz", terminal)) === undefined ? ExitCode.failed : ExitCode.done;
  const answer = await askDaemon(config, "/status.json", terminal);
  const snapshot = answer === undefined ? undefined : (JSON.parse(answer) as StatusSnapshot);
  const stored = snapshot ? undefined : await readStored(config, terminal);
  if (options.json) {
    terminal.print(
      `${JSON.stringify(snapshot ? { running: true, ...snapshot } : { running: false, sources: stored?.sources }, undefined, 2)}\n`,
    );
  } else if (snapshot) {
    terminal.print(`slack-audit-receiver ${snapshot.version}, up since ${snapshot.started_at}\n`);
    for (const [name, source] of Object.entries(snapshot.sources)) terminal.print(describe(name, source));
  } else {
    const { directory } = config.state;
    const sources = Object.entries(stored?.sources ?? {});
    terminal.print(
      stored?.isEmpty
        ? `No daemon answers. Nothing is stored yet in ${directory}\n`
        : "No daemon answers. The state folder holds:\n",
    );
    for (const [name, { position, authorized }] of sources) {
      terminal.print(
        `${name}: ${authorized ? "authorized" : "not authorized"}, delivered through ${position ?? "nothing yet"}\n`,
      );
    }
  }
  return ExitCode.done;
}

function describe(name: string, source: SourceStatus): string {
  const { counts, organisation, position, lag_seconds, reason, remedy } = source;
  const lines = [
    `${name}: ${source.state.replaceAll("_", " ")}${organisation ? `, organisation ${escapeControls(organisation.name ?? organisation.id)}` : ""}`,
    `  delivered through ${position ?? "nothing yet"}${lag_seconds === null ? "" : `, ${lag_seconds} s behind`}`,
    `  ${counts.delivered} delivered, ${counts.seen} already seen, ${counts.filtered} filtered, ${counts.set_aside} set aside`,
  ];
  if (reason) lines.push(`  ${escapeControls(`${reason}${remedy ? `; ${remedy}` : ""}`)}`);
  return `${lines.join("\n")}\n`;
}

/** Requests a path from the daemon on `http.listen`. Undefined without an answer of status 200. */
async function askDaemon({ http: to }: Config, path: string, terminal: Terminal): Promise<string | undefined> {
  // No proxy, since it is this machine. The certificate is not verified, as in Kubernetes' probes: it need not name the address,
  // an expired one does not mean that the daemon is down, and no secret is sent.
  const http = createHttp(
    { clock: terminal.clock, timeoutMs: TIMEOUT_MS, maxAnswerBytes: MAX_ANSWER_BYTES, unverified: true },
    {},
  );
  try {
    const url = new URL(path, `${to.tls.cert ? "https" : "http"}://${localAuthority(to)}`);
    const { status: code, body } = await http.send(url.href, { method: "GET" }, new AbortController().signal);
    return code === 200 ? body.toString("utf8") : undefined;
  } catch {
    return undefined;
  } finally {
    await http.close();
  }
}

/** The host and port for a client on this machine: loopback for a listener on all addresses. */
function localAuthority({ host, port }: Config["http"]): string {
  if (!host.includes(":")) return `${/^0+(\.0+)*$/.test(host) ? "127.0.0.1" : host}:${port}`;
  return `${/^[0:]+$/.test(host) ? "[::1]" : `[${host}]`}:${port}`;
}

async function readStored(config: Config, terminal: Terminal) {
  const { checkpoints, grants } = await readConfiguredState(config, terminal, () => {});
  const isEmpty = config.sources.every(({ name }) => checkpoints.load(name) === undefined && !grants.load(name));
  const sources = config.sources.map(({ name, token }) => {
    const stored = checkpoints.load(name);
    const through = stored === undefined ? undefined : positionFromJson(stored).through;
    const position = through === undefined ? null : new Date(through * 1_000).toISOString();
    return [name, { authorized: Boolean(token || grants.load(name)), position }] as const;
  });
  return { isEmpty, sources: Object.fromEntries(sources) };
}
