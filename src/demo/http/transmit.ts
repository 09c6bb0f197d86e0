import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Clock } from "../../runtime/clock.ts";
import type { Answer } from "./answer.ts";

/** Delays and losses on the way of a response to the client. */
export type TransmissionFault =
  /** The connection breaks before the response. */
  | { readonly reset: true }
  /** No response is sent, and the connection stays open. */
  | { readonly stall: true }
  /** No response is sent, and the connection breaks after this time. */
  | { readonly stallMs: number }
  /** The response is sent after this time. */
  | { readonly delayMs: number }
  /** The headers and this many bytes of the body are sent; then the connection breaks. */
  | { readonly cutAfterBytes: number }
  /** The body is sent in small chunks at this rate. */
  | { readonly bytesPerSecond: number };

const CHUNKS_PER_SECOND = 20;

/** Sends a response, with a fault if one is given. Resolves when there is nothing left to write. */
export async function transmit(
  response: ServerResponse,
  answer: Answer,
  { fault, clock }: { fault?: TransmissionFault | undefined; clock: Clock },
): Promise<void> {
  if (!fault) return send(response, answer);
  if ("reset" in fault) return void response.destroy();
  if ("stall" in fault) return;
  const closed = closedSignal(response);
  if ("stallMs" in fault) {
    await clock.sleep(fault.stallMs, closed);
    response.destroy();
  } else if ("delayMs" in fault) {
    await clock.sleep(fault.delayMs, closed);
    send(response, answer);
  } else if ("cutAfterBytes" in fault) {
    await sendPart(response, answer, fault.cutAfterBytes);
  } else {
    await sendSlowly(response, answer, { bytesPerSecond: fault.bytesPerSecond, clock, closed });
  }
}

function send(response: ServerResponse, answer: Answer): void {
  writeHead(response, answer).end(answer.body);
}

function writeHead(response: ServerResponse, { status, headers, body }: Answer): ServerResponse {
  return response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
}

async function sendPart(response: ServerResponse, answer: Answer, bytes: number): Promise<void> {
  writeHead(response, answer).flushHeaders();
  const part = Buffer.from(answer.body).subarray(0, bytes);
  if (part.length > 0) await new Promise((resolve) => response.write(part, resolve));
  response.destroy();
}

async function sendSlowly(
  response: ServerResponse,
  answer: Answer,
  { bytesPerSecond, clock, closed }: { bytesPerSecond: number; clock: Clock; closed: AbortSignal },
): Promise<void> {
  const body = Buffer.from(answer.body);
  const chunkBytes = Math.max(1, Math.round(bytesPerSecond / CHUNKS_PER_SECOND));
  writeHead(response, answer).flushHeaders();
  for (let at = 0; at < body.length; at += chunkBytes) {
    if (!response.write(body.subarray(at, at + chunkBytes))) await once(response, "drain", { signal: closed });
    await clock.sleep((chunkBytes / bytesPerSecond) * 1_000, closed);
  }
  response.end();
}

/** Aborts when the connection closes, whichever side closes it. */
function closedSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  if (response.destroyed) controller.abort();
  response.once("close", () => controller.abort());
  return controller.signal;
}
