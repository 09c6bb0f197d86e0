import assert from "node:assert/strict";
import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { DecodedRecord } from "../../src/demo/sink/decoded.ts";
import { decodeJson } from "../../src/demo/sink/json.ts";
import { decodeProtobuf } from "../../src/demo/sink/protobuf.ts";
import { parseEntry } from "../../src/slack/audit/entry.ts";
import { createMapping, createToRecord, hasMappingError } from "../../src/slack/audit/mapping/record.ts";
import { typeOf } from "../../src/slack/audit/mapping/type-of.ts";
import { RESOURCE } from "./map-entry.ts";
import { createWireTypes } from "./wire-types.ts";

const BATCH = 500;

/**
 * Maps entries and encodes them in both of OTLP's encodings. Asserts that each decodes to the same record, and that every attribute
 * has the type that its name determines. Returns the number of attribute names.
 */
export function assertStableTypes(count: number, nextText: (index: number) => string): number {
  const types = createWireTypes(typeOf);
  const toRecord = createToRecord(createMapping({ body: "json", severity: [], scope: { name: "test", version: "1" } }));
  for (let done = 0; done < count; done += BATCH) {
    const texts = Array.from({ length: Math.min(BATCH, count - done) }, (_, index) => nextText(done + index));
    const records = texts.map((text) => toRecord(parseEntry(text), { resource: RESOURCE, arrivedAtMs: 1 }));
    assert.equal(records.length, texts.length);
    const protobuf = decodeProtobuf(serialized(ProtobufLogsSerializer.serializeRequest(records)));
    const json = decodeJson(serialized(JsonLogsSerializer.serializeRequest(records)));
    for (const [index, text] of texts.entries()) {
      const ours = records[index];
      for (const decoded of [protobuf[index], json[index]]) {
        assert.ok(ours && decoded);
        assertSame(decoded, ours);
        assert.equal(decoded.body, text);
        types.check(decoded);
      }
      // The full comparison costs more than everything else, so it is made for a sample.
      if (index % 20 === 0) assert.deepEqual(protobuf[index], json[index]);
    }
  }
  return types.names();
}

function assertSame(decoded: DecodedRecord, record: ReadableLogRecord): void {
  assert.equal(decoded.attributeKeys.join("\n"), Object.keys(record.attributes).join("\n"));
  assert.equal(decoded.uid, record.attributes["log.record.uid"]);
  assert.equal(decoded.timeUnixNano, BigInt(record.hrTime[0]) * 1_000_000_000n);
  assert.ok(
    !hasMappingError(record) || decoded.uid.startsWith("sha256:"),
    "only an entry that is not an object has a mapping error",
  );
}

function serialized(request: Uint8Array | undefined): Uint8Array {
  assert.ok(request);
  return request;
}
