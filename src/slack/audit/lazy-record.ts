import type { EncodedRecord, LogRecord, Stretch } from "../../model.ts";

/** What there is of a record before somebody looks inside. */
export interface Unread {
  readonly encoded: EncodedRecord;
  readonly entry: Stretch;
  readonly page: UnreadPage;
}

/** What the records of a page share. */
export interface UnreadPage extends Pick<LogRecord, "resource" | "instrumentationScope"> {
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
  Object.fromEntries(
    READ_WHEN_ASKED_FOR.map((name) => [
      name,
      {
        get(this: Unread) {
          return this.page.read(this.entry)[name];
        },
      },
    ]),
  ),
);

/**
 * An encoded record of which the rest is read from its entry when somebody asks: for a dead letter, or a test. It waits for the
 * collector in a tenth of the memory that its attributes would take, and the garbage collector has as much less to move.
 */
export function createLazyRecord({ encoded, entry, page }: Unread): LogRecord {
  const record = Object.create(members);
  record.encoded = encoded;
  record.resource = page.resource;
  record.instrumentationScope = page.instrumentationScope;
  record.page = page;
  record.entry = entry;
  return record;
}
