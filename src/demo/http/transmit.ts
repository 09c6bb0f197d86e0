import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Clock } from "../../runtime/clock.ts";
import type { Answer } from "./answer.ts";

/** The ways in which an answer gets lost, or gets slow, between here and the client. */
export type TransmissionFault =
  /** The connection breaks before anything is answered. */
  | { readonly reset: true }
  /** No answer ever comes, on a connection that stays open. */
  | { readonly stall: true }
  /** No answer comes for so long; then the connection breaks. */
  | { readonly stallMs: number }
  /** The right answer, later. */
  | { readonly delayMs: number }
  /** The right answer's headers and first bytes; then the connection breaks. */
  | { readonly cutAfterBytes: number }
  /** The right answer, drop by drop. */
  | { readonly bytesPerSecond: number };

const DROPS_PER_SECOND = 20;

/** Puts an answer on the wire, with a fault if there is one. Resolves when nothing more is going to be written. */
export async function transmit(
  response: ServerResponse,
  answer: Answer,
  { fault, clock }: { fault?: TransmissionFault | undefined; clock: Clock },
): Promise<void> {
  if (!fault) return send(response, answer);
  if ("reset" in fault) return void response.destroy();
  if ("stall" in fault) return;
  const gone = whenGone(response);
  if ("stallMs" in fault) {
    await clock.sleep(fault.stallMs, gone);
    response.destroy();
  } else if ("delayMs" in fault) {
    await clock.sleep(fault.delayMs, gone);
    send(response, answer);
  } else if ("cutAfterBytes" in fault) {
    await sendPart(response, answer, fault.cutAfterBytes);
  } else {
    await sendSlowly(response, answer, { bytesPerSecond: fault.bytesPerSecond, clock, gone });
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
  { bytesPerSecond, clock, gone }: { bytesPerSecond: number; clock: Clock; gone: AbortSignal },
): Promise<void> {
  const body = Buffer.from(answer.body);
  const drop = Math.max(1, Math.round(bytesPerSecond / DROPS_PER_SECOND));
  writeHead(response, answer).flushHeaders();
  for (let at = 0; at < body.length; at += drop) {
    if (!response.write(body.subarray(at, at + drop))) await once(response, "drain", { signal: gone });
    await clock.sleep((drop / bytesPerSecond) * 1_000, gone);
  }
  response.end();
}

/** Aborts when the client, or this server, gives the connection up. */
function whenGone(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  response.once("close", () => gone.abort());
  return gone.signal;
}
