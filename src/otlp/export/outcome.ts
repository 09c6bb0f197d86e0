import type { Outcome } from "../../model.ts";

/** The outcome of one export request, from the response to `deliver`. */
export type ExportOutcome = Outcome<Acknowledgement, ExportRefusal> & {
  /** Set if the collector may have stored the records without acknowledging them. */
  readonly doubt?: Doubt;
  /** What to correct in the configuration if the destination has never acknowledged a record. */
  readonly hint?: string;
};

/** The collector accepted all records. */
export interface Acknowledgement {
  /** A message of the collector for the operator. */
  readonly warning?: string;
}

/** The collector never accepts this request as it is. */
export type ExportRefusal =
  /** A record is at fault, or the request is too large: parts of it may be accepted. */
  | { readonly kind: "records"; readonly why: string }
  /** Some records were rejected and the others stored. OTLP does not say which: the request must not be sent again. */
  | { readonly kind: "partial"; readonly rejected: number; readonly message: string };

/**
 * Why it is not known whether the collector has stored the records.
 * - `unreadable`: it answered 2xx with a body that is no export response.
 * - `late`: it did not answer in time. The next request gets a longer time limit.
 * - `unanswered`: it did not answer within the longest time limit.
 * - `broken`: the connection broke, here or behind a gateway (502, 504).
 * - `failed`: it answered with another 5xx.
 */
export type Doubt = "unreadable" | "late" | "unanswered" | "broken" | "failed";

/** An outcome after which nothing is sent for a while: a backoff, or a hold until somebody acts. */
export type Pause = Extract<Outcome<void>, { status: "retry" | "hold" }>;
