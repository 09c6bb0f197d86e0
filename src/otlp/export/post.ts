import { promisify } from "node:util";
import zlib from "node:zlib";
import type { Clock } from "../../runtime/clock.ts";
import type { Http, HttpResponse } from "../../runtime/http.ts";
import { type Protocol, requestFormats } from "../protocols.ts";
import { classifyFailure } from "./classify-failure.ts";
import { classifyResponse, type Scrub } from "./classify-response.ts";
import type { ExportOutcome } from "./outcome.ts";
import { createTimeLimit } from "./time-limit.ts";

/** How requests reach the collector. */
export interface PostOptions {
  readonly url: string;
  readonly protocol: Protocol;
  /** Called for each request: a header may hold a secret that is renewed. */
  readonly headers: () => Readonly<Record<string, string>>;
  readonly compression: "gzip" | "zstd" | "none";
  readonly http: Http;
  readonly clock: Clock;
  /** The first time limit of a request. */
  readonly timeoutMs: number;
  /** Removes secrets from the collector's messages: it may echo our headers. */
  readonly scrub?: Scrub;
  /** Abandons requests in flight. */
  readonly hardStop: AbortSignal;
}

/** Posts one serialized request with `recordCount` records. Never rejects, never retries. */
export type Post = (request: Uint8Array, recordCount: number) => Promise<PostResult>;

/** The outcome of a request. */
export interface PostResult {
  readonly outcome: ExportOutcome;
  /** Absent if no response arrived. */
  readonly httpStatus?: number;
}

/** The collector is near, so CPU counts more than bytes: level 2 takes 0.4 of the CPU of the default 6 for a sixth more bytes. */
const GZIP = { level: 2, chunkSize: 64 * 1_024 };
/** Records are much alike: level 1 and a window of 256 KiB need less CPU and memory than the defaults, for the same bytes. */
const ZSTD = {
  params: {
    [zlib.constants.ZSTD_c_compressionLevel]: 1,
    [zlib.constants.ZSTD_c_windowLog]: 18,
  },
  chunkSize: 64 * 1_024,
};

const gzip = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.gzip);
const zstdCompress = promisify<zlib.InputType, zlib.ZstdOptions, Buffer>(zlib.zstdCompress);

/** gzip and zstd run in the thread pool and do not block the event loop. */
const compressors = {
  gzip: (data: Uint8Array) => gzip(data, GZIP),
  zstd: (data: Uint8Array) => zstdCompress(data, ZSTD),
  none: async (data: Uint8Array) => data,
};

/** Creates the function that posts requests to one URL. Its time limit grows for a slow collector. */
export function createPost(options: PostOptions): Post {
  const { url, compression, http, clock, scrub, hardStop } = options;
  const contentHeaders: Record<string, string> = { "content-type": requestFormats[options.protocol].contentType };
  if (compression !== "none") contentHeaders["content-encoding"] = compression;
  const limit = createTimeLimit(options.timeoutMs);

  return async (request, recordCount) => {
    let body: Uint8Array;
    try {
      body = await compressors[compression](request);
    } catch (error) {
      const why = `Cannot compress the request: ${error instanceof Error ? error.message : "unknown error"}`;
      return { outcome: { status: "retry", why } };
    }
    const limitMs = limit.currentMs();
    const startedMs = clock.monotonic();
    let head: Pick<HttpResponse, "status" | "headers"> | undefined;
    const onHead = (arrived: typeof head) => {
      head = arrived;
    };
    const headers = { ...options.headers(), ...contentHeaders };
    try {
      const response = await http.send(url, { method: "POST", headers, body, timeoutMs: limitMs, onHead }, hardStop);
      if (recordCount > 0) limit.met(clock.monotonic() - startedMs);
      const outcome = classifyResponse(response, { recordCount, now: clock.now(), scrub });
      return { outcome, httpStatus: response.status };
    } catch (error) {
      const outcome = classifyFailure(error, { recordCount, now: clock.now(), scrub, head, limitMs });
      const isLongest = outcome.doubt === "late" && !limit.missed(limitMs);
      return {
        outcome: isLongest ? { ...outcome, doubt: "unanswered" } : outcome,
        ...(head && { httpStatus: head.status }),
      };
    }
  };
}
