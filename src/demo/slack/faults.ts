import { type Answer, compressAnswer, type TextAnswer } from "../http/answer.ts";
import type { TransmissionFault } from "../http/transmit.ts";

/** What can be made to go wrong with one answer of Slack. */
export type Fault =
  | TransmissionFault
  /** Another answer; the real one does not happen. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** A complete answer whose body ends after so many characters. */
  | { readonly truncateJson: number }
  /** A complete answer that says it is gzip, and cannot be unpacked. */
  | { readonly badGzip: true }
  /** The real answer, whose `Date` is so many seconds ahead. */
  | { readonly dateAhead: number }
  /** The real answer, changed. */
  | { readonly rewrite: (answer: TextAnswer) => TextAnswer };

const GZIP_HEADER_BYTES = 10;

/**
 * The answer as it goes out under a fault: made by `real`, headers and compression added. Where nothing is ever answered,
 * `real` is not called, so that nothing happens at Slack either; a cut or late answer did happen.
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
    // The first byte after the header (RFC 1952): all ones name a kind of block that does not exist.
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

/** The part of a fault that concerns the wire. */
export function transmissionOf(fault: Fault | undefined): TransmissionFault | undefined {
  if (!fault || "status" in fault || "truncateJson" in fault || "badGzip" in fault) return undefined;
  if ("rewrite" in fault || "dateAhead" in fault) return undefined;
  return fault;
}
