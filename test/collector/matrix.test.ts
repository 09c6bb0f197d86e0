import assert from "node:assert/strict";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { listFixtures, readFixture } from "../support/fixtures.ts";
import { mapEntry } from "../support/map-entry.ts";
import { startCollector, TO_FILE, testWithCollector } from "./collector.ts";
import { exampleEntries } from "./entries.ts";
import { extremeEntries } from "./extreme-entries.ts";
import { createSending } from "./sending.ts";
import { assertSame, expected, readWritten } from "./written.ts";

const PROTOCOLS = ["http/protobuf", "http/json"] as const;
const COMPRESSIONS = ["none", "gzip", "zstd"] as const;
const TRANSPORTS = PROTOCOLS.flatMap((protocol) =>
  COMPRESSIONS.map((compression) => ({ name: `${protocol} ${compression}`, protocol, compression })),
);
const RECORDS_PER_REQUEST = 100;

testWithCollector("a Collector accepts every entry in both encodings and all compressions", async (t) => {
  await using collector = await startCollector({ overlay: TO_FILE });
  const fixtures = listFixtures().map(readFixture);
  const texts = [...exampleEntries(1_760_000_000), ...fixtures, ...extremeEntries(2_000)];
  const records = texts.map((text) => mapEntry(text));
  t.diagnostic(`${texts.length} entries, ${fixtures.length} of them fixtures`);

  await Promise.all(
    TRANSPORTS.map(async ({ name, ...options }) => {
      await using sending = createSending(collector.url, options);
      for (const batch of batchesOf(records)) {
        const resource = resourceOf(name);
        const outcome = await sending.send(batch.map((record) => ({ ...record, resource })));
        assert.deepEqual(outcome, { status: "ok", value: {} }, name);
      }
    }),
  );
  await collector.stop();

  const written = Map.groupBy(await readWritten(collector.file), ({ resource }) => resource.transport);
  const wanted = records.map(expected);
  for (const { name } of TRANSPORTS) {
    const found = written.get(name) ?? [];
    const resource = { "service.name": "slack", transport: name };
    texts.forEach((text, index) => {
      assertSame(found[index], { ...wanted[index], body: text, resource }, `by ${name} ${text.slice(0, 500)}`);
    });
    assert.equal(found.length, wanted.length);
  }
});

function resourceOf(transport: string) {
  return resourceFromAttributes({ "service.name": "slack", transport });
}

/** A large record is sent alone: a batch with it would exceed the Collector's limit. */
function batchesOf(records: readonly ReadableLogRecord[]): ReadableLogRecord[][] {
  const batches: ReadableLogRecord[][] = [[]];
  for (const record of records) {
    const large = String(record.body).length > 1_000_000;
    if (large || batches.at(-1)?.length === RECORDS_PER_REQUEST) batches.push([]);
    batches.at(-1)?.push(record);
    if (large) batches.push([]);
  }
  return batches.filter((batch) => batch.length > 0);
}
