import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/** A client's socket, as a stream that the HTTP server reads in small chunks. */
export interface PacedSocket {
  readonly stream: Duplex;
  /** Reads on if `wantsMore()` is true by now. */
  readonly resume: () => void;
}

/** The shortest request has 26 bytes, so a chunk holds at most 39 pipelined requests. */
const CHUNK_BYTES = 1_024;

/**
 * Passes a socket's bytes to the HTTP server in small chunks, each only while `wantsMore()` is true. Node's parser reads all
 * bytes that have arrived: 64 KiB can hold a few thousand pipelined requests.
 */
export function paceSocket(socket: Socket, wantsMore: () => boolean): PacedSocket {
  let pending: Buffer = Buffer.alloc(0);
  let asked = false;
  let ended = false;
  const feed = () => {
    if (!asked || !wantsMore()) return;
    if (pending.length === 0) pending = socket.read() ?? pending;
    if (pending.length === 0 && !ended) return;
    asked = false;
    const chunk = pending.subarray(0, CHUNK_BYTES);
    pending = pending.subarray(chunk.length);
    stream.push(chunk.length > 0 ? chunk : null);
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
  // The members of a socket that the HTTP server uses and a Duplex does not have.
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
  return { stream, resume: feed };
}
