import type { GrowableBuffer, RecordEncoding } from "../../../encoding.ts";
import { CLOSE_BRACE, QUOTE } from "../../../runtime/json.ts";
import { copyBytes, copyRange, ensureCapacity, writeBytes } from "../growable-buffer.ts";
import { fieldsOf, headOf } from "./log-record.ts";

/** Encodes records in OTLP's JSON, without the braces around the fields. Strings keep Slack's escapes. */
export const jsonEncoding: RecordEncoding = {
  // Slack's JSON has many quotes, and each one is escaped.
  bodyGrowth: 1.25,
  encodeRecord: (record) => Buffer.from(fieldsOf(record)),
  encodeHead: (head) => Buffer.from(headOf(head)),
  encodeTail({ hrTimeObserved: [seconds, nanoseconds] }) {
    const time = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
    return Buffer.from(`],"observedTimeUnixNano":"${time}","droppedAttributesCount":0`);
  },
  encodeKey: (name) => Buffer.from(openAttribute(name)),
  encodeStringKey: (name) => Buffer.from(`${openAttribute(name)}"stringValue":"`),
  writeTime: (buffer, time) => writeAscii(buffer, `"timeUnixNano":"${time}000000000",`),
  writeBytes,
  writeString(buffer, key, value) {
    ensureCapacity(buffer, key.length + (value.to - value.from) + 3);
    const { bytes } = buffer;
    const at = copyRange(bytes, copyBytes(bytes, buffer.length, key), value);
    bytes[at] = QUOTE;
    bytes[at + 1] = CLOSE_BRACE;
    bytes[at + 2] = CLOSE_BRACE;
    buffer.length = at + 3;
  },
  writeInteger(buffer, key, value) {
    writeBytes(buffer, key);
    writeAscii(buffer, `"intValue":${value}}}`);
  },
  writeBoolean(buffer, key, value) {
    writeBytes(buffer, key);
    writeAscii(buffer, `"boolValue":${value}}}`);
  },
};

function openAttribute(name: string): string {
  return `,{"key":${JSON.stringify(name)},"value":{`;
}

function writeAscii(buffer: GrowableBuffer, text: string): void {
  ensureCapacity(buffer, text.length);
  buffer.length += buffer.bytes.write(text, buffer.length, "latin1");
}
