import { type Answer, compressAnswer, type TextAnswer } from "../http/answer.ts";
import type { TransmissionFault } from "../http/transmit.ts";

/** A fault of one response of Slack. */
export type Fault =
  | TransmissionFault
  /** This response is sent, and the request has no effect. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** A complete response whose body is cut to this many characters. */
  | { readonly truncateJson: number }
  /** A complete response whose gzip body is corrupt. */
  | { readonly badGzip: true }
  /** The response, with a `Date` that is this many seconds ahead. */
  | { readonly dateAhead: number }
  /** The response, changed by a function. */
  | { readonly rewrite: (answer: TextAnswer) => TextAnswer };

const GZIP_HEADER_BYTES = 10;

/**
 * The response under a fault, with headers and compression. `real` makes the response without the fault; it is not called
 * if no response is sent, so that the request has no effect at Slack. It is called for a late or cut response.
 */
export async function shapeAnswer(
  real: () => TextAnswer,
  {
    fault,
    headers,
    acceptEncoding,
  }: { fault: Fault | undefined; headers: Readonly<Record<string, string>>; acceptEncoding: string | undefined },
): Promise<Answer> {
  const answered = () => {
    const answer = real();
    return { ...answer, headers: { ...headers, ...answer.headers } };
  };
  if (!fault) return compressAnswer(answered(), acceptEncoding);
  if ("reset" in fault || "stall" in fault || "stallMs" in fault) return { status: 500, headers: {}, body: "" };
  if ("status" in fault) {
    return { status: fault.status, headers: { ...headers, ...fault.headers }, body: fault.body ?? "" };
  }
  if ("truncateJson" in fault) {
    const answer = answered();
    return compressAnswer({ ...answer, body: answer.body.slice(0, fault.truncateJson) }, acceptEncoding);
  }
  if ("badGzip" in fault) {
    const { body, ...answer } = await compressAnswer(answered(), "gzip");
    const broken = Buffer.from(body);
    // The first byte after the header (RFC 1952). All ones are an invalid block type.
    broken.fill(0xff, GZIP_HEADER_BYTES, GZIP_HEADER_BYTES + 1);
    return { ...answer, body: broken };
  }
  if ("dateAhead" in fault) {
    const date = new Date(Date.parse(headers.date ?? "") + fault.dateAhead * 1_000).toUTCString();
    const answer = answered();
    return compressAnswer({ ...answer, headers: { ...answer.headers, date } }, acceptEncoding);
  }
  return compressAnswer("rewrite" in fault ? fault.rewrite(answered()) : answered(), acceptEncoding);
}

/** The fault, if it is one of the transmission. */
export function transmissionOf(fault: Fault | undefined): TransmissionFault | undefined {
  if (!fault || "status" in fault || "truncateJson" in fault || "badGzip" in fault) return undefined;
  if ("rewrite" in fault || "dateAhead" in fault) return undefined;
  return fault;
}
