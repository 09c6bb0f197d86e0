import { createServer as createPlainServer, type ServerOptions as NodeOptions, type Server } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Tls } from "../runtime/http.ts";
import { createApp } from "./app.ts";
import { createConnections } from "./connections.ts";
import { guard } from "./guard.ts";
import { createHosts } from "./hosts.ts";
import type { Serves, WebDeps } from "./web-deps.ts";

/** The options of `startServer`. */
export interface ServerOptions {
  readonly host: string;
  /** 0: the system chooses a free port. */
  readonly port: number;
  /** https when it has a certificate and a key. */
  readonly tls: Tls;
  readonly serves?: Serves;
  /** The configuration key of this address, for error messages. */
  readonly key?: string;
}

/** A server that listens. */
export interface WebServer {
  /** Scheme, host and port. */
  readonly address: string;
  /** Uses this certificate for new connections. Does nothing when `tls` has no certificate. */
  renewCertificate(tls: Tls): void;
  /** Aborts a flow that is being finished, and closes every connection, after at most 250 ms for the answers in progress. */
  close(): Promise<void>;
}

const LIMITS: NodeOptions = {
  // A corporate single sign-on in front may set many kilobytes of cookies.
  maxHeaderSize: 32 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};
const HANDSHAKE_MS = 5_000;
/** `authorize` closes the server when the grant arrives: the browser still has to get its last page. */
const CLOSE_GRACE_MS = 250;

/** Serves health, status, metrics and setup. Rejects with a message that names the configuration key when it cannot listen. */
export async function startServer(
  deps: WebDeps,
  { host, port, tls, serves = "all", key = "http.listen" }: ServerOptions,
): Promise<WebServer> {
  const closing = new AbortController();
  const secure = Boolean(tls.cert && tls.key);
  // Set when the server listens; no request arrives before.
  let bound = port;
  const hosts = createHosts({ listensOn: host, port: () => bound, setups: deps.setups });
  const app = createApp(deps, { signal: closing.signal, hosts, serves });
  const connections = createConnections(deps.clock);
  const answer = getRequestListener(app.fetch, { errorHandler: () => new Response("Bad request\n", { status: 400 }) });
  let inProgress = 0;
  const answered = new AbortController();
  const server = createServer(tls, connections.oneAtATime(guard({ secure, next: answer }))).on(
    "request",
    (_request, response) => {
      inProgress++;
      response.once("close", () => {
        inProgress--;
        if (inProgress === 0 && closing.signal.aborted) answered.abort();
      });
    },
  );
  connections.watch(server, { secure });
  bound = await listen(server, { host, port, key });
  return {
    address: `${secure ? "https" : "http"}://${authority(host, bound)}`,
    renewCertificate({ cert, key }) {
      if (cert && key && "setSecureContext" in server)
        (server as TlsServer).setSecureContext({ cert, key, minVersion: "TLSv1.2" });
    },
    close: async () => {
      closing.abort(new DOMException("The server is closing", "AbortError"));
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if (inProgress > 0) await deps.clock.sleep(CLOSE_GRACE_MS, answered.signal).catch(() => {});
      server.closeAllConnections();
      connections.closeAll();
      await closed;
    },
  };
}

function createServer({ cert, key }: Tls, listener: Parameters<typeof createPlainServer>[1]): Server {
  if (!cert || !key) return createPlainServer(LIMITS, listener);
  try {
    return createTlsServer({ ...LIMITS, handshakeTimeout: HANDSHAKE_MS, cert, key, minVersion: "TLSv1.2" }, listener);
  } catch (error) {
    const why = error instanceof Error ? error.message : "unknown error";
    throw new Error(`Cannot use the certificate of http.tls: ${why}, check cert_file and key_file`);
  }
}

function listen(server: Server, { host, port, key }: { host: string; port: number; key: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = LISTEN_FAULTS[error.code ?? ""] ?? error.message;
      reject(new Error(`Cannot listen on ${authority(host, port)}: ${why}, change ${key}`));
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

function authority(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
