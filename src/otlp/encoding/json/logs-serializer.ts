import type { GrowableBuffer } from "../../../encoding.ts";
import type { ByteRange, EncodedRecord } from "../../../model.ts";
import { createBufferPool } from "../../../runtime/buffer-pool.ts";
import { BACKSLASH, FIRST_PRINTABLE, QUOTE } from "../../../runtime/json.ts";
import { ensureCapacity, writeBytes, writeRange } from "../growable-buffer.ts";
import { estimateRequestBytes } from "../request-size.ts";
import {
  EMPTY_REQUEST,
  groupByResource,
  LARGEST_KEPT_BYTES,
  type LogsSerializer,
  type RecordGroup,
} from "../serializer.ts";
import { startOf } from "./log-record.ts";

/** Serializes encoded records. A request decodes to the same values as one of the SDK's serializer. */
export function createJsonLogsSerializer(): LogsSerializer {
  const pool = createBufferPool(LARGEST_KEPT_BYTES);
  return {
    release: pool.release,
    serializeEmptyRequest: () => Buffer.from(`{"resourceLogs":[${startOf(EMPTY_REQUEST)}]}]}]}`),
    serializeRequest(records) {
      const buffer: GrowableBuffer = { bytes: pool.take(estimateRequestBytes(records)), length: 0 };
      writeText(buffer, '{"resourceLogs":[');
      for (const [index, group] of groupByResource(records).entries()) {
        if (index > 0) writeBytes(buffer, COMMA);
        writeGroup(buffer, group);
      }
      writeText(buffer, "]}");
      return buffer.bytes.subarray(0, buffer.length);
    },
  };
}

const COMMA = Buffer.from(",");
const OPEN = Buffer.from("{");
const CLOSE = Buffer.from("}");
const OPEN_BODY = Buffer.from(',"body":{"stringValue":"');
const CLOSE_BODY = Buffer.from('"}');

function writeGroup(buffer: GrowableBuffer, group: RecordGroup): void {
  writeText(buffer, startOf(group));
  let isFirst = true;
  for (const record of group.records) {
    if (!isFirst) writeBytes(buffer, COMMA);
    isFirst = false;
    writeRecord(buffer, record);
  }
  writeText(buffer, "]}]}");
}

function writeRecord(buffer: GrowableBuffer, record: EncodedRecord): void {
  writeBytes(buffer, OPEN);
  writeRange(buffer, record);
  if (record.body) {
    writeBytes(buffer, OPEN_BODY);
    writeEscaped(buffer, record.body);
    writeBytes(buffer, CLOSE_BODY);
  }
  writeBytes(buffer, CLOSE);
}

/** Writes Slack's text as the content of a JSON string. */
function writeEscaped(buffer: GrowableBuffer, text: ByteRange): void {
  ensureCapacity(buffer, (text.to - text.from) * 2);
  const end = escapeTo(buffer.bytes, buffer.length, text);
  if (end === undefined) writeText(buffer, escapeAll(text));
  else buffer.length = end;
}

/**
 * Copies a text with its quotes and backslashes escaped. Returns the index after it, or undefined if it has a control
 * character: a line break between two members, which no known page of Slack has. Inlined into its caller it takes twice as long.
 */
function escapeTo(target: Buffer, start: number, { bytes, from, to }: ByteRange): number | undefined {
  // V8 would load an imported constant from memory for each byte.
  const [firstPrintable, quote, backslash] = [FIRST_PRINTABLE, QUOTE, BACKSLASH];
  let at = start;
  for (let index = from; index < to; index++) {
    const code = bytes[index] as number;
    if (code < firstPrintable) return undefined;
    if (code === quote || code === backslash) target[at++] = backslash;
    target[at++] = code;
  }
  return at;
}

function escapeAll({ bytes, from, to }: ByteRange): string {
  return JSON.stringify(bytes.toString("utf8", from, to)).slice(1, -1);
}

function writeText(buffer: GrowableBuffer, text: string): void {
  ensureCapacity(buffer, Buffer.byteLength(text));
  buffer.length += buffer.bytes.write(text, buffer.length);
}
