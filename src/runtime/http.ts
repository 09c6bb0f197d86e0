import { promisify } from "node:util";
import zlib from "node:zlib";
import { Agent, buildConnector, type Dispatcher, ProxyAgent } from "undici";
import { type BufferPool, createBufferPool } from "./buffer-pool.ts";
import type { Clock } from "./clock.ts";
import { passOverContinue } from "./interim.ts";
import { type Proxies, readProxies } from "./proxies.ts";

/** What a client certificate and a private authority look like to TLS: PEM texts. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** The limits of a client, and whom it trusts. */
export interface HttpOptions {
  readonly clock: Clock;
  /** A function is asked before each request: renewed certificates are used from then on. */
  readonly tls?: Tls | (() => Tls);
  /** Takes any certificate. For the own process alone, to which nothing secret is sent. */
  readonly unverified?: true;
  /** From the start of a request to the last byte of its answer. */
  readonly timeoutMs: number;
  /** The largest answer read, after decompression. */
  readonly maxAnswerBytes: number;
}

/** One request. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Where the buffer of the answer's body comes from. */
  readonly pool?: BufferPool;
  /** Takes the place of the client's own time limit. */
  readonly timeoutMs?: number;
  /** Called when the head of the answer has arrived: the request was received, even if the body then cannot be read. */
  readonly onHead?: (head: Pick<HttpResponse, "status" | "headers">) => void;
}

/** One answer, read to its end and unpacked. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Sends one request and reads the whole answer. Redirects are answers like any other: a bearer token never follows one. */
export interface Http {
  send(url: string, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** An answer is longer than may be read: the same question again would bring the same. */
export class AnswerTooLargeError extends Error {
  override readonly name = "AnswerTooLargeError";
  constructor(maxBytes: number) {
    super(`Cannot read the answer: it is longer than ${maxBytes} bytes`);
  }
}

const gunzip = promisify(zlib.gunzip);
const CONNECT_TIMEOUT_MS = 10_000;

/** The only user of the network's client side. Honours `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`; loopback goes past them. */
export function createHttp(options: HttpOptions, env: NodeJS.ProcessEnv): Http {
  const { clock, tls = NO_TLS, timeoutMs, maxAnswerBytes } = options;
  const currentTls = typeof tls === "function" ? tls : () => tls;
  const proxies = readProxies(env);
  let used = currentTls();
  let agents = createAgents(used, options, proxies);
  const currentAgents = () => {
    const wanted = currentTls();
    if (wanted === used) return agents;
    // What is in flight ends on the connections that it has.
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
      const { statusCode, ...answer } = await currentAgents()[proxies.wayTo(target)].request({
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
      if (plain !== raw) pool.giveBack(raw);
      return { status: statusCode, headers: answer.headers, body: plain };
    },
    async close() {
      await Promise.all([...new Set(Object.values(agents))].map((agent) => agent.destroy()));
    },
  };
}

const NO_TLS: Tls = {};

/** One for each way that a request can take. */
function createAgents(
  tls: Tls,
  { timeoutMs, unverified }: HttpOptions,
  { http, https }: Proxies,
): { readonly direct: Dispatcher; readonly http: Dispatcher; readonly https: Dispatcher } {
  // Said explicitly: undici and Node would look into the process's environment by themselves.
  const verify = { ...tls, rejectUnauthorized: !unverified };
  const connect = connectorOf({ ...verify, timeout: Math.min(CONNECT_TIMEOUT_MS, timeoutMs), allowH2: false });
  const options = { connect, allowH2: false };
  const direct = new Agent(options);
  const through = (uri: string | undefined) =>
    uri === undefined ? direct : new ProxyAgent({ ...options, uri, requestTls: verify });
  return { direct, http: through(http), https: through(https) };
}

/** Makes connections on which an interim answer never ends a request. */
function connectorOf(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector(options);
  return (target, callback) =>
    connect(target, (...[error, socket]) => {
      if (socket) callback(null, passOverContinue(socket));
      else callback(error ?? new Error("no connection"), null);
    });
}

/** Copies what arrives into one buffer, of the length that was announced: the network's small ones are free again at once. */
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
      pool.giveBack(bytes);
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
  /** How long the body will be; 0 where it is not known. */
  readonly announced: number;
  readonly pool: BufferPool;
}

const FIRST_BYTES = 16 * 1_024;
const noPool = createBufferPool(0);

/** Why a request got no answer, in a few words that hold no secret. `fetch`-style errors keep the cause one level down. */
export function describeNetworkError(error: unknown): string {
  if (!(error instanceof Error)) return "unknown network error";
  if (error.name === "TimeoutError") return "no answer in time";
  const cause = error instanceof AggregateError ? error.errors[0] : error.cause;
  if (cause instanceof Error && cause !== error) return describeNetworkError(cause);
  return "code" in error && typeof error.code === "string"
    ? `${error.message || error.name} (${error.code})`
    : error.message;
}
