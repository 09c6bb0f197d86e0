import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import zlib from "node:zlib";
import type { Answer } from "../http/answer.ts";
import { answerPlain, type Encoding } from "./answers.ts";
import type { DecodedRecord } from "./decoded.ts";
import { decodeJson } from "./json.ts";
import { decodeProtobuf } from "./protobuf.ts";

const gunzip = promisify(zlib.gunzip);
const unzstd = promisify(zlib.zstdDecompress);

/** Why a request is none of OTLP's logs, in a Collector's words; undefined where it may be. */
export function refuseEnvelope({ url = "/", method, headers }: IncomingMessage): Answer | undefined {
  if (url.split("?")[0] !== "/v1/logs") return answerPlain(404, "404 page not found\n");
  if (method !== "POST") return answerPlain(405, "405 method not allowed, supported: [POST]");
  if (mediaType(headers["content-type"]) in ENCODINGS) return undefined;
  return answerPlain(415, "415 unsupported media type, supported: [application/json, application/x-protobuf]");
}

/** The encoding that a content type names. */
export function toEncoding(contentType: string): Encoding {
  return ENCODINGS[mediaType(contentType)] ?? "protobuf";
}

/** The records of a request's body, or why it cannot be read. */
export async function decodeBody(
  body: Buffer,
  { packing, encoding, maxBytes }: { packing: string; encoding: Encoding; maxBytes: number },
): Promise<{ readonly records: readonly DecodedRecord[]; readonly why?: string }> {
  try {
    const plain = await unpack(body, { packing, maxBytes });
    return { records: encoding === "json" ? decodeJson(plain) : decodeProtobuf(plain) };
  } catch (error) {
    return { records: [], why: error instanceof Error ? error.message : String(error) };
  }
}

const ENCODINGS: Readonly<Record<string, Encoding>> = {
  "application/json": "json",
  "application/x-protobuf": "protobuf",
};

function mediaType(contentType = ""): string {
  return contentType.split(";")[0]?.trim().toLowerCase() ?? "";
}

async function unpack(body: Buffer, { packing, maxBytes }: { packing: string; maxBytes: number }): Promise<Buffer> {
  // A Collector says this with a 400, not with a 413.
  if (body.length > maxBytes) throw new RangeError("http: request body too large");
  switch (packing) {
    case "":
    case "identity":
      return body;
    case "gzip":
      return gunzip(body, { maxOutputLength: maxBytes });
    case "zstd":
      return unzstd(body, { maxOutputLength: maxBytes });
    default:
      throw new TypeError(`unsupported "Content-Encoding": ${packing}`);
  }
}
