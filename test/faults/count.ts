import type { Sink } from "../../src/demo/sink/sink.ts";

/** Secrets that must not turn up anywhere. */
export type Canaries = Readonly<Record<string, string>>;

/** What was put in at Slack against what came out at the collector. */
export interface Count {
  expect(ids: readonly string[]): void;
  expected(): number;
  /** Records at the sink. */
  records(): number;
  /** Records whose entry had been there before. */
  duplicates(): number;
  /** Says that what comes from here on is sent by another process. */
  nextLife(): void;
  /** The most records of one life that a later life has repeated. */
  mostRepeated(): number;
  /** Ids of records that are of no entry. */
  unknown(): string[];
  missing(): string[];
}

/** Counts by the ids of entries; each record at the sink is looked at once. */
export function createCount(sink: Pick<Sink, "records">): Count {
  const expected = new Set<string>();
  const missing = new Set<string>();
  const unknown = new Set<string>();
  /** By id: in which life it came last. */
  const there = new Map<string, number>();
  const repeated = new Map<number, number>();
  let life = 0;
  let read = 0;

  /** Takes in what has come since. */
  function update(): void {
    for (; read < sink.records.length; read++) {
      const uid = sink.records[read]?.uid ?? "";
      const earlier = there.get(uid);
      if (earlier !== undefined) repeated.set(earlier, (repeated.get(earlier) ?? 0) + 1);
      there.set(uid, life);
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
    nextLife() {
      update();
      life++;
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
