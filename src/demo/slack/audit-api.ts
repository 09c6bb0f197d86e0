import { jsonAnswer, type TextAnswer } from "../http/answer.ts";
import { answerLogs } from "./audit-logs.ts";
import { type Call, tokenOf } from "./call.ts";
import { actionsByGroup, entitySchemas } from "./catalogue.ts";
import type { EntryStore } from "./entry-store.ts";
import type { RateLimit } from "./rate-limit.ts";
import { refuse } from "./refusal.ts";
import type { Tokens } from "./tokens.ts";

/** What the Audit Logs API knows. */
export interface AuditApi {
  readonly store: EntryStore;
  readonly tokens: Tokens;
  readonly rateLimit: RateLimit;
  readonly now: () => number;
}

const SCOPE = "auditlogs:read";

/** Everything below `/audit/v1`. Only the logs ask for a token. */
export function answerAudit(call: Call, { store, tokens, rateLimit, now }: AuditApi): TextAnswer {
  if (call.path === "/audit/v1/actions") return jsonAnswer(200, { actions: actionsByGroup() });
  if (call.path === "/audit/v1/schemas") return jsonAnswer(200, { schemas: entitySchemas() });
  if (call.path !== "/audit/v1/logs" || call.method !== "GET") return refuse("bad_endpoint");
  const refusal = refuseCaller(call, tokens, now());
  if (refusal) return refusal;
  const waitSeconds = rateLimit(now());
  if (waitSeconds !== undefined) return refuse("ratelimited", { headers: { "retry-after": String(waitSeconds) } });
  return answerLogs(call.query, { store, nowMs: now() });
}

/** Why this caller may not read the logs: an organisation-wide user token of an owner, with the scope, is what it takes. */
function refuseCaller(call: Call, tokens: Tokens, nowMs: number): TextAnswer | undefined {
  if (!call.authorization) return refuse("missing_authentication");
  const token = tokens.find(tokenOf(call) ?? "");
  if (!token || token.revoked || token.expiresAt <= nowMs) return refuse("invalid_authentication");
  if (token.type === "bot") return refuse("not_allowed_token_type");
  if (!token.scope.split(",").includes(SCOPE)) return refuse("missing_scope", { needed: SCOPE, provided: token.scope });
  if (!token.org) return refuse("team_not_authorized");
  if (token.installer !== "owner") return refuse("user_not_authorized");
  return undefined;
}
