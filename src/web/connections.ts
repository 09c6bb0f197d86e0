import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "../runtime/clock.ts";
import { paceSocket } from "./paced-socket.ts";

/** Answers a request. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** One client's connection. */
interface Connection {
  readonly socket: Socket;
  readonly address: string;
  /** The response in progress. */
  answering: ServerResponse | undefined;
  /** Pipelined requests that are not answered yet. */
  readonly queue: (readonly [IncomingMessage, ServerResponse])[];
  /** Continues to read from the socket. */
  resume: () => void;
}

const MAX_CONNECTIONS = 64;
/** How long a client may take to read a complete answer. */
const DRAIN_MS = 10_000;

/** Limits what the clients of a server can use: connections, time, and requests in progress. */
export interface Connections {
  /** Wraps a listener: each connection has one request in progress, and its pipelined requests wait. */
  readonly oneAtATime: (next: Listener) => Listener;
  /** Applies the limits to a server. A new connection is always accepted; above 64, an older one is closed. */
  readonly watch: (server: Server, options: { secure: boolean }) => void;
  /** Closes every connection at once. */
  readonly closeAll: () => void;
}

/** Creates the limits of one server. */
export function createConnections(clock: Clock): Connections {
  // Least recently used first.
  const connections = new Map<string, Connection>();
  /** One pipelined request per turn of the event loop, so that other connections are served in between. */
  let turns: Promise<void> = Promise.resolve();
  const byStream = new WeakMap<Duplex, Connection>();

  const admit = (socket: Socket) => {
    const key = keyOf(socket);
    if (connections.size >= MAX_CONNECTIONS) chooseVictim([...connections.values()])?.socket.destroy();
    const address = socket.remoteAddress ?? "";
    connections.set(key, { socket, address, answering: undefined, queue: [], resume: () => {} });
    // A failed TLS handshake concerns the client only.
    socket.on("error", () => {});
    socket.once("close", () => {
      if (connections.get(key)?.socket === socket) connections.delete(key);
    });
  };

  const wrap = (socket: Socket): Duplex | undefined => {
    const connection = connections.get(keyOf(socket));
    if (!connection) return undefined;
    const wantsMore = () => connection.queue.length === 0 && !connection.answering?.req.complete;
    const { stream, resume } = paceSocket(socket, wantsMore);
    connection.resume = resume;
    byStream.set(stream, connection);
    return stream;
  };

  const oneAtATime = (next: Listener): Listener => {
    const answer = (connection: Connection, [request, response]: readonly [IncomingMessage, ServerResponse]) => {
      connection.answering = response;
      const closed = new AbortController();
      response.once("prefinish", () => {
        const tooLong = AbortSignal.any([closed.signal, clock.deadline(DRAIN_MS)]);
        tooLong.addEventListener("abort", () => closed.signal.aborted || connection.socket.destroy());
      });
      response.once("close", async () => {
        closed.abort();
        turns = turns.then(() => clock.sleep(0, NEVER));
        await turns;
        connection.answering = undefined;
        const key = keyOf(connection.socket);
        if (connections.delete(key)) connections.set(key, connection);
        const pipelined = connection.queue.shift();
        if (pipelined) answer(connection, pipelined);
        else connection.resume();
      });
      next(request, response);
    };
    return (request, response) => {
      const connection = byStream.get(request.socket);
      if (!connection) return void request.socket.destroy();
      if (connection.answering) connection.queue.push([request, response]);
      else answer(connection, [request, response]);
    };
  };

  return {
    oneAtATime,
    watch(server, { secure }) {
      const event = secure ? "secureConnection" : "connection";
      const accept = server.listeners(event);
      server.removeAllListeners(event);
      server.prependListener("connection", admit);
      server.on(event, (socket: Socket) => {
        const stream = wrap(socket);
        if (!stream) return void socket.destroy();
        for (const listener of accept) listener.call(server, stream);
      });
      server.on("clientError", (error: NodeJS.ErrnoException, stream: Duplex) => {
        const answering = byStream.get(stream)?.answering;
        if (!stream.writable || answering?.headersSent) stream.destroy();
        else
          stream.once("finish", () => stream.destroy()).end(rawAnswer(STATUS[error.code ?? ""] ?? "400 Bad Request"));
      });
    },
    closeAll() {
      for (const { socket } of connections.values()) socket.destroy();
    },
  };
}

/** Picks the least used connection of the address with the most, so that no address can displace one with fewer. */
function chooseVictim(all: readonly Connection[]): Connection | undefined {
  const open = all.filter(({ socket }) => !socket.destroyed);
  const counts = new Map<string, number>();
  for (const { address } of open) counts.set(address, (counts.get(address) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const candidates = open.filter(({ address }) => counts.get(address) === most);
  const idle = candidates.find(({ answering }) => answering === undefined);
  return idle ?? candidates.find(({ answering }) => answering?.writableEnded) ?? candidates[0];
}

const NEVER = new AbortController().signal;

/** Equal for a TLS socket and the TCP socket below it. */
function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

const STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

function rawAnswer(status: string): string {
  const text = `${status.slice(4)}\n`;
  return `HTTP/1.1 ${status}\r\ncontent-type: text/plain\r\ncontent-length: ${text.length}\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n${text}`;
}
