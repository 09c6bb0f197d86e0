/** Which other protocol answers at the address, and what to write instead. */
export interface WrongDoor {
  readonly why: string;
  readonly remedy: string;
}

const GRPC: WrongDoor = {
  why: "The collector answered in HTTP/2",
  remedy: "correct export.endpoint: this is a gRPC port: OTLP/HTTP usually listens on 4318",
};
const NEEDS_TLS: WrongDoor = {
  why: "The collector speaks TLS at this port, and not HTTP",
  remedy: "write https:// in export.endpoint",
};
const HAS_NO_TLS: WrongDoor = {
  why: "The collector does not speak TLS at this port",
  remedy: "write http:// in export.endpoint",
};

/** What undici and OpenSSL throw where the other side speaks another protocol. */
interface ProtocolError extends Error {
  readonly code?: unknown;
  /** What undici's `HTTPParserError` could not read, as text. */
  readonly data?: unknown;
}

/** Recognises the other protocol by the error that it causes; undefined for every other error. */
export function wrongDoorOfError(error: unknown): WrongDoor | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, code, data, message, cause } = error as ProtocolError;
  if (name === "HTTPParserError") return wrongDoorOfBytes(String(data ?? ""));
  const words = `${typeof code === "string" ? code : ""} ${message}`;
  if (/wrong.version.number|packet.length.too.long|ssl.http.request|record layer failure/i.test(words))
    return HAS_NO_TLS;
  // A server that speaks HTTP/2 alone refuses the handshake (RFC 7301 §3.2).
  if (/no.application.protocol/i.test(words)) return GRPC;
  return cause === error ? undefined : wrongDoorOfError(cause);
}

const FRAME_HEADER_BYTES = 9;
/** What a server begins with, and how it ends a connection (RFC 9113 §6). */
const SETTINGS = 4;
const GOAWAY = 7;
/** A TLS record of version 3.x (RFC 8446 §5.1). */
const ALERT = 21;
const HANDSHAKE = 22;
const TLS_MAJOR_VERSION = 3;

function wrongDoorOfBytes(data: string): WrongDoor | undefined {
  const bytes = Buffer.from(data, "utf8");
  const [first, second, , fourth] = bytes;
  if ((first === ALERT || first === HANDSHAKE) && second === TLS_MAJOR_VERSION) return NEEDS_TLS;
  const isFrame = bytes.length >= FRAME_HEADER_BYTES && first === 0 && (fourth === SETTINGS || fourth === GOAWAY);
  return isFrame && bytes.readUInt32BE(5) === 0 ? GRPC : undefined;
}

/** The same by what servers say when they are spoken to in the wrong protocol: nginx, Go, Apache, Envoy, Node, gRPC. */
export function wrongDoorOfText(text: string): WrongDoor | undefined {
  if (
    /plain HTTP request was sent to HTTPS port|HTTP request to an HTTPS server|plain HTTP to an SSL|requires TLS/i.test(
      text,
    )
  ) {
    return NEEDS_TLS;
  }
  return /\bgrpc\b|expected `?h2`?|HTTP\/2 (is )?(required|only)/i.test(text) ? GRPC : undefined;
}
