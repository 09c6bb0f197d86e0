import type { Sink } from "../../src/demo/sink/sink.ts";

/** Secrets that must not appear anywhere, by name. */
export type Canaries = Readonly<Record<string, string>>;

/** Compares the entries at Slack with the records at the collector. */
export interface Count {
  expect(ids: readonly string[]): void;
  expected(): number;
  /** Records at the sink. */
  records(): number;
  /** Records of entries that the sink had received before. */
  duplicates(): number;
  /** Attributes later records to a new process. */
  nextProcess(): void;
  /** The most records of one process that later ones repeated. */
  mostRepeated(): number;
  /** Ids of records without an entry. */
  unknown(): string[];
  missing(): string[];
}

/** Counts by entry id. Reads each record of the sink once. */
export function createCount(sink: Pick<Sink, "records">): Count {
  const expected = new Set<string>();
  const missing = new Set<string>();
  const unknown = new Set<string>();
  /** The last process that sent a record, by id. */
  const there = new Map<string, number>();
  const repeated = new Map<number, number>();
  let processNumber = 0;
  let read = 0;

  /** Reads the records that arrived since the last call. */
  function update(): void {
    for (; read < sink.records.length; read++) {
      const uid = sink.records[read]?.uid ?? "";
      const earlier = there.get(uid);
      if (earlier !== undefined) repeated.set(earlier, (repeated.get(earlier) ?? 0) + 1);
      there.set(uid, processNumber);
      missing.delete(uid);
      if (!expected.has(uid)) unknown.add(uid);
    }
  }
  return {
    expect(ids) {
      for (const id of ids) {
        expected.add(id);
        missing.add(id);
      }
    },
    expected: () => expected.size,
    records() {
      update();
      return read;
    },
    duplicates() {
      update();
      return read - there.size;
    },
    nextProcess() {
      update();
      processNumber++;
    },
    mostRepeated() {
      update();
      return Math.max(0, ...repeated.values());
    },
    unknown() {
      update();
      return [...unknown];
    },
    missing() {
      update();
      return [...missing];
    },
  };
}
