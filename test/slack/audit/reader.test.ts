import assert from "node:assert/strict";
import { test } from "node:test";
import { createEntryMaker } from "../../../src/demo/entries.ts";
import { seededRandom } from "../../../src/demo/seeded-random.ts";
import { DEMO_ORGANISATION } from "../../../src/demo/slack/people.ts";
import { estimateRequestBytes } from "../../../src/otlp/batch.ts";
import { type ExporterOptions, recordEncodings } from "../../../src/otlp/exporter.ts";
import { createJsonLogsSerializer } from "../../../src/otlp/json/logs-serializer.ts";
import { createProtobufLogsSerializer } from "../../../src/otlp/protobuf/logs-serializer.ts";
import { parsePage } from "../../../src/slack/audit/page.ts";
import { createReader } from "../../../src/slack/audit/reader.ts";
import { createMapping } from "../../../src/slack/audit/record.ts";
import { pageOf } from "../../support/both-ways.ts";
import { ARRIVED_AT_MS, RESOURCE } from "../../support/map-entry.ts";

const ENTRIES = 300;
const make = createEntryMaker({ random: seededRandom(1), organisation: DEMO_ORGANISATION });
const page = parsePage(
  pageOf(Array.from({ length: ENTRIES }, (_, index) => JSON.stringify(make(1_760_000_000 + index)))),
);

/** Reads the page with one reader as often as asked. */
function readerOf(protocol: ExporterOptions["protocol"]) {
  assert.ok(page.status === "ok");
  const { value } = page;
  const scope = { name: "test", version: "1" };
  const mapping = createMapping({ body: "json", severity: [], scope, encoding: recordEncodings[protocol] });
  const openPage = createReader(mapping);
  return () => {
    const read = openPage(value, { resource: RESOURCE, arrivedAtMs: ARRIVED_AT_MS });
    return value.entries.map((entry) => read(entry).record);
  };
}

test("createReader() writes a page's records to where those of the page before it were", () => {
  for (const protocol of ["http/protobuf", "http/json"] as const) {
    const readPage = readerOf(protocol);
    readPage();
    const buffers = Array.from({ length: 5 }, readPage).map((records) => records.map(({ encoded }) => encoded?.bytes));
    assert.equal(new Set(buffers.flat()).size, 1, protocol);
  }
});

test("a record says what it takes in a request, so that requests are cut as large as they may be and made in one buffer", () => {
  for (const [protocol, createSerializer] of [
    ["http/protobuf", createProtobufLogsSerializer],
    ["http/json", createJsonLogsSerializer],
  ] as const) {
    const records = readerOf(protocol)();
    const envelope = estimateRequestBytes([]);
    const estimate = estimateRequestBytes(records) - envelope;
    const request = createSerializer().serializeRequest(records);
    assert.ok(request);
    assert.ok(Math.abs(request.length / estimate - 1) < 0.05, `${protocol}: ${request.length} of ${estimate}`);
    assert.ok(request.length <= estimate + envelope);
  }
});

test("an action is read from its own page, where the one before it lay in the same bytes and had an action with the same hash", () => {
  const openPage = createReader(
    createMapping({
      body: "json",
      severity: [],
      scope: { name: "test", version: "1" },
      encoding: recordEncodings["http/protobuf"],
    }),
  );
  const bytes = Buffer.alloc(pageOf(['{"id":"a","date_create":1760000000,"action":"new_Aa"}']).length);
  for (const action of ["new_Aa", "new_BB", "new_Aa"]) {
    bytes.set(pageOf([`{"id":"a","date_create":1760000000,"action":"${action}"}`]));
    const parsed = parsePage(bytes);
    assert.ok(parsed.status === "ok");
    const read = openPage(parsed.value, { resource: RESOURCE, arrivedAtMs: ARRIVED_AT_MS });
    assert.deepEqual(
      parsed.value.entries.map((entry) => read(entry).action),
      [action],
    );
  }
});
