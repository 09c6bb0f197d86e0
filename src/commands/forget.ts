import { createSlackHttp } from "../compose/http-clients.ts";
import type { SourceConfig } from "../config/config.ts";
import { positionFromJson, positionToJson } from "../slack/audit/walk/position.ts";
import { revoke } from "../slack/oauth/oauth.ts";
import type { State } from "../state/state.ts";
import { ExitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** How long Slack may take to revoke the token. */
const REVOKE_MS = 10_000;

/**
 * Removes a source's grant and its organisation, so that another organisation can be authorized. The position stays; the ids
 * of delivered entries are removed, because they belong to the old organisation. Returns the exit code.
 */
export async function forget(source: SourceConfig, state: State, terminal: Terminal): Promise<number> {
  const grant = state.grants.load(source.name);
  const stored = state.checkpoints.load(source.name);
  if (!grant && stored === undefined) {
    terminal.print(`Source "${source.name}" has no grant and no position: there is nothing to forget\n`);
    return ExitCode.done;
  }
  if (grant) {
    await state.grants.remove(source.name);
    const http = createSlackHttp(terminal);
    await revoke([grant.token], { http, slackUrl: source.slackUrl }, terminal.clock.deadline(REVOKE_MS)).catch(
      () => {},
    );
    await http.close();
  }
  if (stored !== undefined) {
    const { organisation: _gone, ...position } = positionFromJson(stored);
    const free = positionToJson({ ...position, seen: new Map() });
    await state.checkpoints.save(source.name, free, new AbortController().signal);
    const through = new Date(position.through * 1_000).toISOString();
    terminal.print(`The position stays at ${through}: move it back with slack-audit-receiver rewind\n`);
  }
  const whose = grant?.organisation ? ` of ${grant.organisation.name ?? grant.organisation.id}` : "";
  terminal.print(`Source "${source.name}" has forgotten the grant${whose}: authorize it anew\n`);
  return ExitCode.done;
}
