import assert from "node:assert/strict";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { mapEntry } from "../support/map-entry.ts";
import { startCollector, TO_FILE, testWithCollector } from "./collector.ts";
import { entriesOfEveryKind, entriesOfFixtures } from "./entries.ts";
import { hostileEntries } from "./hostile-entries.ts";
import { createSending } from "./sending.ts";
import { assertSame, expected, readWritten } from "./written.ts";

const PROTOCOLS = ["http/protobuf", "http/json"] as const;
const COMPRESSIONS = ["none", "gzip", "zstd"] as const;
const WAYS = PROTOCOLS.flatMap((protocol) =>
  COMPRESSIONS.map((compression) => ({ name: `${protocol} ${compression}`, protocol, compression })),
);
const RECORDS_PER_REQUEST = 100;

testWithCollector("a Collector takes every entry, however odd, in both encodings and all compressions", async (t) => {
  await using collector = await startCollector({ overlay: TO_FILE });
  const fixtures = entriesOfFixtures();
  const texts = [...entriesOfEveryKind(1_760_000_000), ...fixtures, ...hostileEntries(2_000)];
  const records = texts.map((text) => mapEntry(text));
  t.diagnostic(`${texts.length} entries, ${fixtures.length} of them fixtures`);

  await Promise.all(
    WAYS.map(async ({ name, ...way }) => {
      await using sending = createSending(collector.url, way);
      for (const batch of batchesOf(records)) {
        const resource = resourceOf(name);
        const outcome = await sending.send(batch.map((record) => ({ ...record, resource })));
        assert.deepEqual(outcome, { status: "ok", value: {} }, name);
      }
    }),
  );
  await collector.stop();

  const written = Map.groupBy(await readWritten(collector.file), ({ resource }) => resource.way);
  const wanted = records.map(expected);
  for (const { name } of WAYS) {
    const found = written.get(name) ?? [];
    const resource = { "service.name": "slack", way: name };
    texts.forEach((text, index) => {
      assertSame(found[index], { ...wanted[index], body: text, resource }, `by ${name} ${text.slice(0, 500)}`);
    });
    assert.equal(found.length, wanted.length);
  }
});

function resourceOf(way: string) {
  return resourceFromAttributes({ "service.name": "slack", way });
}

/** The largest record goes alone: with all its neighbours it would be more than a Collector takes. */
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
