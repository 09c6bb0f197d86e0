import { JsonLogsSerializer } from "@opentelemetry/otlp-transformer";
import type { LogRecord, Output, Stretch } from "../../model.ts";
import { createBufferPool } from "../../runtime/buffer-pool.ts";
import { estimateRequestBytes } from "../batch.ts";
import { makeRoom, putPiece, putStretch } from "../output.ts";
import { EMPTY_REQUEST, groupByResource, LARGEST_KEPT_BYTES, type LogsSerializer } from "../serializer.ts";
import { fieldsOf, startOf } from "./log-record.ts";

/**
 * Takes the place of the SDK's serializer, and uses it for what is not encoded yet: a request decodes to exactly what the SDK's
 * decodes to. Answers are read by the SDK's.
 */
export function createJsonLogsSerializer(): LogsSerializer {
  const pool = createBufferPool(LARGEST_KEPT_BYTES);
  return {
    giveBack: pool.giveBack,
    deserializeResponse: (answer) => JsonLogsSerializer.deserializeResponse(answer),
    serializeEmptyRequest: () => Buffer.from(`{"resourceLogs":[${startOf(EMPTY_REQUEST)}]}]}]}`),
    serializeRequest(records) {
      const output: Output = { bytes: pool.take(estimateRequestBytes(records)), length: 0 };
      putText(output, '{"resourceLogs":[');
      for (const [index, [, group]] of groupByResource(records).entries())
        putGroup(output, group, index > 0 ? "," : "");
      putText(output, "]}");
      return output.bytes.subarray(0, output.length);
    },
  };
}

function putGroup(output: Output, [first, ...others]: readonly LogRecord[], separator: string): void {
  if (!first) return;
  putText(output, `${separator}${startOf(first)}`);
  putRecord(output, first);
  for (const record of others) {
    putPiece(output, COMMA);
    putRecord(output, record);
  }
  putText(output, "]}]}");
}

const COMMA = Buffer.from(",");
const OPEN = Buffer.from("{");
const CLOSE = Buffer.from("}");
const OPEN_BODY = Buffer.from(',"body":{"stringValue":"');
const CLOSE_BODY = Buffer.from('"}');

function putRecord(output: Output, record: LogRecord): void {
  putPiece(output, OPEN);
  if (!record.encoded) putText(output, fieldsOf(record));
  else {
    putStretch(output, record.encoded);
    if (record.encoded.text) putBody(output, record.encoded.text);
  }
  putPiece(output, CLOSE);
}

/** Slack's text in a text: JSON in JSON. */
function putBody(output: Output, body: Stretch): void {
  putPiece(output, OPEN_BODY);
  putEscaped(output, body);
  putPiece(output, CLOSE_BODY);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;

function putEscaped(output: Output, text: Stretch): void {
  makeRoom(output, (text.to - text.from) * 2);
  const end = escapeTo(output.bytes, output.length, text);
  if (end === undefined) putText(output, quoted(text));
  else output.length = end;
}

/**
 * Writes a text with its quotes and backslashes escaped, and returns where it ends; undefined where it has what else must be escaped: a
 * line break between two members, which no page that we know of has. A function of its own, for as a part of another it takes
 * twice as long.
 */
function escapeTo(bytes: Buffer, start: number, { bytes: source, from, to }: Stretch): number | undefined {
  let at = start;
  for (let index = from; index < to; index++) {
    const code = source[index] as number;
    if (code < FIRST_PRINTABLE) return undefined;
    if (code === QUOTE || code === BACKSLASH) bytes[at++] = BACKSLASH;
    bytes[at++] = code;
  }
  return at;
}

function quoted({ bytes, from, to }: Stretch): string {
  return JSON.stringify(bytes.toString("utf8", from, to)).slice(1, -1);
}

function putText(output: Output, text: string): void {
  makeRoom(output, Buffer.byteLength(text));
  output.length += output.bytes.write(text, output.length);
}
