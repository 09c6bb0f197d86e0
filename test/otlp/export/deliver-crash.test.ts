import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExportOutcome } from "../../../src/otlp/export/outcome.ts";
import { makeRecords } from "../encoding/records.ts";
import { BUSY, CLOSED, createDelivering, type Delivering, FAILS, OK, partial, REFUSED } from "./delivering.ts";

const answers: Readonly<Record<string, ExportOutcome>> = {
  "an acknowledgement": OK,
  "a 503": BUSY,
  "a 401": CLOSED,
  "a 500": FAILS,
  "a 400": REFUSED,
  "a partial success": partial(1),
};
const BATCHES = { first: 0, middle: 1, last: 2 } as const;
const RECORDS = makeRecords(6);
const PAGE = { batches: { maxRecords: 2, maxBytes: 1_000_000 }, concurrency: 1 };

for (const [answer, outcome] of Object.entries(answers)) {
  for (const [place, batch] of Object.entries(BATCHES)) {
    for (const crash of ["before", "after"] as const) {
      test(`deliver() loses nothing when the process dies ${crash} ${answer} to the ${place} batch`, async () => {
        const crashing = new AbortController();
        const dying = createDelivering((uids) => {
          if (!uids.includes(String(batch * 2))) return OK;
          crashing.abort(new Error("crash"));
          return crash === "before" ? BUSY : outcome;
        }, PAGE);
        const finished = await dying.deliver(RECORDS, crashing.signal).then(
          () => true,
          () => false,
        );
        // Only a finished page moves the position. Any other page is delivered again.
        if (finished) return assertAllThere([dying]);
        const next = createDelivering(() => OK, PAGE);
        await next.deliver(RECORDS, new AbortController().signal);
        assertAllThere([next]);
        assert.equal(new Set(dying.delivered).size, dying.delivered.length, "a record is repeated once at most");
      });
    }
  }
}

function assertAllThere(runs: readonly Delivering[]): void {
  const there = new Set(runs.flatMap(({ delivered, aside }) => [...delivered, ...aside.flatMap(({ uids }) => uids)]));
  assert.deepEqual([...there].sort(), ["0", "1", "2", "3", "4", "5"]);
}
