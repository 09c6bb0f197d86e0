import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "../runtime/clock.ts";
import { inPieces } from "./pieces.ts";

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
  /** Reads on. */
  more: () => void;
}

const MOST_CONNECTIONS = 64;
/** How long a client may take to read an answer. */
const DRAIN_MS = 10_000;

/** The clients of a server, held to what the daemon can spare. */
export interface Connections {
  /** Wraps a listener so that each connection has one request under way, the others waiting for their turn. */
  readonly oneAtATime: (next: Listener) => Listener;
  /** Watches the connections of the server. A new one is always let in: where there are too many, another one goes. */
  readonly watch: (server: Server, options: { secure: boolean }) => void;
  /** Ends all of them. */
  readonly closeAll: () => void;
}

/** Makes the limits of one server. */
export function createConnections(clock: Clock): Connections {
  // In the order of their last use.
  const connections = new Map<string, Connection>();
  /** One further request of one connection in each turn of the event loop. */
  let turns: Promise<void> = Promise.resolve();
  const byStream = new WeakMap<Duplex, Connection>();

  const admit = (socket: Socket) => {
    const name = nameOf(socket);
    if (connections.size >= MOST_CONNECTIONS) chooseVictim([...connections.values()])?.socket.destroy();
    const address = socket.remoteAddress ?? "";
    connections.set(name, { socket, address, answering: undefined, waiting: [], more: () => {} });
    // A TLS handshake that fails is the client's affair.
    socket.on("error", () => {});
    socket.once("close", () => {
      if (connections.get(name)?.socket === socket) connections.delete(name);
    });
  };

  const wrap = (socket: Socket): Duplex | undefined => {
    const connection = connections.get(nameOf(socket));
    if (!connection) return undefined;
    const wantsMore = () => connection.waiting.length === 0 && !connection.answering?.req.complete;
    const { stream, more } = inPieces(socket, wantsMore);
    connection.more = more;
    byStream.set(stream, connection);
    return stream;
  };

  const oneAtATime = (next: Listener): Listener => {
    const answer = (connection: Connection, [request, response]: readonly [IncomingMessage, ServerResponse]) => {
      connection.answering = response;
      const over = new AbortController();
      response.once("prefinish", () => {
        const tooLong = AbortSignal.any([over.signal, clock.deadline(DRAIN_MS)]);
        tooLong.addEventListener("abort", () => over.signal.aborted || connection.socket.destroy());
      });
      response.once("close", async () => {
        over.abort();
        // Everybody else has a turn first.
        turns = turns.then(() => clock.sleep(0, NEVER));
        await turns;
        connection.answering = undefined;
        const name = nameOf(connection.socket);
        if (connections.delete(name)) connections.set(name, connection);
        const pipelined = connection.waiting.shift();
        if (pipelined) answer(connection, pipelined);
        else connection.more();
      });
      next(request, response);
    };
    return (request, response) => {
      const connection = byStream.get(request.socket);
      if (!connection) return void request.socket.destroy();
      if (connection.answering) connection.waiting.push([request, response]);
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

/** The one that is used least, of the address that has most: no address can push out another that has fewer. */
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
