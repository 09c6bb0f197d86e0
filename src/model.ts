/** The nouns that more than one folder needs: types only. Every folder may import it; it imports none. */
import type { Resource } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";

/** A range of a buffer, from `from` up to and without `to`. */
export interface ByteRange {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/**
 * One log record as encoded fields. If the body is Slack's own text, it is not among the fields: it stays in Slack's page and
 * is copied into the request.
 */
export interface EncodedRecord extends ByteRange {
  /** Slack's own text, if it is the body. */
  readonly body: ByteRange | undefined;
  /** The bytes that the fields and the body take in a request, exact within a few percent. */
  readonly size: number;
  readonly page: RecordPage;
}

/** The part that all records of a page share. */
export interface RecordPage extends Pick<ReadableLogRecord, "resource" | "instrumentationScope"> {
  /** Decodes a record of this page, for dead letters and tests. It costs as much as mapping the entry again. */
  decode(record: EncodedRecord): ReadableLogRecord;
}

/** Whole seconds since 1970, UTC: Slack's unit of time. All other times are in milliseconds. */
export type Seconds = number;

/** Any value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Records to deliver, and the position to save once they are delivered. */
export interface Page {
  readonly records: readonly EncodedRecord[];
  readonly next: Json;
}

/** A stream of pages that can be resumed from any position it has yielded. */
export interface Source {
  /** Names the source in the configuration and in the stored position. */
  readonly name: string;
  /** Yields for ever and ends when `signal` aborts. A request for the next page means that the last one is delivered and saved. */
  pages(position: Json | undefined, signal: AbortSignal): AsyncGenerator<Page, void, void>;
}

/** Delivers all records of a page. Resolves once each is acknowledged or set aside on disk. Rejects only when `signal` aborts. */
export type Deliver = (records: readonly EncodedRecord[], signal: AbortSignal) => Promise<void>;

/** The stored positions. `save` resolves once the position is on the disk and rejects only when `signal` aborts. */
export interface Checkpoints {
  load(source: string): Json | undefined;
  save(source: string, position: Json, signal: AbortSignal): Promise<void>;
}

/** Remembers which destination has ever acknowledged a record, across restarts. */
export interface Acknowledged {
  /** Returns the fingerprint of that destination. Undefined before the first acknowledgement. */
  loadAcknowledged(): string | undefined;
  /** Resolves once the fingerprint is on the disk. Rejects only when `signal` aborts. Failures are reported for `source`. */
  saveAcknowledged(fingerprint: string, source: string, signal: AbortSignal): Promise<void>;
}

/** The Slack organisation of a grant, with the members that Slack returned. */
export interface Organisation {
  /** `E…`. */
  readonly id: string;
  readonly name?: string;
  readonly domain?: string;
}

/** The permission that an owner of the organisation granted. The token is a secret. */
export interface Grant {
  readonly token: string;
  readonly organisation?: Organisation;
}

/** The stored grants. `save` resolves once the grant is on the disk, encrypted. */
export interface Grants {
  load(source: string): Grant | undefined;
  save(source: string, grant: Grant): Promise<void>;
}

/** The keys of the open setups. Only the receiver's own user can read them: a key is a secret. All reject if the store fails. */
export interface SetupKeys {
  load(source: string): Promise<string | undefined>;
  save(source: string, key: string): Promise<void>;
  remove(source: string): Promise<void>;
}

/** The outcome of an attempt at Slack, the collector or the disk. */
export type Outcome<Value, Refusal = never> =
  | { readonly status: "ok"; readonly value: Value }
  /** Repeat the attempt, after `afterMs` if the other side named a time. */
  | { readonly status: "retry"; readonly why: string; readonly afterMs?: number }
  /** Somebody must act first: keep everything, report it, and probe slowly. */
  | { readonly status: "hold"; readonly why: string; readonly remedy: string }
  /** This request is never accepted as it is: the caller decides what to ask instead. */
  | { readonly status: "refused"; readonly refusal: Refusal };

/** The kind of a name at Slack that the tables of this version do not have. */
export type UnknownNameKind = "action" | "entity_type" | "member";

/** The state of a source in `/status.json`. */
export type StateName = "waiting_for_authorization" | "catching_up" | "live" | "held";

/** Entries since the start of the daemon. */
export interface EntryCounts {
  readonly read: number;
  readonly delivered: number;
  readonly seen: number;
  readonly filtered: number;
  readonly set_aside: number;
  readonly mapping_errors: number;
  readonly retries: number;
}

/** One source in `/status.json`. Times are RFC 3339; an unknown value is null. */
export interface SourceStatus {
  readonly state: StateName;
  readonly ready: boolean;
  /** Why the source is not ready, or null. */
  readonly reason: string | null;
  readonly remedy: string | null;
  /** The end of the last delivered window. */
  readonly position: string | null;
  /** The seconds from the position to now. */
  readonly lag_seconds: number | null;
  /** The time of Slack's last answer. */
  readonly last_poll: string | null;
  readonly counts: EntryCounts;
  /** The first 200 names at Slack that the tables of this version do not have. */
  readonly drift: readonly { readonly kind: UnknownNameKind; readonly name: string }[];
  readonly organisation: { readonly id: string; readonly name: string | null; readonly domain: string | null } | null;
  /** When this run saw the authorization. Null if an earlier run did. */
  readonly authorized_at: string | null;
}

/** The content of `/status.json`. */
export interface StatusSnapshot {
  readonly version: string;
  readonly started_at: string;
  readonly uptime_seconds: number;
  /** All sources are ready. */
  readonly ready: boolean;
  readonly sources: Readonly<Record<string, SourceStatus>>;
}

export type { Resource };
