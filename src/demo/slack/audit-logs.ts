import type { TextAnswer } from "../http/answer.ts";
import { readCursor, toCursor } from "./cursor.ts";
import type { EntryStore } from "./entry-store.ts";
import { createFilter } from "./filter.ts";
import { refuse } from "./refusal.ts";

const DEFAULT_LIMIT = 1_000;
const MAX_LIMIT = 9_999;
const MAX_ACTIONS = 30;

/**
 * Answers `GET /audit/v1/logs` for a permitted caller. Entries are newest first; bounds are inclusive whole seconds. `next_cursor`
 * is always present and empty on the last page. A success has no `ok`
 * (https://docs.slack.dev/reference/audit-logs-api/methods-actions-reference).
 */
export function answerLogs(query: URLSearchParams, { store, nowMs }: { store: EntryStore; nowMs: number }): TextAnswer {
  const nowSeconds = Math.floor(nowMs / 1_000);
  const oldest = toInteger(query.get("oldest"), 0);
  const latest = toInteger(query.get("latest"), nowSeconds);
  if (!inRange(oldest, nowSeconds) || !inRange(latest, nowSeconds)) return refuse("invalid_range");

  const limit = toInteger(query.get("limit"), DEFAULT_LIMIT);
  if (!(limit >= 1 && limit <= MAX_LIMIT)) return refuse("invalid_arguments");

  const actions = query.get("action")?.split(",") ?? [];
  if (actions.length > MAX_ACTIONS) return refuse("invalid_action");

  const cursor = query.get("cursor") ?? "";
  const goOnFrom = cursor === "" ? latest : readCursor(cursor);
  if (goOnFrom === undefined) return refuse("invalid_cursor");

  const matches = createFilter({ actions, actor: query.get("actor"), entity: query.get("entity") });
  const page = store.page({ from: oldest, to: Math.min(latest, goOnFrom), limit, matches }, nowMs);
  const next = JSON.stringify(page.nextTo === undefined ? "" : toCursor(page.nextTo));
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8" },
    // Joined, not serialised: an entry is sent byte for byte as it was added.
    body: `{"entries":[${page.texts.join(",")}],"response_metadata":{"next_cursor":${next}}}`,
  };
}

function toInteger(text: string | null, otherwise: number): number {
  if (text === null || text === "") return otherwise;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

function inRange(second: number, now: number): boolean {
  return second >= 0 && second <= now;
}
