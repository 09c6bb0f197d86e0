import type { Socket } from "node:net";

const INTERIM = Buffer.from("HTTP/1.1 1");
const CONTINUE = Buffer.from("HTTP/1.1 100");
/** Offset of the last digit of the status. */
const LAST_DIGIT = CONTINUE.length - 1;
const TWO = 0x32;
const END_OF_HEAD = Buffer.from("\r\n\r\n");

/**
 * Makes undici ignore an unexpected `100 Continue`, as RFC 9110 §15.2 requires. Undici closes the connection with "bad
 * response", and has no option for that, but it ignores `102`: the status is rewritten to 102 before undici reads it.
 */
export function ignoreContinue(socket: Socket): Socket {
  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const chunk: unknown = read(size);
    if (Buffer.isBuffer(chunk)) renameContinue(chunk);
    return chunk;
  };
  return socket;
}

/** A chunk can hold several interim responses, and then the final one. */
function renameContinue(chunk: Buffer): void {
  let at = 0;
  while (startsWith(chunk, at, INTERIM)) {
    if (startsWith(chunk, at, CONTINUE)) chunk[at + LAST_DIGIT] = TWO;
    const end = chunk.indexOf(END_OF_HEAD, at);
    if (end < 0) return;
    at = end + END_OF_HEAD.length;
  }
}

function startsWith(chunk: Buffer, at: number, text: Buffer): boolean {
  return chunk.subarray(at, at + text.length).equals(text);
}
