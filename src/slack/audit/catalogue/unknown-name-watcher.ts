import type { Report } from "../../../events.ts";
import type { Clock } from "../../../runtime/clock.ts";
import { describeNetworkError, type Http } from "../../../runtime/http.ts";
import type { RateLimiter } from "../../../runtime/rate-limiter.ts";
import type { ReportUnknown } from "../mapping/vocabulary.ts";
import { findUnknownActions, findUnknownSchemaNames } from "./catalogue.ts";

/** Reports names that Slack uses and the tables do not have, each once. Entries with unknown names are still delivered. */
export interface UnknownNameWatcher {
  readonly reportUnknown: ReportUnknown;
  /** Compares Slack's lists with the tables after a minute, and then daily. Resolves when `signal` aborts; never rejects. */
  watch(signal: AbortSignal): Promise<void>;
}

/** The options of `createUnknownNameWatcher`. */
export interface UnknownNameWatcherOptions {
  readonly source: string;
  /** `https://api.slack.com/audit/v1`. */
  readonly auditUrl: string;
  readonly http: Http;
  readonly clock: Clock;
  readonly rateLimiter: RateLimiter;
  readonly report: Report;
}

/** The first polls need the rate limit more. */
const FIRST_CHECK_MS = 60_000;
const DAY_MS = 86_400_000;
/** Invented names must fill neither the memory nor the log. */
const MAX_NAMES = 1_000;
const MAX_NAME_LENGTH = 120;

/** Creates the watcher of one source. `/actions` and `/schemas` need no token, so none is sent. */
export function createUnknownNameWatcher(options: UnknownNameWatcherOptions): UnknownNameWatcher {
  const { source, auditUrl, http, clock, rateLimiter, report } = options;
  const reported = new Set<string>();
  const reportUnknown: ReportUnknown = (kind, name) => {
    const shown = name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
    const key = `${kind} ${shown}`;
    if (reported.size >= MAX_NAMES || reported.has(key)) return;
    reported.add(key);
    report({ event: "drift_noticed", source, kind, name: shown.toWellFormed() });
  };

  async function checkList(list: "actions" | "schemas", signal: AbortSignal): Promise<void> {
    try {
      await rateLimiter.take(signal);
      const url = `${auditUrl.replace(/\/+$/, "")}/${list}`;
      const { status, body } = await http.send(url, { method: "GET", headers: { accept: "application/json" } }, signal);
      if (status !== 200) throw new Error(`Slack answered ${status}`);
      const answer: unknown = JSON.parse(body.toString("utf8"));
      const unknown = list === "actions" ? findUnknownActions(answer) : findUnknownSchemaNames(answer);
      for (const { kind, name } of unknown) reportUnknown(kind, name);
    } catch (error) {
      if (!signal.aborted) report({ event: "catalogue_unavailable", source, why: describeNetworkError(error) });
    }
  }

  return {
    reportUnknown,
    async watch(signal) {
      try {
        for (let waitMs = FIRST_CHECK_MS; ; waitMs = DAY_MS) {
          await clock.sleep(waitMs, signal);
          await checkList("actions", signal);
          await checkList("schemas", signal);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };
}
