import { promisify } from "node:util";
import zlib from "node:zlib";
import type { IExporterTransport } from "@opentelemetry/otlp-exporter-base";
import type { Clock } from "../../runtime/clock.ts";
import type { Http, HttpResponse } from "../../runtime/http.ts";
import { classifyResponse, type ExportOutcome, type Repeating } from "./classify-response.ts";
import { judgeFailure } from "./no-answer.ts";
import { createTimeLimit } from "./time-limit.ts";

/** Carries the outcome of a request through the SDK's delegate, which hands errors on unchanged. Its name is a metric's `error.type`. */
export class ExportFailure extends Error {
  readonly outcome: Exclude<ExportOutcome, { status: "ok" }>;
  readonly httpStatus: number | undefined;

  constructor(outcome: Exclude<ExportOutcome, { status: "ok" }>, httpStatus?: number) {
    const partial = outcome.status === "refused" && outcome.refusal.kind === "partial";
    super(partial ? "partial success" : `no acknowledgement: ${outcome.status}`);
    this.name = partial ? "rejected" : String(httpStatus ?? "no_answer");
    this.outcome = outcome;
    this.httpStatus = httpStatus;
  }
}

/** What a transport is made of. */
export interface TransportOptions extends Repeating {
  readonly url: string;
  readonly contentType: "application/x-protobuf" | "application/json";
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: "gzip" | "zstd" | "none";
  readonly http: Http;
  readonly clock: Clock;
  /** How long an answer is waited for at first. */
  readonly timeoutMs: number;
  /** How many records a serialised request has. */
  readonly countRecords: (request: Uint8Array) => number;
  /** Called with what a collector says about a request that it accepted. */
  readonly warn: (message: string) => void;
  /** Called with a request that was acknowledged: its bytes may be used again. */
  readonly acknowledged: (request: Uint8Array) => void;
  /** Abandons what is in flight. */
  readonly hardStop: AbortSignal;
}

/** The collector is near, so that CPU counts more than bytes: gzip at 2 takes 0.4 of the CPU of the default 6 for a sixth more bytes. */
const GZIP = { level: 2, chunkSize: 64 * 1_024 };
/** Records are much alike: level 1 makes no more bytes of them than the default 3, nor does a window of 256 KiB, with less of both. */
const ZSTD = {
  params: {
    [zlib.constants.ZSTD_c_compressionLevel]: 1,
    [zlib.constants.ZSTD_c_windowLog]: 18,
  },
  chunkSize: 64 * 1_024,
};

const gzip = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.gzip);
const zstdCompress = promisify<zlib.InputType, zlib.ZstdOptions, Buffer>(zlib.zstdCompress);

const compressors = {
  // Both work in the thread pool: the event loop goes on.
  gzip: (data: Uint8Array) => gzip(data, GZIP),
  zstd: (data: Uint8Array) => zstdCompress(data, ZSTD),
  none: async (data: Uint8Array) => data,
};

/** Sends serialised requests and reads the real answer: whatever is not a plain acknowledgement fails with its outcome. */
export function createTransport(options: TransportOptions): IExporterTransport {
  const { url, contentType, compression, http, clock, hardStop } = options;
  const headers: Record<string, string> = { ...options.headers, "content-type": contentType };
  if (compression !== "none") headers["content-encoding"] = compression;

  const limit = createTimeLimit(options.timeoutMs);

  /** Sends one request within the present limit, and lets the limit learn from what came of it. */
  async function ask(body: Uint8Array, sent: number): Promise<{ outcome: ExportOutcome; status?: number }> {
    const limitMs = limit.currentMs();
    const startedMs = clock.monotonic();
    let head: Pick<HttpResponse, "status" | "headers"> | undefined;
    const onHead = (arrived: typeof head) => {
      head = arrived;
    };
    try {
      const request = { method: "POST", headers, body, timeoutMs: limitMs, onHead } as const;
      const answer = await http.send(url, request, hardStop);
      if (sent > 0) limit.met(clock.monotonic() - startedMs);
      return { outcome: classifyResponse(answer, { ...options, sent, now: clock.now() }), status: answer.status };
    } catch (error) {
      const outcome = judgeFailure(error, { ...options, sent, now: clock.now(), head, limitMs });
      if (outcome.doubt !== "late") return { outcome, ...(head && { status: head.status }) };
      return { outcome: limit.missed(limitMs) ? outcome : { ...outcome, doubt: "unanswered" } };
    }
  }

  return {
    async send(data) {
      try {
        const { outcome, status } = await ask(await compressors[compression](data), options.countRecords(data));
        if (outcome.status !== "ok") return { status: "failure", error: new ExportFailure(outcome, status) };
        options.acknowledged(data);
        if (outcome.value.warning) options.warn(outcome.value.warning);
        return { status: "success" };
      } catch (error) {
        const why = `Cannot compress the request: ${error instanceof Error ? error.message : "unknown error"}`;
        return { status: "failure", error: new ExportFailure({ status: "retry", why }) };
      }
    },
    shutdown() {},
  };
}
