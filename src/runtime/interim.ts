import type { Socket } from "node:net";

const INTERIM = Buffer.from("HTTP/1.1 1");
const CONTINUE = Buffer.from("HTTP/1.1 100");
/** The last digit of the status. */
const LAST_DIGIT = CONTINUE.length - 1;
const TWO = 0x32;
const END_OF_HEAD = Buffer.from("\r\n\r\n");

/**
 * Makes undici pass over a `100 Continue` that it did not ask for, as RFC 9110 §15.2 demands and as it does with the other
 * interim answers: it ends the connection with "bad response" instead, and has no option for that. What arrives as 100 is
 * shown to it as 102.
 */
export function passOverContinue(socket: Socket): Socket {
  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const chunk: unknown = read(size);
    if (Buffer.isBuffer(chunk)) renameContinue(chunk);
    return chunk;
  };
  return socket;
}

/** Several may stand one behind the other, and the answer itself behind them. */
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
