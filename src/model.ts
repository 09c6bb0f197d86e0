/** The vocabulary of the project: types only. Every folder may import it; it imports none. */
import type { Resource } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";

/** One audit entry as OpenTelemetry sees it. */
export interface LogRecord extends ReadableLogRecord {
  /** The same in the exporter's encoding, where it was made at once. */
  readonly encoded?: EncodedRecord;
}

/** A part of what some bytes hold: from its first to behind its last. */
export interface Stretch {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/** A record's fields in the exporter's encoding, but for a body that is Slack's own text: that stays where it is until it is sent. */
export interface EncodedRecord extends Stretch {
  /** That body. */
  readonly text: Stretch | undefined;
  /** About what both take in a request, in bytes. */
  readonly size: number;
}

/** A stretch of UTF-8, which may have JSON's escapes of one character: `\\/`, `\\"` and `\\\\`. */
export interface Span extends Stretch {
  /** How many of its backslashes only escape what follows. */
  readonly escapes: number;
}

/** Bytes that grow at their end; the buffer is replaced by a larger one when it must be. */
export interface Output {
  bytes: Buffer;
  length: number;
}

/** What records of one kind have in common. */
export interface RecordHead extends Pick<LogRecord, "attributes"> {
  readonly severityNumber?: number | undefined;
  readonly eventName?: string | undefined;
}

/**
 * How an exporter writes the fields of a log record piece by piece, in this order: time, head, other attributes, tail. So an
 * entry can become a record without being parsed. Each `put` writes at the end of the output.
 */
export interface RecordEncoding {
  /** By what factor Slack's text is longer as a body. */
  readonly bodyGrowth: number;
  /** All fields of any record. */
  record(record: LogRecord): Uint8Array;
  /** The severity, the event's name and the first attributes. */
  head(record: RecordHead): Uint8Array;
  /** The end of the attributes, and the time of observation. */
  tail(record: Pick<LogRecord, "hrTimeObserved">): Uint8Array;
  /** What stands before an attribute's value. */
  attribute(name: string): Uint8Array;
  /** The same where the value is a text. */
  textAttribute(name: string): Uint8Array;
  putTime(output: Output, time: Seconds): void;
  putPiece(output: Output, piece: Uint8Array): void;
  putText(output: Output, attribute: Uint8Array, text: Span): void;
  putInteger(output: Output, attribute: Uint8Array, value: number): void;
  putBoolean(output: Output, attribute: Uint8Array, value: boolean): void;
}

/** Whole seconds since 1970, UTC: Slack's unit of time. Everything else here is in milliseconds. */
export type Seconds = number;

/** Any value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What is handed out at once: records to deliver, and the position that is true once they are. */
export interface Page {
  readonly records: readonly LogRecord[];
  readonly next: Json;
}

/** Something that is read page by page and goes on from the position it once handed out. */
export interface Source {
  /** Names the source in the configuration and in the stored position. */
  readonly name: string;
  /** Yields for ever; ends when `signal` aborts. Asking for the next page says that the last one is delivered and saved. */
  pages(position: Json | undefined, signal: AbortSignal): AsyncGenerator<Page, void, void>;
}

/** Delivers all records of a page: resolves once each is acknowledged or set aside on disk, rejects only when `signal` aborts. */
export type Deliver = (records: readonly LogRecord[], signal: AbortSignal) => Promise<void>;

/** The stored positions. `save` resolves once the position is on the disk, rejects only when `signal` aborts. */
export interface Checkpoints {
  load(source: string): Json | undefined;
  save(source: string, position: Json, signal: AbortSignal): Promise<void>;
}

/** Remembers which destination has ever acknowledged a record, across restarts. */
export interface Acknowledged {
  /** The fingerprint of that destination; undefined before the first acknowledgement. */
  loadAcknowledged(): string | undefined;
  /** Resolves once the fingerprint is on the disk, rejects only when `signal` aborts. The source names whose events tell of trouble. */
  saveAcknowledged(fingerprint: string, source: string, signal: AbortSignal): Promise<void>;
}

/** The Slack organisation that a grant belongs to, as far as Slack told. */
export interface Organisation {
  /** `E…`. */
  readonly id: string;
  readonly name?: string;
  readonly domain?: string;
}

/** What an organisation's owner granted. The token is a secret. */
export interface Grant {
  readonly token: string;
  readonly organisation?: Organisation;
}

/** The stored grants. `save` resolves once the grant is on the disk, encrypted. */
export interface Grants {
  load(source: string): Grant | undefined;
  save(source: string, grant: Grant): Promise<void>;
}

/**
 * The keys of the setups that are open, each where only the receiver's own user can read it. A key is a secret. All reject
 * where the place of the keys cannot be used.
 */
export interface SetupKeys {
  load(source: string): Promise<string | undefined>;
  save(source: string, key: string): Promise<void>;
  remove(source: string): Promise<void>;
}

/** What came of an attempt: every answer of Slack, the collector and the disk becomes one of these. */
export type Outcome<Value, Refusal = never> =
  | { readonly status: "ok"; readonly value: Value }
  /** Worth the same attempt again, after `afterMs` if the other side named a time. */
  | { readonly status: "retry"; readonly why: string; readonly afterMs?: number }
  /** Somebody must act first: keep everything, say so, and probe slowly. */
  | {
      readonly status: "hold";
      readonly why: string;
      readonly remedy: string;
    }
  /** This very request will never be accepted: whoever asked decides what else to ask. */
  | { readonly status: "refused"; readonly refusal: Refusal };

export type { Resource };
