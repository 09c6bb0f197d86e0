import type { Answer } from "../http/answer.ts";
import type { TransmissionFault } from "../http/transmit.ts";
import { answerPartial, answerSuccess, type Encoding } from "./answers.ts";
import type { DecodedRecord } from "./decoded.ts";

/** What can be made to go wrong with one request to the sink. */
export type SinkFault =
  /** Another answer; nothing is kept, unless it says so. */
  | {
      readonly status: number;
      readonly keep?: true;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array;
      /** By default that of the request. */
      readonly contentType?: string;
    }
  /** The connection breaks, and nothing is kept. */
  | { readonly reset: true }
  /** The records are kept, and the answer is lost. */
  | { readonly acceptThenReset: true }
  /** No answer ever comes, and nothing is kept. */
  | { readonly stall: true }
  /** The records are kept, and no answer ever comes. */
  | { readonly acceptThenStall: true }
  /** The records are kept, and the answer comes later. */
  | { readonly delayMs: number }
  /** The last `rejected` records are refused and the others kept; the answer does not say which. */
  | { readonly partial: { readonly rejected: number; readonly message?: string } }
  /** 200 with the login page of something in between; nothing is kept. */
  | { readonly html: true }
  /** The records are kept, and the answer breaks off in its middle. */
  | { readonly cut: true };

/** Asked before each request is answered, in the order of their arrival; `index` counts from 0. */
export type SinkIntercept = (request: {
  readonly index: number;
  readonly records: readonly DecodedRecord[];
}) => SinkFault | undefined | Promise<SinkFault | undefined>;

/** How a request ends: what is kept of it, what is answered, and how the answer travels. */
export interface Ending {
  readonly kept: readonly DecodedRecord[];
  readonly answer: Answer;
  readonly transmission?: TransmissionFault;
}

const LOGIN_PAGE =
  "<!doctype html><title>Sign in</title><form><input name=user><input name=password type=password></form>";

/** How a request with these records ends under a fault. */
export function endRequest(
  records: readonly DecodedRecord[],
  { fault, encoding }: { fault: SinkFault | undefined; encoding: Encoding },
): Ending {
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
