import type { LogRecord, Output, RecordEncoding, Seconds, Span } from "../../model.ts";
import { copyStretchTo, copyTo, makeRoom, putPiece } from "../output.ts";
import { fieldsOf, headOf } from "./log-record.ts";

const OPEN_TEXT = Buffer.from('"stringValue":"');
const CLOSE_TEXT = Buffer.from('"}}');

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
  attribute: (name) => Buffer.from(`,{"key":${JSON.stringify(name)},"value":{`),
  putTime: (output: Output, time: Seconds) => putAscii(output, `"timeUnixNano":"${time}000000000",`),
  putPiece,
  putText(output: Output, attribute: Uint8Array, text: Span): void {
    makeRoom(output, attribute.length + OPEN_TEXT.length + (text.to - text.from) + CLOSE_TEXT.length);
    const { bytes } = output;
    const value = copyTo(bytes, copyTo(bytes, output.length, attribute), OPEN_TEXT);
    output.length = copyTo(bytes, copyStretchTo(bytes, value, text), CLOSE_TEXT);
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

function putAscii(output: Output, text: string): void {
  makeRoom(output, text.length);
  output.length += output.bytes.write(text, output.length, "latin1");
}
