import { promisify } from "node:util";
import zlib from "node:zlib";
import { Agent, buildConnector, type Dispatcher, ProxyAgent } from "undici";
import { type BufferPool, createBufferPool } from "./buffer-pool.ts";
import type { Clock } from "./clock.ts";
import { ignoreContinue } from "./ignore-continue.ts";
import { type Proxies, readProxies } from "./proxies.ts";

/** A private authority and a client certificate with its key, as PEM texts. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** The limits of a client, and the certificates that it trusts and presents. */
export interface HttpOptions {
  readonly clock: Clock;
  /** A function is called before each request, so that renewed certificates are used. */
  readonly tls?: Tls | (() => Tls);
  /** Accepts any certificate. Only for requests to this process, without secrets. */
  readonly unverified?: true;
  /** From the start of a request to the last byte of its response. */
  readonly timeoutMs: number;
  /** The largest response body, after decompression. */
  readonly maxAnswerBytes: number;
}

/** One request. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Provides the buffer of the response body. */
  readonly pool?: BufferPool;
  /** Overrides the time limit of the client. */
  readonly timeoutMs?: number;
  /** Called when the response headers arrive: the request was received, even if reading the body then fails. */
  readonly onHead?: (head: Pick<HttpResponse, "status" | "headers">) => void;
}

/** One response, complete and decompressed. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Sends one request and reads the whole response. Does not follow redirects, so that a bearer token never leaves its host. */
export interface Http {
  send(url: string, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** A response exceeds the limit. Sending the request again would not help. */
export class AnswerTooLargeError extends Error {
  override readonly name = "AnswerTooLargeError";
  constructor(maxBytes: number) {
    super(`Cannot read the answer: it is longer than ${maxBytes} bytes`);
  }
}

const gunzip = promisify(zlib.gunzip);
const CONNECT_TIMEOUT_MS = 10_000;

/** Creates a client. Honours `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`; requests to loopback use no proxy. */
export function createHttp(options: HttpOptions, env: NodeJS.ProcessEnv): Http {
  const { clock, tls = NO_TLS, timeoutMs, maxAnswerBytes } = options;
  const currentTls = typeof tls === "function" ? tls : () => tls;
  const proxies = readProxies(env);
  let used = currentTls();
  let agents = createAgents(used, options, proxies);
  const currentAgents = () => {
    const wanted = currentTls();
    if (wanted === used) return agents;
    // Requests in flight end on their old connections.
    for (const agent of new Set(Object.values(agents))) void agent.close();
    used = wanted;
    agents = createAgents(used, options, proxies);
    return agents;
  };
  return {
    async send(url, { method, headers = {}, body, pool = noPool, onHead, ...request }, signal) {
      const target = new URL(url);
      const { origin, pathname, search } = target;
      const limitMs = request.timeoutMs ?? timeoutMs;
      const { statusCode, ...answer } = await currentAgents()[proxies.routeOf(target)].request({
        origin,
        path: pathname + search,
        method,
        headers: { "accept-encoding": "gzip", ...headers },
        body: body ?? null,
        headersTimeout: limitMs,
        bodyTimeout: limitMs,
        signal: AbortSignal.any([signal, clock.deadline(limitMs)]),
      });
      onHead?.({ status: statusCode, headers: answer.headers });
      const announced = Number(answer.headers["content-length"] ?? 0);
      const raw = await readAll(answer.body, { maxBytes: maxAnswerBytes, announced, pool });
      const encoding = String(answer.headers["content-encoding"] ?? "").toLowerCase();
      const plain = encoding === "gzip" && raw.length > 0 ? await unpack(raw, maxAnswerBytes) : raw;
      if (plain !== raw) pool.release(raw);
      return { status: statusCode, headers: answer.headers, body: plain };
    },
    async close() {
      await Promise.all([...new Set(Object.values(agents))].map((agent) => agent.destroy()));
    },
  };
}

const NO_TLS: Tls = {};

/** Creates an agent per route. */
function createAgents(
  tls: Tls,
  { timeoutMs, unverified }: HttpOptions,
  { http, https }: Proxies,
): { readonly direct: Dispatcher; readonly http: Dispatcher; readonly https: Dispatcher } {
  // Without this option, Node reads the environment (NODE_TLS_REJECT_UNAUTHORIZED).
  const verify = { ...tls, rejectUnauthorized: !unverified };
  const connect = connectorOf({ ...verify, timeout: Math.min(CONNECT_TIMEOUT_MS, timeoutMs), allowH2: false });
  const options = { connect, allowH2: false };
  const direct = new Agent(options);
  const through = (uri: string | undefined) =>
    uri === undefined ? direct : new ProxyAgent({ ...options, uri, requestTls: verify });
  return { direct, http: through(http), https: through(https) };
}

/** Makes connections that survive an unexpected `100 Continue`. */
function connectorOf(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector(options);
  return (target, callback) =>
    connect(target, (...[error, socket]) => {
      if (socket) callback(null, ignoreContinue(socket));
      else callback(error ?? new Error("no connection"), null);
    });
}

/** Copies the chunks into one buffer of the announced length, so that each chunk can be freed at once. */
async function readAll(body: Dispatcher.ResponseData["body"], { maxBytes, announced, pool }: Reading): Promise<Buffer> {
  let bytes = pool.take(Math.min(announced, maxBytes) || FIRST_BYTES);
  let length = 0;
  for await (const chunk of body) {
    if (length + chunk.length > maxBytes) {
      throw new AnswerTooLargeError(maxBytes);
    }
    if (length + chunk.length > bytes.length) {
      const larger = pool.take((length + chunk.length) * 2);
      bytes.copy(larger, 0, 0, length);
      pool.release(bytes);
      bytes = larger;
    }
    length += chunk.copy(bytes, length);
  }
  return bytes.subarray(0, length);
}

async function unpack(raw: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await gunzip(raw, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw new AnswerTooLargeError(maxBytes);
    throw error;
  }
}

interface Reading {
  readonly maxBytes: number;
  /** The content length; 0 if unknown. */
  readonly announced: number;
  readonly pool: BufferPool;
}

const FIRST_BYTES = 16 * 1_024;
const noPool = createBufferPool(0);

/** Says why a request got no response, without secrets. Errors in the style of `fetch` hold the cause one level down. */
export function describeNetworkError(error: unknown): string {
  if (!(error instanceof Error)) return "unknown network error";
  if (error.name === "TimeoutError") return "no answer in time";
  const cause = error instanceof AggregateError ? error.errors[0] : error.cause;
  if (cause instanceof Error && cause !== error) return describeNetworkError(cause);
  return "code" in error && typeof error.code === "string"
    ? `${error.message || error.name} (${error.code})`
    : error.message;
}
