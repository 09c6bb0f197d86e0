import type { IncomingMessage, ServerResponse } from "node:http";
import { type Clock, systemClock } from "../../runtime/clock.ts";
import { type Listener, listen, readBody, type ServerTls } from "../http/listener.ts";
import { transmit } from "../http/transmit.ts";
import { answerBadRequest } from "./answer.ts";
import type { DecodedRecord } from "./decoded.ts";
import { decideOutcome, type SinkIntercept } from "./faults.ts";
import { checkHeaders, decodeBody, toEncoding } from "./read-request.ts";

/** Options of `startSink`. By default it behaves like a Collector with its default configuration. */
export interface SinkOptions {
  /** By default a free port. */
  readonly port?: number;
  readonly tls?: ServerTls;
  /** Times the delays of faults and stamps `requests`. */
  readonly clock?: Clock;
  /** False: accepts requests without decoding them, for benchmarks. */
  readonly keep?: boolean;
  /** The largest body, compressed and decompressed. By default the Collector's 20 MiB. */
  readonly maxRequestBytes?: number;
  /** Called with the accepted records of each request. */
  readonly onRecords?: (records: readonly SinkRecord[]) => void;
}

/** An accepted record. */
export interface SinkRecord extends DecodedRecord {
  /** The index in `requests`. */
  readonly request: number;
}

/** A request to `/v1/logs`, accepted or not. */
export interface SinkRequest {
  readonly contentType: string;
  /** The `Content-Encoding`: `gzip`, `zstd` or empty. */
  readonly compression: string;
  readonly headers: IncomingMessage["headers"];
  /** The size of the compressed body. */
  readonly bytes: number;
  /** The number of records; 0 if the body could not be decoded. */
  readonly records: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A running OTLP/HTTP receiver. */
export interface Sink extends Omit<Listener, "origin"> {
  /** The base URL: `/v1/logs` is below it. */
  readonly url: string;
  /** The accepted records, in order of arrival. */
  readonly records: readonly SinkRecord[];
  readonly requests: readonly SinkRequest[];
  intercept: SinkIntercept | undefined;
}

const MAX_REQUEST_BYTES = 20_971_520;

/** Starts an OTLP/HTTP receiver for logs that answers like the Collector. */
export async function startSink(options: SinkOptions = {}): Promise<Sink> {
  const { clock = systemClock, keep = true, maxRequestBytes = MAX_REQUEST_BYTES, onRecords } = options;
  const records: SinkRecord[] = [];
  const requests: SinkRequest[] = [];

  const receive = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(incoming);
    const refusal = checkHeaders(incoming);
    if (refusal) return transmit(response, refusal, { clock });
    const { headers } = incoming;
    const contentType = headers["content-type"] ?? "";
    const encoding = toEncoding(contentType);
    const compression = headers["content-encoding"] ?? "";
    const read = keep ? await decodeBody(body, { compression, encoding, maxBytes: maxRequestBytes }) : { records: [] };
    const count = read.records.length;
    const request = { contentType, compression, headers, bytes: body.length, records: count, at: clock.now() };
    const index = requests.push(request) - 1;
    if (read.why !== undefined) {
      return transmit(response, answerBadRequest(encoding, read.why), { clock });
    }
    const fault = await sink.intercept?.({ index, records: read.records });
    const { kept, answer, transmission } = decideOutcome(read.records, { fault, encoding });
    const accepted = kept.map((record) => ({ ...record, request: index }));
    for (const record of accepted) records.push(record);
    if (accepted.length > 0) onRecords?.(accepted);
    await transmit(response, answer, { fault: transmission, clock });
  };

  const listener = await listen(receive, { port: options.port ?? 0, ...(options.tls ? { tls: options.tls } : {}) });
  const { origin: url, ...controls } = listener;
  const sink: Sink = { url, records, requests, intercept: undefined, ...controls };
  return sink;
}
