import assert from "node:assert/strict";
import { test } from "node:test";
import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { DecodedValue } from "../../../../src/demo/sink/decoded.ts";
import { decodeJson } from "../../../../src/demo/sink/json.ts";
import { decodeProtobuf } from "../../../../src/demo/sink/protobuf.ts";
import { hasMappingError } from "../../../../src/slack/audit/mapping/record.ts";
import { toDecodedValue } from "../../../support/decoded-value.ts";
import { jsonText, objectText } from "../../../support/json-text.ts";
import { mapEntry } from "../../../support/map-entry.ts";
import { fc } from "../../../support/properties.ts";

/** An object with some of Slack's members and some others, with any values. */
function objectWith(...names: string[]): fc.Arbitrary<string> {
  const name = fc.oneof(fc.constantFrom(...names), fc.string({ unit: "binary", maxLength: 4 }));
  const member = fc.tuple(
    name.map((text) => JSON.stringify(text)),
    jsonText,
  );
  return fc.array(member, { maxLength: 4 }).map((members) => objectText(members));
}

/** Mostly of the shape of Slack's entries, with odd values in any place. */
const hostileEntry = fc
  .record(
    {
      id: fc.oneof(
        fc.uuid().map((id) => `"${id}"`),
        jsonText,
      ),
      action: fc.oneof(fc.constantFrom('"user_login"', '"anomaly"'), jsonText),
      date_create: fc.oneof(fc.integer().map(String), jsonText),
      actor: fc.oneof(
        objectWith("id", "email", "name", "team", "type").map((user) => `{"type":"user","user":${user}}`),
        objectWith("user", "type", "id"),
        jsonText,
      ),
      entity: fc.oneof(objectWith("type", "user", "file", "role"), jsonText),
      context: fc.oneof(objectWith("location", "app", "ua", "ip_address", "session_id"), jsonText),
      details: fc.oneof(objectWith("reason", "new_value", "previous_value", "channel_ids", "toJSON"), jsonText),
      category: jsonText,
    },
    { requiredKeys: [] },
  )
  .map((entry) => objectText(Object.entries(entry).map(([key, text]) => [JSON.stringify(key), text])));

const bodies = fc.constantFrom("json", "map", "none");

test("createMapping() maps any JSON to a record that both of OTLP's encodings keep unchanged", () => {
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: hostileEntry }, jsonText), bodies, (text, body) => {
      const record = mapEntry(text, { body });
      const expected = describe(record);
      const [json] = decodeJson(serialized(JsonLogsSerializer.serializeRequest([record])));
      const [protobuf] = decodeProtobuf(serialized(ProtobufLogsSerializer.serializeRequest([record])));
      for (const decoded of [json, protobuf]) {
        assert.ok(decoded);
        const { attributes, body, eventName, severityNumber, timeUnixNano, uid, attributeKeys } = decoded;
        assert.deepEqual({ attributes, body, eventName, severityNumber, timeUnixNano, uid }, expected);
        assert.equal(attributeKeys.length, Object.keys(record.attributes).length);
      }
      if (body === "json" || hasMappingError(record)) assert.equal(record.body, text);
      for (const value of Object.values(record.attributes))
        assert.ok(value !== undefined && value !== null && value !== "");
    }),
    { numRuns: 5_000 },
  );
});

test("createMapping() maps every object without a mapping error", () => {
  fc.assert(
    fc.property(hostileEntry, (text) => assert.ok(!hasMappingError(mapEntry(text)), text)),
    { numRuns: 1_000 },
  );
});

test("createMapping() keeps a string of 5 MB, with NUL and lone surrogates, in both encodings", () => {
  const long = "\\u0000\\ud83d\\ud83d\\ude00é".repeat(1 << 18);
  const record = mapEntry(`{"id":"e-1","details":{"long":"${long}"}}`);
  const expected = describe(record).attributes["slack.audit.details.long"];
  assert.equal(String(expected).length, 5 << 18);
  for (const [decoded] of [
    decodeJson(serialized(JsonLogsSerializer.serializeRequest([record]))),
    decodeProtobuf(serialized(ProtobufLogsSerializer.serializeRequest([record]))),
  ]) {
    assert.ok(decoded);
    assert.ok(decoded.attributes["slack.audit.details.long"] === expected);
    assert.ok(decoded.body === record.body);
  }
});

/** What a receiver must find. */
function describe({ attributes, body, eventName = "", severityNumber = 0, hrTime }: ReadableLogRecord) {
  const decoded = toDecodedValue(attributes) as Record<string, DecodedValue>;
  const timeUnixNano = BigInt(hrTime[0]) * 1_000_000_000n;
  const uid = decoded["log.record.uid"];
  return { attributes: decoded, body: toDecodedValue(body), eventName, severityNumber, timeUnixNano, uid };
}

function serialized(request: Uint8Array | undefined): Uint8Array {
  assert.ok(request);
  return request;
}
