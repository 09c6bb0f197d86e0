import { once } from "node:events";
import http from "node:http";
import https from "node:https";

/** Keys and certificates, in PEM. */
export interface ServerTls {
  readonly key: string;
  readonly cert: string;
  /** The authority that must have signed client certificates. */
  readonly ca?: string;
  readonly requestClientCert?: boolean;
}

/** Options of `listen`. */
export interface ListenerOptions {
  /** By default 0: the system chooses a free port. */
  readonly port?: number;
  readonly tls?: ServerTls;
}

/** Answers one request. A rejection becomes a 500 response. */
export type RequestHandler = (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void>;

/** An HTTP server on 127.0.0.1. */
export interface Listener {
  /** Scheme, host and port, without a trailing slash. */
  readonly origin: string;
  /** Stops listening and breaks every connection. New connections are refused. */
  pause(): Promise<void>;
  /** Listens again, on the same port. */
  resume(): Promise<void>;
  /** As `pause`; may be called more than once. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const HOST = "127.0.0.1";

/** Passes every request to `handle`. An error in `handle` is answered with a 500 that contains its stack. */
export async function listen(handle: RequestHandler, { port = 0, tls }: ListenerOptions = {}): Promise<Listener> {
  const onRequest: http.RequestListener = (request, response) => {
    handle(request, response).catch((error: unknown) => fail(response, error));
  };
  const server = tls ? https.createServer(toServerOptions(tls), onRequest) : http.createServer(onRequest);
  const open = async (at: number) => {
    server.listen(at, HOST);
    await once(server, "listening");
  };
  const pause = async () => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  await open(port);
  const bound = portOf(server);
  const origin = `${tls ? "https" : "http"}://${HOST}:${bound}`;
  return { origin, pause, resume: () => open(bound), close: pause, [Symbol.asyncDispose]: pause };
}

/** A port that is free at this moment. */
export async function freePort(): Promise<number> {
  await using listener = await listen(async () => {});
  return Number(new URL(listener.origin).port);
}

/** Reads the whole body of a request. */
export async function readBody(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function toServerOptions({ requestClientCert = false, ...pem }: ServerTls): https.ServerOptions {
  return { ...pem, requestCert: requestClientCert, rejectUnauthorized: requestClientCert };
}

function portOf(server: http.Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot listen: the server has no port");
  return address.port;
}

function fail(response: http.ServerResponse, error: unknown): void {
  // The client has disconnected, or has part of a response: a 500 would not arrive.
  if (response.destroyed || response.headersSent) return void response.destroy();
  response.writeHead(500, { "content-type": "text/plain" }).end(error instanceof Error ? error.stack : String(error));
}
