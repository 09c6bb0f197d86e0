import assert from "node:assert/strict";
import { test } from "node:test";
import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import { createEntryMaker } from "../../../src/demo/entries.ts";
import { seededRandom } from "../../../src/demo/seeded-random.ts";
import type { DecodedRecord } from "../../../src/demo/sink/decoded.ts";
import { decodeJson } from "../../../src/demo/sink/json.ts";
import { decodeProtobuf } from "../../../src/demo/sink/protobuf.ts";
import { DEMO_ORGANISATION } from "../../../src/demo/slack/people.ts";
import type { LogRecord } from "../../../src/model.ts";
import { parseEntry } from "../../../src/slack/audit/entry.ts";
import { detailsSection } from "../../../src/slack/audit/mapping/details.ts";
import { knownSections } from "../../../src/slack/audit/mapping/members.ts";
import { nameOf, typeOf } from "../../../src/slack/audit/mapping/type-of.ts";
import { createMapping, hasMappingError } from "../../../src/slack/audit/record.ts";
import { createHostileEntries } from "../../support/hostile-entries.ts";
import { RESOURCE } from "../../support/map-entry.ts";
import { readSamples, samplesAreMissing } from "../../support/samples.ts";
import { createWireTypes, type WireTypes } from "../../support/wire-types.ts";

const BATCH = 500;

/** Maps entries, sends them through both encodings, and checks each record of both. */
function check(count: number, nextText: (index: number) => string, types: WireTypes): void {
  const mappings = (["json", "none"] as const).map((body) =>
    createMapping({ body, severity: [], scope: { name: "test", version: "1" } }),
  );
  for (let done = 0; done < count; done += BATCH) {
    const texts = Array.from({ length: Math.min(BATCH, count - done) }, (_, index) => nextText(done + index));
    const toRecord = mappings[(done / BATCH) % 2] ?? assert.fail();
    const records = texts.map((text) => toRecord(parseEntry(text), { resource: RESOURCE, arrivedAtMs: 1 }));
    assert.equal(records.length, texts.length);
    const protobuf = decodeProtobuf(serialized(ProtobufLogsSerializer.serializeRequest(records)));
    const json = decodeJson(serialized(JsonLogsSerializer.serializeRequest(records)));
    for (const [index, text] of texts.entries()) {
      const ours = records[index];
      for (const decoded of [protobuf[index], json[index]]) {
        assert.ok(ours && decoded);
        assertSame(decoded, ours);
        assert.equal(decoded.body, ours.body ?? null);
        assert.ok(decoded.body === null || decoded.body === text);
        types.check(decoded);
      }
      // Both encodings bring the same; looked at whole for some, since it costs more than all the rest.
      if (index % 20 === 0) assert.deepEqual(protobuf[index], json[index]);
    }
  }
}

function assertSame(decoded: DecodedRecord, record: LogRecord): void {
  assert.equal(decoded.attributeKeys.join("\n"), Object.keys(record.attributes).join("\n"));
  assert.equal(decoded.uid, record.attributes["log.record.uid"]);
  assert.equal(decoded.timeUnixNano, BigInt(record.hrTime[0]) * 1_000_000_000n);
  assert.ok(!hasMappingError(record) || decoded.uid.startsWith("sha256:"), "only what is no object is not mapped");
}

function serialized(request: Uint8Array | undefined): Uint8Array {
  assert.ok(request);
  return request;
}

test("every attribute has one type in 100,000 hostile entries, and none of them is lost in either encoding", () => {
  const types = createWireTypes(typeOf);
  check(100_000, createHostileEntries(20_251_122), types);
  assert.ok(types.names() > 1_000);
});

test("every attribute has one type in 20,000 entries of the demonstration", () => {
  const makeEntry = createEntryMaker({ random: seededRandom(3), organisation: DEMO_ORGANISATION });
  check(20_000, (index) => JSON.stringify(makeEntry(1_760_000_000 + index)), createWireTypes(typeOf));
});

test("every attribute has one type in every sample", { skip: samplesAreMissing }, () => {
  const texts = readSamples();
  check(texts.length, (index) => texts[index] ?? "", createWireTypes(typeOf));
});

test("typeOf() is not of two minds: members that come to one name have one type", () => {
  for (const section of [...knownSections, detailsSection]) {
    for (const [key, type] of section.types) assert.equal(typeOf(nameOf(section, key)), type, `${section.path}.${key}`);
  }
});
