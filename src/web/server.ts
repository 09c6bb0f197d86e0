import { createServer as createPlainServer, type ServerOptions as NodeOptions, type Server } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Tls } from "../runtime/http.ts";
import { createApp, type Ports } from "./app.ts";
import { guard } from "./guard.ts";

/** Where to listen, and what to serve. */
export interface ServerOptions extends Ports {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** With a certificate and a key, https. */
  readonly tls: Tls;
}

/** A server that listens. */
export interface WebServer {
  /** Scheme, host and port. */
  readonly address: string;
  /** Uses another certificate for connections from now on; one that cannot be used changes nothing. */
  renewCertificate(tls: Tls): void;
  /** Lets go of an authorization that is being finished, and ends every connection: at once, or with the answer under way. */
  close(): Promise<void>;
}

const LIMITS: NodeOptions = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};
const MOST_CONNECTIONS = 64;
/** Enough for the page that tells of the grant which ends `authorize`, and no more. */
const FAREWELL_MS = 250;

/** Serves health, status, metrics and setup. Rejects with a sentence that names `http.listen` where it cannot listen. */
export async function startServer({ host, port, tls, ...ports }: ServerOptions): Promise<WebServer> {
  const closing = new AbortController();
  const secure = Boolean(tls.cert && tls.key);
  // Filled in once the port is known; nothing is accepted before.
  let bound = port;
  const app = createApp(ports, { signal: closing.signal, hosts: () => localHosts(host, bound) });
  const answer = getRequestListener(app.fetch, { errorHandler: () => new Response("Bad request\n", { status: 400 }) });
  let underWay = 0;
  const answered = new AbortController();
  const server = createServer(tls, guard({ secure, next: answer })).on("request", (_request, response) => {
    underWay++;
    response.once("close", () => {
      underWay--;
      if (underWay === 0 && closing.signal.aborted) answered.abort();
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  bound = await listen(server, { host, port });
  return {
    address: `${secure ? "https" : "http"}://${authority(host, bound)}`,
    renewCertificate({ cert, key }) {
      if (cert && key && "setSecureContext" in server)
        (server as TlsServer).setSecureContext({ cert, key, minVersion: "TLSv1.2" });
    },
    close: async () => {
      closing.abort(new DOMException("The server is closing", "AbortError"));
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if (underWay > 0) await ports.clock.sleep(FAREWELL_MS, answered.signal).catch(() => {});
      server.closeAllConnections();
      await closed;
    },
  };
}

function createServer({ cert, key }: Tls, listener: Parameters<typeof createPlainServer>[1]): Server {
  if (!cert || !key) return createPlainServer(LIMITS, listener);
  try {
    return createTlsServer({ ...LIMITS, cert, key, minVersion: "TLSv1.2" }, listener);
  } catch (error) {
    const why = error instanceof Error ? error.message : "unknown error";
    throw new Error(`Cannot use the certificate of http.tls: ${why}, check cert_file and key_file`);
  }
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = LISTEN_FAULTS[error.code ?? ""] ?? error.message;
      reject(new Error(`Cannot listen on ${authority(host, port)}: ${why}, change http.listen`));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

const LISTEN_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program uses the port",
  EACCES: "permission denied",
  EADDRNOTAVAIL: "this machine does not have the address",
  ENOTFOUND: "the host name is not known",
};

function localHosts(host: string, port: number): readonly string[] {
  return [host, "localhost", "127.0.0.1", "::1"].map((name) => authority(name, port));
}

function authority(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
