import type { IncomingMessage, ServerResponse } from "node:http";
import { type Clock, systemClock } from "../../runtime/clock.ts";
import { type Listener, listen, readBody, type ServerTls } from "../http/listener.ts";
import { transmit } from "../http/transmit.ts";
import { answerBadRequest } from "./answers.ts";
import type { DecodedRecord } from "./decoded.ts";
import { endRequest, type SinkIntercept } from "./faults.ts";
import { decodeBody, refuseEnvelope, toEncoding } from "./read-request.ts";

/** How a sink differs from a Collector as it comes. */
export interface SinkOptions {
  /** By default whichever is free. */
  readonly port?: number;
  readonly tls?: ServerTls;
  /** What the faults wait with, and the time of `requests`. */
  readonly clock?: Clock;
  /** False: swallow requests without decoding or keeping them, for measurements. */
  readonly keep?: boolean;
  /** The largest body, as it comes and unpacked; by default the Collector's 20 MiB. */
  readonly maxRequestBytes?: number;
  /** Called with the records of each request that was accepted. */
  readonly onRecords?: (records: readonly SinkRecord[]) => void;
}

/** A record that was accepted. */
export interface SinkRecord extends DecodedRecord {
  /** Which of `requests` brought it. */
  readonly request: number;
}

/** A request to `/v1/logs`, accepted or not. */
export interface SinkRequest {
  readonly contentType: string;
  /** `gzip`, `zstd` or empty. */
  readonly encoding: string;
  readonly headers: IncomingMessage["headers"];
  /** As it came, still packed. */
  readonly bytes: number;
  /** How many records were in it; 0 where they could not be read. */
  readonly records: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A running OTLP receiver. */
export interface Sink extends Pick<Listener, "pause" | "resume" | "close"> {
  /** The base: `/v1/logs` is below it. */
  readonly url: string;
  /** The accepted records, in the order of their arrival. */
  readonly records: readonly SinkRecord[];
  readonly requests: readonly SinkRequest[];
  intercept: SinkIntercept | undefined;
}

const MAX_REQUEST_BYTES = 20_971_520;

/** Starts an OTLP/HTTP receiver for logs that answers like a Collector. */
export async function startSink(options: SinkOptions = {}): Promise<Sink> {
  const { clock = systemClock, keep = true, maxRequestBytes = MAX_REQUEST_BYTES, onRecords } = options;
  const records: SinkRecord[] = [];
  const requests: SinkRequest[] = [];

  const receive = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(incoming);
    const refusal = refuseEnvelope(incoming);
    if (refusal) return transmit(response, refusal, { clock });
    const { headers } = incoming;
    const contentType = headers["content-type"] ?? "";
    const encoding = toEncoding(contentType);
    const packing = headers["content-encoding"] ?? "";
    const read = keep ? await decodeBody(body, { packing, encoding, maxBytes: maxRequestBytes }) : { records: [] };
    const count = read.records.length;
    const request = { contentType, encoding: packing, headers, bytes: body.length, records: count, at: clock.now() };
    const index = requests.push(request) - 1;
    if (read.why !== undefined) {
      return transmit(response, answerBadRequest(encoding, read.why), { clock });
    }
    const fault = await sink.intercept?.({ index, records: read.records });
    const { kept, answer, transmission } = endRequest(read.records, { fault, encoding });
    const accepted = kept.map((record) => ({ ...record, request: index }));
    for (const record of accepted) records.push(record);
    if (accepted.length > 0) onRecords?.(accepted);
    await transmit(response, answer, { fault: transmission, clock });
  };

  const listener = await listen(receive, { port: options.port ?? 0, ...(options.tls ? { tls: options.tls } : {}) });
  const sink: Sink = {
    url: listener.origin,
    records,
    requests,
    intercept: undefined,
    pause: listener.pause,
    resume: listener.resume,
    close: listener.close,
  };
  return sink;
}
