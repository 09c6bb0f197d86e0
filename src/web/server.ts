import { createServer as createPlainServer, type ServerOptions as NodeOptions, type Server } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Tls } from "../runtime/http.ts";
import { createApp, type Serves, type WebDeps } from "./app.ts";
import { createConnections } from "./connections.ts";
import { guard } from "./guard.ts";
import { createHosts } from "./hosts.ts";

/** Where to listen, and what to serve. */
export interface ServerOptions extends WebDeps {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** With a certificate and a key, https. */
  readonly tls: Tls;
  readonly serves?: Serves;
  /** The configuration's key of this address, to name in a fault. */
  readonly key?: string;
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
  // A corporate sign-on in front may leave many kilobytes of cookies.
  maxHeaderSize: 32 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};
const HANDSHAKE_MS = 5_000;
/** Enough for the page that tells of the grant which ends `authorize`, and no more. */
const FAREWELL_MS = 250;

/** Serves health, status, metrics and setup. Rejects with a sentence that names the key where it cannot listen. */
export async function startServer({
  host,
  port,
  tls,
  serves = "all",
  key = "http.listen",
  ...ports
}: ServerOptions): Promise<WebServer> {
  const closing = new AbortController();
  const secure = Boolean(tls.cert && tls.key);
  // Filled in once the port is known; nothing is accepted before.
  let bound = port;
  const hosts = createHosts({ listensOn: host, port: () => bound, setups: ports.setups });
  const app = createApp(ports, { signal: closing.signal, hosts, serves });
  const connections = createConnections(ports.clock);
  const answer = getRequestListener(app.fetch, { errorHandler: () => new Response("Bad request\n", { status: 400 }) });
  let underWay = 0;
  const answered = new AbortController();
  const server = createServer(tls, connections.oneAtATime(guard({ secure, next: answer }))).on(
    "request",
    (_request, response) => {
      underWay++;
      response.once("close", () => {
        underWay--;
        if (underWay === 0 && closing.signal.aborted) answered.abort();
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
      if (underWay > 0) await ports.clock.sleep(FAREWELL_MS, answered.signal).catch(() => {});
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
