import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { systemClock } from "../../../src/runtime/clock.ts";
import { createHttp } from "../../../src/runtime/http.ts";
import { makeRecords, uidOf } from "../encoding/records.ts";
import { createDelivering, OK } from "./delivering.ts";
import { startExporting } from "./exporting.ts";

const never = new AbortController().signal;
const LIMIT_MS = 10_000;

/**
 * Starts a delivery over HTTP to a sink that stores each request and answers after `answerMs`. The clock stands still: a
 * shorter time limit ends when the sink has the request.
 */
async function startSlow(t: TestContext, { answerMs, concurrency }: { answerMs: number; concurrency: number }) {
  const limits = new Map<AbortController, number>();
  const clock = {
    ...systemClock,
    deadline(ms: number) {
      const limit = new AbortController();
      limits.set(limit, ms);
      return limit.signal;
    },
  };
  const http = createHttp({ clock, timeoutMs: LIMIT_MS, maxAnswerBytes: 1e6 }, {});
  t.after(() => http.close());
  const { sink, send } = await startExporting(t, { http, clock, timeoutMs: LIMIT_MS });
  sink.intercept = ({ records }) => {
    const missed = [...limits].filter(([, ms]) => ms < answerMs);
    limits.clear();
    if (records.length === 0 || missed.length === 0) return undefined;
    setImmediate(() => {
      for (const [limit] of missed) limit.abort(new DOMException("The limit is over", "TimeoutError"));
    });
    return { acceptThenStall: true };
  };
  const setting = createDelivering(() => OK, { send, concurrency, batches: { maxRecords: 10, maxBytes: 1e9 } });
  const copies = () =>
    Math.max(
      ...Map.groupBy(sink.records, ({ uid }) => uid)
        .values()
        .map((found) => found.length),
    );
  return { setting, sink, copies };
}

for (const [factor, most, words] of [
  [3.5, 2, "at most two copies to a collector that answers after 3.5 times the limit"],
  [20, 3, "at most three copies to a collector that answers after 20 times the limit"],
] as const) {
  test(`deliver() sends ${words}`, async (t) => {
    for (const concurrency of [1, 4]) {
      const { setting, sink, copies } = await startSlow(t, { answerMs: factor * LIMIT_MS, concurrency });
      await setting.deliver(makeRecords(60), never);
      assert.deepEqual([...new Set(sink.records.map(({ uid }) => uid))].sort(), makeRecords(60).map(uidOf).sort());
      assert.ok(copies() <= most, `${copies()} copies, ${concurrency} at once`);
      const [retrying] = setting.events;
      assert.ok(retrying?.event === "retrying");
      assert.match(retrying.why, /within 10 s \(export\.timeout\)/);
      assert.deepEqual(setting.aside, []);
    }
  });
}
