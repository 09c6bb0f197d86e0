import type { Report } from "../../../events.ts";
import type { Clock } from "../../../runtime/clock.ts";
import { describeNetworkError, type Http } from "../../../runtime/http.ts";
import type { RateLimiter } from "../../api/rate-limiter.ts";
import type { ReportUnknown } from "../mapping/vocabulary.ts";
import { unknownActions, unknownSchemaNames } from "./catalogue.ts";

/** Keeps an eye on what Slack adds to its audit logs. Nothing is refused for being new: it is named, once. */
export interface Drift {
  readonly reportUnknown: ReportUnknown;
  /** Compares Slack's own lists with the tables: soon, and then daily. Resolves when `signal` aborts; never rejects. */
  watch(signal: AbortSignal): Promise<void>;
}

/** What it takes. */
export interface DriftOptions {
  readonly source: string;
  readonly auditUrl: string;
  readonly http: Http;
  readonly clock: Clock;
  readonly rateLimiter: RateLimiter;
  readonly report: Report;
}

/** Late enough not to stand in the way of the first polls. */
const FIRST_LOOK_MS = 60_000;
const DAY_MS = 86_400_000;
/** A stream that makes names up must not fill the memory, nor the log. */
const MOST_NAMES = 1_000;
const LONGEST_NAME = 120;

/** Watches over one source. `/actions` and `/schemas` ask for no token, so none is sent. */
export function createDrift({ source, auditUrl, http, clock, rateLimiter, report }: DriftOptions): Drift {
  const named = new Set<string>();
  const reportUnknown: ReportUnknown = (kind, name) => {
    const shown = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
    const key = `${kind} ${shown}`;
    if (named.size >= MOST_NAMES || named.has(key)) return;
    named.add(key);
    report({ event: "drift_noticed", source, kind, name: shown.toWellFormed() });
  };

  async function look(list: "actions" | "schemas", signal: AbortSignal): Promise<void> {
    try {
      await rateLimiter.take(signal);
      const url = `${auditUrl.replace(/\/+$/, "")}/${list}`;
      const { status, body } = await http.send(url, { method: "GET", headers: { accept: "application/json" } }, signal);
      if (status !== 200) throw new Error(`Slack answered ${status}`);
      const answer: unknown = JSON.parse(body.toString("utf8"));
      const unknown = list === "actions" ? unknownActions(answer) : unknownSchemaNames(answer);
      for (const { kind, name } of unknown) reportUnknown(kind, name);
    } catch (error) {
      if (!signal.aborted) report({ event: "catalogue_unavailable", source, why: describeNetworkError(error) });
    }
  }

  return {
    reportUnknown,
    async watch(signal) {
      try {
        for (let waitMs = FIRST_LOOK_MS; ; waitMs = DAY_MS) {
          await clock.sleep(waitMs, signal);
          await look("actions", signal);
          await look("schemas", signal);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };
}
