import assert from "node:assert/strict";
import { test } from "node:test";
import { createEntryMaker } from "../../../../src/demo/entries.ts";
import { seededRandom } from "../../../../src/demo/seeded-random.ts";
import { DEMO_ORGANISATION } from "../../../../src/demo/slack/people.ts";
import { createJsonLogsSerializer } from "../../../../src/otlp/encoding/json/logs-serializer.ts";
import { createProtobufLogsSerializer } from "../../../../src/otlp/encoding/protobuf/logs-serializer.ts";
import { estimateRequestBytes } from "../../../../src/otlp/encoding/request-size.ts";
import { recordEncodings } from "../../../../src/otlp/protocols.ts";
import type { PageReader } from "../../../../src/slack/audit/decode/page.ts";
import { pageOf } from "../../../support/both-ways.ts";
import { opened, openPages, readOpened } from "../../../support/open-page.ts";

const ENTRIES = 300;
const make = createEntryMaker({ random: seededRandom(1), organisation: DEMO_ORGANISATION });
const body = pageOf(Array.from({ length: ENTRIES }, (_, index) => JSON.stringify(make(1_760_000_000 + index))));
const encodings = Object.entries(recordEncodings);

async function recordsOf(page: PageReader) {
  const read = await readOpened(page);
  assert.ok(read.status === "ok");
  return [...read.value.entries];
}

test("a reader reuses the buffer of a released page, and of no other", async () => {
  for (const [protocol, encoding] of encodings) {
    const openPage = openPages({ encoding });
    const buffersOf = async (page: PageReader) => new Set((await recordsOf(page)).map(({ bytes }) => bytes.buffer));
    // The first page teaches the reader how large its buffers must be.
    const first = opened(body, openPage);
    await recordsOf(first);
    first.release();
    const [one, other] = [opened(body, openPage), opened(body, openPage)];
    const before = new Set([...(await buffersOf(one)), ...(await buffersOf(other))]);
    one.release();
    const again = opened(body, openPage);
    const third = opened(body, openPage);
    assert.equal([...(await buffersOf(again))].filter((buffer) => before.has(buffer)).length, 1, protocol);
    assert.equal([...(await buffersOf(third))].filter((buffer) => before.has(buffer)).length, 0, protocol);
  }
});

test("the size of a record is within 5% of its bytes in a request", async () => {
  for (const [protocol, createSerializer] of [
    ["http/protobuf", createProtobufLogsSerializer],
    ["http/json", createJsonLogsSerializer],
  ] as const) {
    const records = await recordsOf(opened(body, openPages({ encoding: recordEncodings[protocol] })));
    const envelope = estimateRequestBytes([]);
    const estimate = estimateRequestBytes(records) - envelope;
    const request = createSerializer().serializeRequest(records);
    assert.ok(request);
    assert.ok(Math.abs(request.length / estimate - 1) < 0.05, `${protocol}: ${request.length} of ${estimate}`);
    assert.ok(request.length <= estimate + envelope);
  }
});

test("an action is read from its own page, even if the page before had one with the same hash in the same buffer", async () => {
  const openPage = openPages();
  const bytes = Buffer.alloc(pageOf(['{"id":"a","date_create":1760000000,"action":"new_Aa"}']).length);
  for (const action of ["new_Aa", "new_BB", "new_Aa"]) {
    bytes.set(pageOf([`{"id":"a","date_create":1760000000,"action":"${action}"}`]));
    const page = await readOpened(opened(bytes, openPage));
    assert.ok(page.status === "ok");
    assert.deepEqual(
      page.value.entries.map((entry) => entry.action),
      [action],
    );
  }
});
