import { once } from "node:events";
import http from "node:http";
import https from "node:https";

/** What makes a listener speak TLS: PEM texts. */
export interface ServerTls {
  readonly key: string;
  readonly cert: string;
  /** The authority that client certificates must come from. */
  readonly ca?: string;
  readonly requestClientCert?: boolean;
}

/** Where a listener listens. */
export interface ListenerOptions {
  /** 0, the default, takes whichever is free. */
  readonly port?: number;
  readonly tls?: ServerTls;
}

/** Answers one request; rejects with whatever went wrong. */
export type Handle = (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void>;

/** A real HTTP server on 127.0.0.1. */
export interface Listener {
  /** Scheme, host and port, no slash at the end. */
  readonly origin: string;
  /** Stops listening and breaks every connection: from here on connections are refused. */
  pause(): Promise<void>;
  /** Listens again, on the same port. */
  resume(): Promise<void>;
  /** Stops for good; does nothing the second time. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";

/** Listens, and hands every request to `handle`; a fault of `handle` becomes a 500 that tells it. */
export async function listen(handle: Handle, { port = 0, tls }: ListenerOptions = {}): Promise<Listener> {
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
  return { origin: `${tls ? "https" : "http"}://${HOST}:${bound}`, pause, resume: () => open(bound), close: pause };
}

/** A port that nothing listens on at this moment. */
export async function freePort(): Promise<number> {
  const listener = await listen(async () => {});
  await listener.close();
  return Number(new URL(listener.origin).port);
}

/** The whole body of a request. */
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
  // A client that went away in the middle is no fault of the handler, and nobody is left to be told.
  if (response.destroyed || response.headersSent) return void response.destroy();
  response.writeHead(500, { "content-type": "text/plain" }).end(error instanceof Error ? error.stack : String(error));
}
