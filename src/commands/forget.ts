import { slackHttp } from "../compose.ts";
import type { SourceConfig } from "../config/config.ts";
import { positionFromJson, positionToJson } from "../slack/audit/walk/position.ts";
import { revoke } from "../slack/oauth/oauth.ts";
import type { State } from "../state/state.ts";
import type { Terminal } from "./terminal.ts";

/** How long Slack may take to take the token back. */
const REVOKE_MS = 10_000;

/**
 * Forgets a source's grant and which organisation it is bound to, so that another organisation can be authorized. The position
 * stays, but the ids of what was delivered go with the organisation that they belong to. Returns the exit code.
 */
export async function forget(source: SourceConfig, state: State, terminal: Terminal): Promise<number> {
  const grant = state.grants.load(source.name);
  const stored = state.checkpoints.load(source.name);
  if (!grant && stored === undefined) {
    terminal.print(`Source "${source.name}" has no grant and no position: there is nothing to forget\n`);
    return 0;
  }
  if (grant) {
    await state.grants.remove(source.name);
    const http = slackHttp(terminal);
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
  return 0;
}
