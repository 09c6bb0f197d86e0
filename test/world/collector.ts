import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import type { ServerTls } from "../../src/demo/http/listener.ts";
import { decodeBody, toEncoding } from "../../src/demo/sink/read-request.ts";

/** A request to the collector. */
export interface CollectorRequest {
  readonly path: string;
  readonly contentType: string;
  /** `gzip`, `zstd` or empty. */
  readonly compression: string;
  /** The body, still compressed. */
  readonly bytes: number;
  /** The ids of its records. */
  readonly uids: readonly string[];
}

/** The answer to a request: whether it is stored, and what is written to the socket. */
export interface CollectorReply {
  /** False when the records are not stored. */
  readonly stores?: boolean;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Bytes before the answer, such as interim answers. */
  readonly before?: string;
  readonly afterMs?: number;
  /** Breaks the connection instead of an answer. */
  readonly reset?: boolean;
}

/** Decides how to answer a request. */
export type CollectorAnswer = (request: CollectorRequest) => CollectorReply;

/** A collector with scripted answers, which counts the records that it stored. */
export interface Collector {
  readonly url: string;
  readonly port: number;
  /** How often each record was stored. */
  readonly stored: ReadonlyMap<string, number>;
  readonly requests: readonly CollectorRequest[];
  answer: CollectorAnswer;
  close(): Promise<void>;
}

/** Stores everything, and answers in the encoding of the request. */
export const acknowledge: CollectorAnswer = ({ contentType }) =>
  contentType.startsWith("application/json")
    ? { status: 200, headers: { "content-type": "application/json" }, body: '{"partialSuccess":{}}' }
    : { status: 200, headers: { "content-type": "application/x-protobuf" }, body: Uint8Array.of(0x0a, 0x00) };

const MAX_BYTES = 64 * 1_024 * 1_024;

/** Starts a collector on a loopback address. */
export async function startCollector({
  host = "127.0.0.1",
  tls,
}: {
  readonly host?: string;
  readonly tls?: ServerTls;
} = {}): Promise<Collector> {
  const stored = new Map<string, number>();
  const requests: CollectorRequest[] = [];
  const onRequest: http.RequestListener = async (request, response) => {
    const { url: path = "/", headers } = request;
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks);
    const contentType = headers["content-type"] ?? "";
    const compression = headers["content-encoding"] ?? "";
    const options = { compression, encoding: toEncoding(contentType), maxBytes: MAX_BYTES };
    const { records } = await decodeBody(body, options);
    const uids = records.map(({ uid }) => uid);
    const arrived = { path, contentType, compression, bytes: body.length, uids };
    requests.push(arrived);
    const reply = collector.answer(arrived);
    if (reply.stores !== false) for (const uid of uids) stored.set(uid, (stored.get(uid) ?? 0) + 1);
    const end = () => write(response, reply);
    if (reply.afterMs === undefined) end();
    else setTimeout(end, reply.afterMs).unref();
  };
  const server = tls
    ? https.createServer({ ...tls, requestCert: tls.requestClientCert ?? false }, onRequest)
    : http.createServer(onRequest);
  if (tls) server.on("tlsClientError", () => {});
  server.listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const collector: Collector = {
    url: `${tls ? "https" : "http"}://${host}:${port}`,
    port,
    stored,
    requests,
    answer: acknowledge,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return collector;
}

function write(response: http.ServerResponse, reply: CollectorReply): void {
  if (reply.reset) return void response.destroy();
  if (reply.before !== undefined) response.socket?.write(reply.before);
  response.writeHead(reply.status ?? 200, reply.headers);
  response.end(reply.body);
}
