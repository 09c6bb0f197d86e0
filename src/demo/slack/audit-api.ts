import { jsonAnswer, type TextAnswer } from "../http/answer.ts";
import { actionsByGroup, entitySchemas } from "./actions-and-schemas.ts";
import { answerLogs } from "./audit-logs.ts";
import type { EntryStore } from "./entry-store.ts";
import type { RateLimit } from "./rate-limit.ts";
import { refuse } from "./refusal.ts";
import { type ParsedRequest, tokenOf } from "./request.ts";
import type { Tokens } from "./tokens.ts";

/** The state that the Audit Logs API reads. `now` is in milliseconds. */
export interface AuditApi {
  readonly store: EntryStore;
  readonly tokens: Tokens;
  readonly rateLimit: RateLimit;
  readonly now: () => number;
}

const SCOPE = "auditlogs:read";

/** Answers every path below `/audit/v1`. Only `/logs` needs a token. */
export function answerAudit(request: ParsedRequest, { store, tokens, rateLimit, now }: AuditApi): TextAnswer {
  if (request.path === "/audit/v1/actions") return jsonAnswer(200, { actions: actionsByGroup() });
  if (request.path === "/audit/v1/schemas") return jsonAnswer(200, { schemas: entitySchemas() });
  if (request.path !== "/audit/v1/logs" || request.method !== "GET") return refuse("bad_endpoint");
  const refusal = checkToken(request, tokens, now());
  if (refusal) return refusal;
  const waitSeconds = rateLimit(now());
  if (waitSeconds !== undefined) return refuse("ratelimited", { headers: { "retry-after": String(waitSeconds) } });
  return answerLogs(request.query, { store, nowMs: now() });
}

/** Checks the token: it must be an owner's user token for the whole organisation, with the scope. */
function checkToken(request: ParsedRequest, tokens: Tokens, nowMs: number): TextAnswer | undefined {
  if (!request.authorization) return refuse("missing_authentication");
  const token = tokens.find(tokenOf(request) ?? "");
  if (!token || token.revoked || token.expiresAt <= nowMs) return refuse("invalid_authentication");
  if (token.type === "bot") return refuse("not_allowed_token_type");
  if (!token.scope.split(",").includes(SCOPE)) return refuse("missing_scope", { needed: SCOPE, provided: token.scope });
  if (!token.org) return refuse("team_not_authorized");
  if (token.installer !== "owner") return refuse("user_not_authorized");
  return undefined;
}
