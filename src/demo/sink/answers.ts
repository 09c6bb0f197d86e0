import { type Answer, jsonAnswer } from "../http/answer.ts";

/** The two ways of OTLP/HTTP to write a message. A request is answered in its own. */
export type Encoding = "protobuf" | "json";

const PROTOBUF = { "content-type": "application/x-protobuf" };
const JSON_TYPE = { "content-type": "application/json" };

/** What a Collector answers when all is well: a partial success that is there, and empty. */
export function answerSuccess(encoding: Encoding): Answer {
  if (encoding === "json") return jsonAnswer(200, { partialSuccess: {} }, JSON_TYPE);
  return { status: 200, headers: PROTOBUF, body: Uint8Array.of(0x0a, 0x00) };
}

/** Some records were refused, or, with none refused, a warning. */
export function answerPartial(
  encoding: Encoding,
  { rejected, message }: { rejected: number; message: string },
): Answer {
  if (encoding === "json") {
    // 64-bit numbers are strings in OTLP's JSON, and what has its default value is left out.
    const partialSuccess = {
      ...(rejected === 0 ? {} : { rejectedLogRecords: String(rejected) }),
      ...(message === "" ? {} : { errorMessage: message }),
    };
    return jsonAnswer(200, { partialSuccess }, JSON_TYPE);
  }
  const partial = Buffer.concat([integerField(1, rejected), textField(2, message)]);
  return { status: 200, headers: PROTOBUF, body: Buffer.concat([varint(0x0a), varint(partial.length), partial]) };
}

/** A request that cannot be understood: 400 with a google.rpc.Status of INVALID_ARGUMENT. */
export function answerBadRequest(encoding: Encoding, message: string): Answer {
  if (encoding === "json") return jsonAnswer(400, { code: 3, message }, JSON_TYPE);
  return { status: 400, headers: PROTOBUF, body: Buffer.concat([integerField(1, 3), textField(2, message)]) };
}

/** What a Collector says about a request that is none of OTLP's. */
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
