import assert from "node:assert/strict";
import { test } from "node:test";
import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import { readFields } from "../../../src/demo/sink/protobuf-fields.ts";
import { createJsonLogsSerializer } from "../../../src/otlp/encoding/json/logs-serializer.ts";
import { createProtobufLogsSerializer } from "../../../src/otlp/encoding/protobuf/logs-serializer.ts";
import { EMPTY_REQUEST } from "../../../src/otlp/encoding/serializer.ts";
import { makeReadable } from "./records.ts";

const record = { ...makeReadable("1"), ...EMPTY_REQUEST };

test("serializeEmptyRequest() writes the SDK's JSON without the records", () => {
  const reference = JSON.parse(Buffer.from(JsonLogsSerializer.serializeRequest([record]) ?? "").toString());
  reference.resourceLogs[0].scopeLogs[0].logRecords = [];
  assert.deepEqual(JSON.parse(Buffer.from(createJsonLogsSerializer().serializeEmptyRequest()).toString()), reference);
});

test("serializeEmptyRequest() writes the SDK's protobuf without the records", () => {
  const reference = ProtobufLogsSerializer.serializeRequest([record]) ?? new Uint8Array();
  assert.deepEqual(
    partsOf(createProtobufLogsSerializer().serializeEmptyRequest()),
    // The SDK writes a count of dropped attributes of zero, which is the default.
    partsOf(reference)
      .filter((part) => part !== "record")
      .map((part) => part.replace(/1000$/, "")),
  );
});

/** Lists the resource, the scope and the records of a protobuf request. */
function partsOf(request: Uint8Array): string[] {
  return messages(request).flatMap(([, resourceLogs]) =>
    messages(resourceLogs).flatMap(([number, part]) =>
      number === 1
        ? [`resource ${Buffer.from(part).toString("hex")}`]
        : messages(part).map(([inner, bytes]) =>
            inner === 1 ? `scope ${Buffer.from(bytes).toString("hex")}` : "record",
          ),
    ),
  );
}

function messages(message: Uint8Array): [number: number, bytes: Uint8Array][] {
  return [...readFields(message)].flatMap((field) =>
    field.type === "bytes" ? [[field.number, field.value] as [number, Uint8Array]] : [],
  );
}
