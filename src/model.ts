/** The vocabulary of the project: types only. Every folder may import it; it imports none. */
import type { Resource } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";

/** A part of a buffer: `from` is its first byte, `to` the one after its last. */
export interface ByteRange {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/**
 * One log record: its fields as the exporter sends them. A body that is Slack's own text is not among them: it stays in
 * Slack's page, and is copied into the request.
 */
export interface EncodedRecord extends ByteRange {
  /** That body, if the record has one. */
  readonly body: ByteRange | undefined;
  /** Bytes that the fields and the body take in a request; exact within a few percent. */
  readonly size: number;
  readonly page: RecordPage;
}

/** What the records of a page share. */
export interface RecordPage extends Pick<ReadableLogRecord, "resource" | "instrumentationScope"> {
  /** Decodes a record of this page, for dead letters and tests: this costs as much as mapping its entry again. */
  decode(record: EncodedRecord): ReadableLogRecord;
}

/** Whole seconds since 1970, UTC: Slack's unit of time. Everything else here is in milliseconds. */
export type Seconds = number;

/** Any value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Records to deliver, and the position that is true once they are delivered. */
export interface Page {
  readonly records: readonly EncodedRecord[];
  readonly next: Json;
}

/** A stream of pages that can be resumed from any position it has yielded. */
export interface Source {
  /** Names the source in the configuration and in the stored position. */
  readonly name: string;
  /** Yields for ever; ends when `signal` aborts. Asking for the next page says that the last one is delivered and saved. */
  pages(position: Json | undefined, signal: AbortSignal): AsyncGenerator<Page, void, void>;
}

/** Delivers all records of a page: resolves once each is acknowledged or set aside on disk, rejects only when `signal` aborts. */
export type Deliver = (records: readonly EncodedRecord[], signal: AbortSignal) => Promise<void>;

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
