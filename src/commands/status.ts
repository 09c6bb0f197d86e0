import { readConfiguredState } from "../compose.ts";
import type { Config } from "../config/config.ts";
import type { SourceStatus, StatusSnapshot } from "../model.ts";
import { escapeControls } from "../runtime/escape-controls.ts";
import { createHttp } from "../runtime/http.ts";
import { positionFromJson } from "../slack/audit/walk/position.ts";
import { type ConfigOption, load } from "./load.ts";
import type { Terminal } from "./terminal.ts";

/** In which form to tell. */
export interface StatusOptions extends ConfigOption {
  readonly json?: boolean;
  readonly probe?: boolean;
}

const TIMEOUT_MS = 3_000;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** Prints what the daemon says of itself; where none answers, what it left in the state folder. */
export async function status(options: StatusOptions, terminal: Terminal): Promise<number> {
  const config = await load(options, terminal);
  if (options.probe) return (await askDaemon(config, "/healthz", terminal)) === undefined ? 1 : 0;
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
  return 0;
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

/** The daemon's answer on its own port; undefined where it does not answer as it would. */
async function askDaemon({ http: to }: Config, path: string, terminal: Terminal): Promise<string | undefined> {
  const limits = { timeoutMs: TIMEOUT_MS, maxAnswerBytes: MAX_ANSWER_BYTES };
  // To this machine no proxy leads. Its certificate need not name the address, and one that has been renewed or has expired
  // says nothing about the process; no secret is sent. Kubernetes probes over https in the same way.
  const http = createHttp({ clock: terminal.clock, ...limits, unverified: true }, {});
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

/** Where a client on this machine finds what listens on `host`: an address that means all of them is not one of them. */
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
