import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/** A client's connection as the HTTP server sees it. */
export interface Pieces {
  readonly stream: Duplex;
  /** To be called when `wantsMore` may have become true. */
  readonly more: () => void;
}

/** The shortest request has 26 bytes: so many requests at most are read before the first of them is answered. */
const PIECE_BYTES = 1_024;

/**
 * Hands a connection's bytes to the HTTP server in small pieces, and the next one only while `wantsMore()`. Node's parser reads
 * all that has arrived at once, which makes a few thousand pipelined requests of every 64 KiB.
 */
export function inPieces(socket: Socket, wantsMore: () => boolean): Pieces {
  let pending: Buffer = Buffer.alloc(0);
  let asked = false;
  let ended = false;
  const feed = () => {
    if (!asked || !wantsMore()) return;
    if (pending.length === 0) pending = socket.read() ?? pending;
    if (pending.length === 0 && !ended) return;
    asked = false;
    const piece = pending.subarray(0, PIECE_BYTES);
    pending = pending.subarray(piece.length);
    stream.push(piece.length > 0 ? piece : null);
  };
  const stream = new Duplex({
    read() {
      asked = true;
      feed();
    },
    write: (chunk: Buffer, encoding, done) => void socket.write(chunk, encoding, done),
    final: (done) => void socket.end(done),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  // What the HTTP server uses of a socket beyond a stream's own.
  Object.assign(stream, {
    remoteAddress: socket.remoteAddress,
    remotePort: socket.remotePort,
    encrypted: "encrypted" in socket,
    setTimeout: (ms: number) => socket.setTimeout(ms),
    destroySoon() {
      if (stream.writableFinished) stream.destroy();
      else stream.once("finish", () => stream.destroy()).end();
    },
  });
  socket.on("readable", feed);
  socket.on("end", () => {
    ended = true;
    feed();
  });
  socket.on("timeout", () => stream.emit("timeout"));
  socket.on("error", (error) => stream.destroy(error));
  socket.on("close", () => stream.destroy());
  return { stream, more: feed };
}
