import type { LogRecord, Output, RecordEncoding, Seconds, Span } from "../../model.ts";
import { copyStretchTo, copyTo, makeRoom, putPiece } from "../output.ts";
import { fieldsOf, headOf } from "./log-record.ts";

const QUOTE = 0x22;
const CLOSE_BRACE = 0x7d;

/** Log records as JSON: the fields of a record, without the braces around them. A text is copied with its escapes. */
export const jsonRecords: RecordEncoding = {
  // The quotes of its JSON are escaped.
  bodyGrowth: 1.25,
  record: (record: LogRecord) => Buffer.from(fieldsOf(record)),
  head: (head) => Buffer.from(headOf(head)),
  tail: ({ hrTimeObserved: [seconds, nanoseconds] }) => {
    const time = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
    return Buffer.from(`],"observedTimeUnixNano":"${time}","droppedAttributesCount":0`);
  },
  attribute: (name) => Buffer.from(open(name)),
  textAttribute: (name) => Buffer.from(`${open(name)}"stringValue":"`),
  putTime: (output: Output, time: Seconds) => putAscii(output, `"timeUnixNano":"${time}000000000",`),
  putPiece,
  putText(output: Output, attribute: Uint8Array, text: Span): void {
    makeRoom(output, attribute.length + (text.to - text.from) + 3);
    const { bytes } = output;
    const at = copyStretchTo(bytes, copyTo(bytes, output.length, attribute), text);
    bytes[at] = QUOTE;
    bytes[at + 1] = CLOSE_BRACE;
    bytes[at + 2] = CLOSE_BRACE;
    output.length = at + 3;
  },
  putInteger(output: Output, attribute: Uint8Array, value: number): void {
    putPiece(output, attribute);
    putAscii(output, `"intValue":${value}}}`);
  },
  putBoolean(output: Output, attribute: Uint8Array, value: boolean): void {
    putPiece(output, attribute);
    putAscii(output, `"boolValue":${value}}}`);
  },
};

function open(name: string): string {
  return `,{"key":${JSON.stringify(name)},"value":{`;
}

function putAscii(output: Output, text: string): void {
  makeRoom(output, text.length);
  output.length += output.bytes.write(text, output.length, "latin1");
}
