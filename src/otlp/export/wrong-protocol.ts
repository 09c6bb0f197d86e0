/** Another protocol is spoken at the collector's port. */
export interface WrongProtocol {
  readonly why: string;
  readonly remedy: string;
}

const GRPC: WrongProtocol = {
  why: "The collector answered in HTTP/2",
  remedy: "correct export.endpoint: this is a gRPC port: OTLP/HTTP usually listens on 4318",
};
const NEEDS_TLS: WrongProtocol = {
  why: "The collector speaks TLS at this port, and not HTTP",
  remedy: "write https:// in export.endpoint",
};
const HAS_NO_TLS: WrongProtocol = {
  why: "The collector does not speak TLS at this port",
  remedy: "write http:// in export.endpoint",
};

/** An error of undici or OpenSSL. */
interface ProtocolError extends Error {
  readonly code?: unknown;
  /** The bytes that undici's `HTTPParserError` could not parse, as text. */
  readonly data?: unknown;
}

/** Recognises another protocol by the error that it causes. Undefined for other errors. */
export function wrongProtocolOfError(error: unknown): WrongProtocol | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, code, data, message, cause } = error as ProtocolError;
  if (name === "HTTPParserError") return wrongProtocolOfBytes(String(data ?? ""));
  const text = `${typeof code === "string" ? code : ""} ${message}`;
  if (/wrong.version.number|packet.length.too.long|ssl.http.request|record layer failure/i.test(text))
    return HAS_NO_TLS;
  // A server that speaks only HTTP/2 refuses the handshake (RFC 7301 §3.2).
  if (/no.application.protocol/i.test(text)) return GRPC;
  return cause === error ? undefined : wrongProtocolOfError(cause);
}

const FRAME_HEADER_BYTES = 9;
/** The first and the last frame of an HTTP/2 server (RFC 9113 §6). */
const SETTINGS = 4;
const GOAWAY = 7;
/** Types of a TLS record, and its major version (RFC 8446 §5.1). */
const ALERT = 21;
const HANDSHAKE = 22;
const TLS_MAJOR_VERSION = 3;

function wrongProtocolOfBytes(data: string): WrongProtocol | undefined {
  const bytes = Buffer.from(data, "utf8");
  const [first, second, , fourth] = bytes;
  if ((first === ALERT || first === HANDSHAKE) && second === TLS_MAJOR_VERSION) return NEEDS_TLS;
  const isFrame = bytes.length >= FRAME_HEADER_BYTES && first === 0 && (fourth === SETTINGS || fourth === GOAWAY);
  return isFrame && bytes.readUInt32BE(5) === 0 ? GRPC : undefined;
}

/** Recognises another protocol by the error message of nginx, Go, Apache, Envoy, Node or gRPC. Undefined for other texts. */
export function wrongProtocolOfText(text: string): WrongProtocol | undefined {
  if (
    /plain HTTP request was sent to HTTPS port|HTTP request to an HTTPS server|plain HTTP to an SSL|requires TLS/i.test(
      text,
    )
  ) {
    return NEEDS_TLS;
  }
  return /\bgrpc\b|expected `?h2`?|HTTP\/2 (is )?(required|only)/i.test(text) ? GRPC : undefined;
}
