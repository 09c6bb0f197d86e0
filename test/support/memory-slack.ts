import { answerLogs } from "../../src/demo/slack/audit-logs.ts";
import { createEntryStore, type EntryStore } from "../../src/demo/slack/entry-store.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import { type LogsQuery, logsUrl, type SlackClient } from "../../src/slack/api/client.ts";

/** Slack's audit logs without a network, for property tests with thousands of requests. */
export interface MemorySlack {
  readonly store: EntryStore;
  readonly client: SlackClient;
  readonly queries: readonly LogsQuery[];
}

/** Answers with the code of the demonstration's server: newest second first, inclusive bounds, cursors without bounds. */
export function createMemorySlack(clock: Clock, { isStrict = true } = {}): MemorySlack {
  const store = createEntryStore();
  const queries: LogsQuery[] = [];
  const client: SlackClient = {
    async logs(query, _token, signal) {
      signal.throwIfAborted();
      queries.push(query);
      const { searchParams } = new URL(logsUrl("https://slack.test", query));
      const now = Math.floor(clock.now() / 1_000);
      // A lenient Slack takes a window in the future, and brings what there is.
      if (!isStrict && (query.latest ?? 0) > now) searchParams.set("latest", String(now));
      if (!isStrict && (query.oldest ?? 0) > now) searchParams.set("oldest", String(now));
      const { status, body } = answerLogs(searchParams, { store, nowMs: clock.now() });
      if (body.includes("invalid_range")) return { status: "refused", refusal: { kind: "future", why: body } };
      if (status !== 200) return { status: "retry", why: body };
      return { status: "ok", value: { body: Buffer.from(body), date: Math.floor(clock.now() / 1_000) } };
    },
    // Zeroed, so that a later read of the released buffer fails.
    release: (body) => body.fill(0),
    trim() {},
  };
  return { store, client, queries };
}
