import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "../runtime/clock.ts";

/** Answers a request. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** One client's connection, and what it waits for. */
interface Connection {
  readonly socket: Socket;
  readonly address: string;
  /** The response under way. */
  answering: ServerResponse | undefined;
  /** Pipelined requests whose turn has not come. */
  readonly waiting: (readonly [IncomingMessage, ServerResponse])[];
}

const MOST_CONNECTIONS = 64;
/** Pipelined requests of all clients together: each takes a few kilobytes. */
const MOST_WAITING = 4_000;
/** How long a client may take to read an answer. */
const DRAIN_MS = 10_000;

/** The clients of a server, held to what the daemon can spare. */
export interface Connections {
  /** Wraps a listener so that each connection has one request under way, the others waiting for their turn. */
  readonly oneAtATime: (next: Listener) => Listener;
  /** Watches the connections of the server. A new one is always let in: where there are too many, another one goes. */
  readonly watch: (server: Server) => void;
}

/** Makes the limits of one server. */
export function createConnections(clock: Clock): Connections {
  // In the order of their last use.
  const connections = new Map<string, Connection>();
  let waiting = 0;

  const use = (name: string, connection: Connection) => {
    connections.delete(name);
    connections.set(name, connection);
  };
  const drop = (name: string) => {
    waiting -= connections.get(name)?.waiting.splice(0).length ?? 0;
    connections.delete(name);
  };
  const admit = (socket: Socket) => {
    const name = nameOf(socket);
    if (connections.size >= MOST_CONNECTIONS) {
      const victim = chooseVictim([...connections.values()]);
      if (victim) {
        drop(nameOf(victim.socket));
        victim.socket.destroy();
      }
    }
    connections.set(name, { socket, address: socket.remoteAddress ?? "", answering: undefined, waiting: [] });
    socket.once("close", () => {
      if (connections.get(name)?.socket === socket) drop(name);
    });
  };

  const oneAtATime =
    (next: Listener): Listener =>
    (request, response) => {
      const name = nameOf(request.socket);
      const connection = connections.get(name);
      if (!connection) return void request.socket.destroy();
      if (!connection.answering) return answer(request, response);
      if (waiting >= MOST_WAITING) return void request.socket.destroy();
      waiting++;
      connection.waiting.push([request, response]);
      return void request.socket.pause();

      function answer(request: IncomingMessage, response: ServerResponse): unknown {
        if (!connection) return;
        connection.answering = response;
        const over = new AbortController();
        response.once("prefinish", () => {
          const tooLong = AbortSignal.any([over.signal, clock.deadline(DRAIN_MS)]);
          tooLong.addEventListener("abort", () => over.signal.aborted || request.socket.destroy());
        });
        response.once("close", async () => {
          over.abort();
          connection.answering = undefined;
          if (connections.get(name) !== connection) return;
          use(name, connection);
          const pipelined = connection.waiting.shift();
          if (!pipelined) return;
          waiting--;
          connection.answering = pipelined[1];
          if (connection.waiting.length === 0) request.socket.resume();
          // Everybody else has a turn first.
          await clock.sleep(0, NEVER);
          answer(...pipelined);
        });
        return next(request, response);
      }
    };

  return {
    oneAtATime,
    watch(server) {
      server.on("connection", admit);
      server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
        const answering = connections.get(nameOf(socket as Socket))?.answering;
        if (!socket.writable || answering?.headersSent) return void socket.destroy();
        (socket as Socket).end(rawAnswer(STATUS[error.code ?? ""] ?? "400 Bad Request"));
        return (socket as Socket).destroySoon();
      });
    },
  };
}

/** The one that is used least, of the address that has most: no address can push out another that has fewer. */
function chooseVictim(all: readonly Connection[]): Connection | undefined {
  const counts = new Map<string, number>();
  for (const { address } of all) counts.set(address, (counts.get(address) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const candidates = all.filter(({ address }) => counts.get(address) === most);
  const idle = candidates.find(({ answering }) => answering === undefined);
  return idle ?? candidates.find(({ answering }) => answering?.writableEnded) ?? candidates[0];
}

const NEVER = new AbortController().signal;

/** The same for a TLS connection and the one that carries it. */
function nameOf({ remoteAddress, remotePort }: Socket): string {
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
