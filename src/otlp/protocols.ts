import type { RecordEncoding } from "../encoding.ts";
import { createJsonLogsSerializer } from "./encoding/json/logs-serializer.ts";
import { jsonEncoding } from "./encoding/json/record-encoding.ts";
import { createProtobufLogsSerializer } from "./encoding/protobuf/logs-serializer.ts";
import { protobufEncoding } from "./encoding/protobuf/record-encoding.ts";
import type { LogsSerializer } from "./encoding/serializer.ts";

/** The values of `export.protocol`. */
export type Protocol = "http/protobuf" | "http/json";

/** How each protocol writes a request. */
export interface RequestFormat {
  readonly createSerializer: () => LogsSerializer;
  readonly contentType: "application/x-protobuf" | "application/json";
}

/** The request format of each protocol (opentelemetry.io/docs/specs/otlp, "OTLP/HTTP Request"). */
export const requestFormats: Readonly<Record<Protocol, RequestFormat>> = {
  "http/protobuf": { createSerializer: createProtobufLogsSerializer, contentType: "application/x-protobuf" },
  "http/json": { createSerializer: createJsonLogsSerializer, contentType: "application/json" },
};

/** The record encoding of each protocol. A request holds records of its own protocol's encoding only. */
export const recordEncodings: Readonly<Record<Protocol, RecordEncoding>> = {
  "http/protobuf": protobufEncoding,
  "http/json": jsonEncoding,
};
