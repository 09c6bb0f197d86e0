import type { EncodedRecord, RecordPage } from "../../../model.ts";
import { createBufferPool } from "../../../runtime/buffer-pool.ts";
import { estimateRequestBytes } from "../request-size.ts";
import {
  EMPTY_REQUEST,
  groupByResource,
  LARGEST_KEPT_BYTES,
  type LogsSerializer,
  type RecordGroup,
} from "../serializer.ts";
import { endMessage, STRING, writeAttributes } from "./any-value.ts";
import { BODY, writeField } from "./log-record.ts";
import { createWriter, type Writer, writeRange, written, writtenBytes } from "./writer.ts";

/** Serializes encoded records. A request decodes to the same values as one of the SDK's serializer. */
export function createProtobufLogsSerializer(): LogsSerializer {
  const pool = createBufferPool(LARGEST_KEPT_BYTES);
  return {
    release: pool.release,
    serializeEmptyRequest() {
      const writer = createWriter(Buffer.alloc(EMPTY_REQUEST_BYTES));
      writeResourceLogs(writer, { ...EMPTY_REQUEST, records: [] });
      endMessage(writer, RESOURCE_LOGS, 0);
      return written(writer);
    },
    serializeRequest(records) {
      const writer = createWriter(pool.take(estimateRequestBytes(records)));
      for (const group of groupByResource(records).reverse()) {
        const before = writtenBytes(writer);
        writeResourceLogs(writer, group);
        endMessage(writer, RESOURCE_LOGS, before);
      }
      return written(writer);
    },
  };
}

// Tags of the messages around a LogRecord (opentelemetry/proto/logs/v1/logs.proto).
const RESOURCE_LOGS = (1 << 3) | 2;
const RESOURCE = (1 << 3) | 2;
const RESOURCE_ATTRIBUTE = (1 << 3) | 2;
const SCOPE_LOGS = (2 << 3) | 2;
const SCOPE = (1 << 3) | 2;
const SCOPE_NAME = (1 << 3) | 2;
const SCOPE_VERSION = (2 << 3) | 2;
const LOG_RECORD = (2 << 3) | 2;

const EMPTY_REQUEST_BYTES = 256;

function writeResourceLogs(writer: Writer, { resource, instrumentationScope, records }: RecordGroup): void {
  const before = writtenBytes(writer);
  for (let index = records.length - 1; index >= 0; index--) writeLogRecord(writer, records[index] as EncodedRecord);
  writeScope(writer, instrumentationScope);
  endMessage(writer, SCOPE_LOGS, before);
  const beforeResource = writtenBytes(writer);
  writeAttributes(writer, resource.attributes, RESOURCE_ATTRIBUTE);
  endMessage(writer, RESOURCE, beforeResource);
}

function writeScope(writer: Writer, { name, version }: RecordPage["instrumentationScope"]): void {
  const before = writtenBytes(writer);
  if (version) writeField(writer, SCOPE_VERSION, version);
  writeField(writer, SCOPE_NAME, name);
  endMessage(writer, SCOPE, before);
}

function writeLogRecord(writer: Writer, record: EncodedRecord): void {
  const before = writtenBytes(writer);
  if (record.body) {
    writeRange(writer, record.body);
    endMessage(writer, STRING, before);
    endMessage(writer, BODY, before);
  }
  writeRange(writer, record);
  endMessage(writer, LOG_RECORD, before);
}
