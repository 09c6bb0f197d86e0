import { type Answer, jsonAnswer } from "../http/answer.ts";

/** The encodings of OTLP/HTTP. A response uses the encoding of its request. */
export type Encoding = "protobuf" | "json";

const PROTOBUF = { "content-type": "application/x-protobuf" };
const JSON_TYPE = { "content-type": "application/json" };

/** The Collector's response to a request that it accepts: an empty partial success. */
export function answerSuccess(encoding: Encoding): Answer {
  if (encoding === "json") return jsonAnswer(200, { partialSuccess: {} }, JSON_TYPE);
  return { status: 200, headers: PROTOBUF, body: Uint8Array.of(0x0a, 0x00) };
}

/** A partial success. With `rejected: 0` it is a warning. */
export function answerPartial(
  encoding: Encoding,
  { rejected, message }: { rejected: number; message: string },
): Answer {
  if (encoding === "json") {
    // In OTLP's JSON a 64-bit number is a string, and a field with its default value is omitted.
    const partialSuccess = {
      ...(rejected === 0 ? {} : { rejectedLogRecords: String(rejected) }),
      ...(message === "" ? {} : { errorMessage: message }),
    };
    return jsonAnswer(200, { partialSuccess }, JSON_TYPE);
  }
  const partial = Buffer.concat([integerField(1, rejected), textField(2, message)]);
  return { status: 200, headers: PROTOBUF, body: Buffer.concat([varint(0x0a), varint(partial.length), partial]) };
}

/** A 400 with a google.rpc.Status of code 3, INVALID_ARGUMENT. */
export function answerBadRequest(encoding: Encoding, message: string): Answer {
  if (encoding === "json") return jsonAnswer(400, { code: 3, message }, JSON_TYPE);
  return { status: 400, headers: PROTOBUF, body: Buffer.concat([integerField(1, 3), textField(2, message)]) };
}

/** The Collector's response to a request that is not OTLP: plain text. */
export function answerPlain(status: number, body: string): Answer {
  return { status, headers: { "content-type": "text/plain" }, body };
}

function integerField(number: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.concat([varint(number << 3), varint(value)]);
}

function textField(number: number, value: string): Buffer {
  const bytes = Buffer.from(value);
  return bytes.length === 0 ? bytes : Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}
