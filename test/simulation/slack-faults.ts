import type { RandomValues } from "../../src/demo/random-values.ts";
import type { HttpResponse } from "../../src/runtime/http.ts";
import { drawRetryAfter } from "./retry-after.ts";

export interface SlackFault {
  readonly answer: HttpResponse | "hangs" | "resets";
  /** The wait that its `Retry-After` demands. */
  readonly afterMs?: number;
}

interface Asked {
  readonly isDateRight: boolean;
  readonly nowMs: number;
  readonly hasCursor: boolean;
}

/** Replaces a good answer by one of the ways in which Slack fails. */
export function drawSlackFault(
  good: HttpResponse,
  { nowMs, hasCursor, isDateRight }: Asked,
  dice: RandomValues,
): SlackFault {
  const say = (status: number, body: string): SlackFault => ({
    answer: { status, headers: good.headers, body: Buffer.from(body) },
  });
  const kind = dice.pick(hasCursor ? WITH_CURSOR : KINDS);
  switch (kind) {
    case "rate limit":
    case "busy": {
      const { header, afterMs } = drawRetryAfter(isDateRight, nowMs, dice);
      const status = kind === "busy" ? 503 : 429;
      const body = Buffer.from(dice.pick(["", '{"ok":false,"error":"ratelimited"}', HTML]));
      const answer = { status, headers: { ...good.headers, ...(header && { "retry-after": header }) }, body };
      return { answer, ...(afterMs !== undefined && { afterMs }) };
    }
    case "server error":
      return say(dice.pick([500, 502, 504]), HTML);
    case "cut":
      return say(200, good.body.toString("utf8", 0, dice.integer(0, good.body.length - 1)));
    case "login page":
      return say(200, HTML);
    case "not ok":
      return say(200, dice.pick(['{"ok":false}', '{"ok":false,"error":"fatal_error"}', '{"ok":false,"entries":[]}']));
    case "no entries":
      return say(200, dice.pick(["{}", "[]", "null", '{"entries":null}', '{"response_metadata":{"next_cursor":""}}']));
    case "refused cursor":
      return say(400, dice.pick(['{"ok":false,"error":"invalid_cursor"}', "", HTML]));
    case "resets":
    case "hangs":
      return { answer: kind };
  }
}

const HTML = "<!doctype html><title>Sign in</title>";
const KINDS = [
  "rate limit",
  "rate limit",
  "busy",
  "server error",
  "cut",
  "login page",
  "not ok",
  "no entries",
  "resets",
  "hangs",
] as const;
const WITH_CURSOR = [...KINDS, "refused cursor", "refused cursor"] as const;
