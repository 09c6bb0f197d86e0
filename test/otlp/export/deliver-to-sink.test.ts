import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { SinkFault } from "../../../src/demo/sink/faults.ts";
import { refuseMoreThan, refuseRecords } from "../../../src/demo/sink/refuse-records.ts";
import { createDeadLetters } from "../../../src/otlp/export/dead-letters.ts";
import { systemClock } from "../../../src/runtime/clock.ts";
import { systemFiles } from "../../../src/runtime/files.ts";
import { systemRandom } from "../../../src/runtime/random.ts";
import { makeTemporaryFolder } from "../../runtime/temporary-folder.ts";
import { makeRecord, makeRecords, uidOf } from "../encoding/records.ts";
import { createDelivering, OK } from "./delivering.ts";
import { type Exporting, startExporting } from "./exporting.ts";

const never = new AbortController().signal;

/** Starts a delivery over HTTP to a sink, with dead letters on the disk, as the daemon does. */
async function startDelivering(t: TestContext, { maxBytes = 1024 * 1024 } = {}) {
  const exporting: Exporting = await startExporting(t, { compression: "gzip", maxBytes });
  const files = { files: systemFiles, random: systemRandom, clock: systemClock };
  const deadLetters = createDeadLetters(await makeTemporaryFolder(t), files);
  const setting = createDelivering(() => OK, {
    send: exporting.send,
    deadLetters,
    concurrency: 4,
    batches: { maxRecords: 50, maxBytes: 1e9 },
  });
  const aside = async () => {
    const letters = await Promise.all((await deadLetters.list("acme")).map(deadLetters.read));
    return letters.flat().map(({ record }) => uidOf(record));
  };
  const arrived = () => exporting.sink.records.map(({ uid }) => uid).sort((a, b) => Number(a) - Number(b));
  return { ...exporting, ...setting, setting, aside, arrived };
}

const uids = (count: number) => makeRecords(count).map(uidOf);

test("deliver() delivers every record to the sink once", async (t) => {
  const { deliver, arrived, aside, events } = await startDelivering(t);
  await deliver(makeRecords(500), never);
  assert.deepEqual(arrived(), uids(500));
  assert.deepEqual([await aside(), events], [[], []]);
});

test("deliver() delivers every record once through all faults that lose no answer", async (t) => {
  const { deliver, arrived, aside, sink } = await startDelivering(t);
  const faults: SinkFault[] = [
    { status: 503 },
    { reset: true },
    { status: 401 },
    { html: true },
    { status: 429, headers: { "retry-after": "5" } },
    { status: 500 },
    { status: 307, headers: { location: "/" } },
  ];
  sink.intercept = ({ index }) => (index % 3 === 0 ? faults[index / 3] : undefined);
  await deliver(makeRecords(1_000), never);
  assert.deepEqual(arrived(), uids(1_000));
  assert.deepEqual(await aside(), []);
});

test("deliver() repeats only the request whose answer was lost", async (t) => {
  const { deliver, arrived, sink } = await startDelivering(t);
  sink.intercept = ({ index }) => (index === 0 ? { acceptThenReset: true } : undefined);
  await deliver(makeRecords(200), never);
  const twice = sink.records.filter(({ request }) => request === 0).length;
  assert.equal(twice, 50);
  assert.equal(arrived().length, 250);
  assert.deepEqual([...new Set(arrived())], uids(200));
});

test("deliver() puts only the refused records into the dead letters", async (t) => {
  for (const status of [400, 413]) {
    const { deliver, arrived, aside, sink, events } = await startDelivering(t);
    sink.intercept = refuseRecords(["7", "60", "61", "199"], status);
    await deliver(makeRecords(200), never);
    assert.deepEqual((await aside()).sort(), ["199", "60", "61", "7"]);
    assert.equal(arrived().length, 196);
    assert.equal(events.filter(({ event }) => event === "records_set_aside").length > 0, true);
  }
});

test("deliver() sends smaller requests to a sink that refuses large ones", async (t) => {
  const { deliver, arrived, aside, sink } = await startDelivering(t);
  sink.intercept = refuseMoreThan(7);
  await deliver(makeRecords(200), never);
  assert.deepEqual(arrived(), uids(200));
  assert.deepEqual(await aside(), []);
});

test("deliver() splits a request that exceeds the size limit", async (t) => {
  const { deliver, arrived, aside, sink } = await startDelivering(t, { maxBytes: 10_000 });
  await deliver(
    makeRecords(50).map((record) => makeRecord(uidOf(record), { body: "x".repeat(3_000) })),
    never,
  );
  assert.deepEqual(arrived(), uids(50));
  assert.ok(sink.requests.every(({ records }) => records <= 3));
  assert.deepEqual(await aside(), []);
});

test("deliver() sets aside the whole batch of a partial success", async (t) => {
  const { deliver, aside, sink, events } = await startDelivering(t);
  sink.intercept = ({ index }) => (index === 0 ? { partial: { rejected: 2, message: "too old" } } : undefined);
  await deliver(makeRecords(200), never);
  assert.equal((await aside()).length, 50);
  assert.equal(sink.records.length, 198);
  const [event] = events;
  assert.ok(event?.event === "records_set_aside");
  assert.equal(event.why, "The collector rejected 2 of 50 records without saying which: too old");
});

test("deliver() abandons the requests in flight at a hard stop", async (t) => {
  const { deliver, aside, sink, hardStop } = await startDelivering(t);
  const stop = new AbortController();
  const reason = new Error("The grace is over");
  let arrivals = 0;
  sink.intercept = () => {
    if (++arrivals === 4) {
      stop.abort(reason);
      hardStop(reason);
    }
    return { stall: true };
  };
  await assert.rejects(deliver(makeRecords(500), stop.signal), reason);
  assert.equal(sink.requests.length, 4);
  assert.deepEqual(await aside(), []);
});
