import type { EncodedRecord, LogRecord, Stretch } from "../../model.ts";
import type { Entry } from "./entry.ts";

/** What the window walk needs to know of an entry, and its record. */
export interface EntryRead extends Pick<Entry, "action" | "date"> {
  /** By it the entry is known again. */
  readonly key: string;
  /** Where it stands in its page. */
  readonly entry: Stretch;
  readonly record: LogRecord;
  /** The record holds less than the entry said. */
  readonly isMisunderstood: boolean;
}

/** What there is of an encoded record before somebody looks inside. */
export interface Unread extends Omit<EntryRead, "record">, EncodedRecord {
  readonly page: PageOfUnread;
}

/** What the records of a page share. */
export interface PageOfUnread extends Pick<LogRecord, "resource" | "instrumentationScope"> {
  /** Reads a record's entry. */
  readonly read: (entry: Stretch) => LogRecord;
}

const READ_WHEN_ASKED_FOR = [
  "hrTime",
  "hrTimeObserved",
  "severityNumber",
  "eventName",
  "attributes",
  "body",
  "droppedAttributesCount",
] as const satisfies readonly (keyof LogRecord)[];

const members: object = Object.defineProperties(
  {},
  {
    ...Object.fromEntries(
      READ_WHEN_ASKED_FOR.map((name) => [name, getter((record) => record.page.read(record.entry)[name])]),
    ),
    resource: getter(({ page }) => page.resource),
    instrumentationScope: getter(({ page }) => page.instrumentationScope),
    encoded: getter((record) => record),
    record: getter((record) => record),
  },
);

function getter(get: (record: Unread) => unknown): PropertyDescriptor {
  return {
    get(this: Unread) {
      return get(this);
    },
  };
}

/**
 * An entry and its encoded record, of which the rest is read from the entry when somebody asks: for a dead letter, or a test. It
 * waits for the collector in a tenth of the memory that its attributes would take, and is one object, for of ten thousand
 * each of several costs the garbage collector.
 */
export function createLazyRecord(unread: Unread): EntryRead {
  const record = Object.create(members);
  record.key = unread.key;
  record.action = unread.action;
  record.date = unread.date;
  record.isMisunderstood = unread.isMisunderstood;
  record.bytes = unread.bytes;
  record.from = unread.from;
  record.to = unread.to;
  record.text = unread.text;
  record.size = unread.size;
  record.entry = unread.entry;
  record.page = unread.page;
  return record;
}
