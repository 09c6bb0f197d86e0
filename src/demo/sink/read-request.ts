import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import zlib from "node:zlib";
import type { Answer } from "../http/answer.ts";
import { answerPlain, type Encoding } from "./answer.ts";
import type { DecodedRecord } from "./decoded.ts";
import { decodeJson } from "./json.ts";
import { decodeProtobuf } from "./protobuf.ts";

const gunzip = promisify(zlib.gunzip);
const unzstd = promisify(zlib.zstdDecompress);

/** Checks path, method and content type. Returns the Collector's error response, or undefined if all are valid. */
export function checkHeaders({ url = "/", method, headers }: IncomingMessage): Answer | undefined {
  if (url.split("?")[0] !== "/v1/logs") return answerPlain(404, "404 page not found\n");
  if (method !== "POST") return answerPlain(405, "405 method not allowed, supported: [POST]");
  if (mediaType(headers["content-type"]) in ENCODINGS) return undefined;
  return answerPlain(415, "415 unsupported media type, supported: [application/json, application/x-protobuf]");
}

/** The encoding that a content type names; by default protobuf. */
export function toEncoding(contentType: string): Encoding {
  return ENCODINGS[mediaType(contentType)] ?? "protobuf";
}

/** Decompresses and decodes a body. Never rejects: `why` tells the error. */
export async function decodeBody(
  body: Buffer,
  { compression, encoding, maxBytes }: { compression: string; encoding: Encoding; maxBytes: number },
): Promise<{ readonly records: readonly DecodedRecord[]; readonly why?: string }> {
  try {
    const message = await decompress(body, { compression, maxBytes });
    return { records: encoding === "json" ? decodeJson(message) : decodeProtobuf(message) };
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

async function decompress(
  body: Buffer,
  { compression, maxBytes }: { compression: string; maxBytes: number },
): Promise<Buffer> {
  // The Collector answers 400 here, not 413.
  if (body.length > maxBytes) throw new RangeError("http: request body too large");
  switch (compression) {
    case "":
    case "identity":
      return body;
    case "gzip":
      return gunzip(body, { maxOutputLength: maxBytes });
    case "zstd":
      return unzstd(body, { maxOutputLength: maxBytes });
    default:
      throw new TypeError(`unsupported "Content-Encoding": ${compression}`);
  }
}
