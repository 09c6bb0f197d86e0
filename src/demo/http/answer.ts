import { promisify } from "node:util";
import zlib from "node:zlib";

/** A response before it is sent. Header names are in lower case. */
export interface Answer<Body extends string | Uint8Array = string | Uint8Array> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

/** A response with a text body. */
export type TextAnswer = Answer<string>;

/** A response with a JSON body. */
export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): TextAnswer {
  const type = { "content-type": "application/json; charset=utf-8" };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(value) };
}

const gzip = promisify(zlib.gzip);

/** Compresses the body if the client accepts gzip. The lowest level keeps this server cheap in benchmarks. */
export async function compressAnswer(answer: Answer, acceptEncoding: string | undefined): Promise<Answer> {
  if (!acceptEncoding?.includes("gzip") || answer.body.length === 0) return answer;
  const headers = { ...answer.headers, "content-encoding": "gzip", vary: "accept-encoding" };
  return { ...answer, headers, body: await gzip(answer.body, { level: 1 }) };
}
