import type { CollectorReply } from "./collector.ts";

/** An answer with a body and its content type. */
export function bodies(status: number, body: string | Uint8Array, type = "text/plain"): CollectorReply {
  return { status, body, headers: type === "" ? {} : { "content-type": type } };
}

const json = (value: unknown, status = 200) => bodies(status, JSON.stringify(value), "application/json");
const protobuf = (...bytes: number[]) => bodies(200, Uint8Array.from(bytes), "application/x-protobuf");

/** Acknowledgements of real collectors and gateways that have accepted everything. */
export const goodReplies: Readonly<Record<string, CollectorReply>> = {
  "204": { status: 204 },
  "200, empty, no type": { status: 200 },
  "200, empty, JSON": bodies(200, "", "application/json"),
  "201, empty": { status: 201 },
  "202 {}": json({}, 202),
  "partialSuccess null": json({ partialSuccess: null }),
  "partialSuccess {}, with a charset": bodies(200, '{"partialSuccess":{}}', "application/json; charset=utf-8"),
  "partial_success {}": json({ partial_success: {} }),
  "partial_success with a warning": json({ partial_success: { rejected_log_records: 0, error_message: "deprecated" } }),
  "a count that is a text": json({ partialSuccess: { rejectedLogRecords: "0" } }),
  "protobuf labelled JSON": bodies(200, Uint8Array.of(0x0a, 0x00), "application/json"),
  "100 Continue first": { status: 200, before: "HTTP/1.1 100 Continue\r\n\r\n" },
  "103 Early Hints first": { status: 200, before: "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" },
};

/** 2xx answers of gateways, proxies and other services that acknowledge nothing. */
export const foreignBodies: Readonly<Record<string, CollectorReply>> = {
  "a gateway's error message": json({ errorMessage: "Task timed out after 3.00 seconds" }),
  "OK as plain text": bodies(200, "OK"),
  "an error object": json({ error: { code: 401, message: "unauthorized" } }),
  "a message": json({ message: "Internal server error" }),
  "202 with a queue's answer": json({ status: "queued", id: "4711" }, 202),
  "Splunk's success": json({ text: "Success", code: 0 }),
  "an empty partial success beside an error": json({ partialSuccess: {}, error: "quota exceeded" }),
  "an unknown member in the partial success": json({ partialSuccess: { reason: "quota exceeded" } }),
  "a partial success that is a text": json({ partialSuccess: "yes" }),
  "a negative count": json({ partialSuccess: { rejectedLogRecords: -1 } }),
  "a count that is no number": json({ partialSuccess: { rejectedLogRecords: "many" } }),
  "a count beyond what was sent": json({ partialSuccess: { rejectedLogRecords: 99_999 } }),
  "a list": json([]),
  null: json(null),
  "half of a JSON text": bodies(200, '{"partialSuccess":{', "application/json"),
  "a login page": bodies(200, "<!doctype html><title>Sign in</title>", "text/html"),
  "protobuf with an unknown field": protobuf(0x7a, 0x02, 0x6f, 0x6b),
  "bytes that are no protobuf": protobuf(0xff, 0xff, 0xff),
  "206 with a part": bodies(206, "partial", "application/octet-stream"),
};

/** Refusals of the very first records. The configuration is wrong, whatever the status. */
export const refusals: Readonly<Record<string, { readonly reply: CollectorReply; readonly reason: RegExp }>> = {
  "400 and a text": { reply: bodies(400, "bad request: unknown tenant"), reason: /unknown tenant.*export\./s },
  "400 and a JSON status": { reply: json({ code: 3, message: "malformed" }, 400), reason: /malformed.*export\./s },
  "400 and nothing": { reply: { status: 400 }, reason: /400.*export\./s },
  "413": { reply: bodies(413, "too large"), reason: /413/ },
  "404": { reply: bodies(404, "404 page not found"), reason: /404.*export\.endpoint/s },
  "405": { reply: bodies(405, "method not allowed"), reason: /405.*export\.endpoint/s },
  "415": { reply: bodies(415, "unsupported media type"), reason: /415.*export\.protocol/s },
  "401": { reply: bodies(401, "no token"), reason: /401.*no token.*export\.headers/s },
  "403": { reply: bodies(403, "<html>forbidden</html>", "text/html"), reason: /403.*export\.headers/s },
  "307": {
    reply: { status: 307, headers: { location: "https://elsewhere.example/v1/logs" } },
    reason: /307.*export\.endpoint/s,
  },
  "402": { reply: bodies(402, "quota exceeded"), reason: /402.*quota exceeded/s },
  "422": { reply: bodies(422, "unprocessable"), reason: /422.*unprocessable/s },
  "500": { reply: bodies(500, "panic"), reason: /500.*panic/s },
  "520": { reply: bodies(520, "origin error"), reason: /520/ },
};
