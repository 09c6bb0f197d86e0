import type { Answer } from "../http/answer.ts";
import type { TransmissionFault } from "../http/transmit.ts";
import { answerPartial, answerSuccess, type Encoding } from "./answer.ts";
import type { DecodedRecord } from "./decoded.ts";

/** A fault of one request to the sink. */
export type SinkFault =
  /** This response is sent. No record is kept, unless `keep` says so. */
  | {
      readonly status: number;
      readonly keep?: true;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array;
      /** By default the content type of the request. */
      readonly contentType?: string;
    }
  /** The connection breaks, and no record is kept. */
  | { readonly reset: true }
  /** The records are kept, and the connection breaks before the response. */
  | { readonly acceptThenReset: true }
  /** No response is sent, and no record is kept. */
  | { readonly stall: true }
  /** The records are kept, and no response is ever sent. */
  | { readonly acceptThenStall: true }
  /** The records are kept, and the response is sent after this time. */
  | { readonly delayMs: number }
  /** A partial success: the last `rejected` records are dropped, and the response does not say which. */
  | { readonly partial: { readonly rejected: number; readonly message?: string } }
  /** A 200 with the login page of a proxy; no record is kept. */
  | { readonly html: true }
  /** The records are kept, and the connection breaks within the response. */
  | { readonly cut: true };

/** Called for each request, in order of arrival, before the response. `index` counts from 0. */
export type SinkIntercept = (request: {
  readonly index: number;
  readonly records: readonly DecodedRecord[];
}) => SinkFault | undefined | Promise<SinkFault | undefined>;

/** The records that are kept of a request, and its response. */
export interface RequestOutcome {
  readonly kept: readonly DecodedRecord[];
  readonly answer: Answer;
  readonly transmission?: TransmissionFault;
}

const LOGIN_PAGE =
  "<!doctype html><title>Sign in</title><form><input name=user><input name=password type=password></form>";

/** Decides which records are kept and what is sent back. Without a fault every record is kept. */
export function decideOutcome(
  records: readonly DecodedRecord[],
  { fault, encoding }: { fault: SinkFault | undefined; encoding: Encoding },
): RequestOutcome {
  const answer = answerSuccess(encoding);
  if (!fault) return { kept: records, answer };
  if ("reset" in fault || "stall" in fault) return { kept: [], answer, transmission: fault };
  if ("acceptThenReset" in fault) return { kept: records, answer, transmission: { reset: true } };
  if ("acceptThenStall" in fault) return { kept: records, answer, transmission: { stall: true } };
  if ("delayMs" in fault) return { kept: records, answer, transmission: fault };
  if ("cut" in fault) return { kept: records, answer, transmission: { cutAfterBytes: 1 } };
  if ("html" in fault) {
    return { kept: [], answer: { status: 200, headers: { "content-type": "text/html" }, body: LOGIN_PAGE } };
  }
  if ("partial" in fault) {
    const { rejected, message = "" } = fault.partial;
    return {
      kept: records.slice(0, Math.max(0, records.length - rejected)),
      answer: answerPartial(encoding, { rejected, message }),
    };
  }
  const headers = { "content-type": fault.contentType ?? answer.headers["content-type"] ?? "", ...fault.headers };
  return { kept: fault.keep ? records : [], answer: { status: fault.status, headers, body: fault.body ?? "" } };
}
