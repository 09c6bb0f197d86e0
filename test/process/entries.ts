import assert from "node:assert/strict";
import { type AuditEntry, createEntryMaker } from "../../src/demo/entries/entry-maker.ts";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import { DEMO_ORGANISATION } from "../../src/demo/slack/people.ts";

/** The current time in whole seconds. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}

/** The value of `start_at` for a second. */
export function startAt(second: number): string {
  return new Date(second * 1_000).toISOString();
}

let seed = 0;

/** Makes `count` entries, spread evenly from `from` on. Without a length all have that second. */
export function makeEntries(count: number, { from, stretch = 0 }: { from: number; stretch?: number }): AuditEntry[] {
  const make = createEntryMaker({ random: seededRandom(++seed), organisation: DEMO_ORGANISATION });
  return Array.from({ length: count }, (_, index) => make(from + Math.floor((index * stretch) / count)));
}

/** Asserts the promise: every entry is delivered; and only once, if no answer was lost and nothing crashed. */
export function assertEachOnce(records: readonly { uid: string }[], entries: readonly { id: string }[]): void {
  assertNoneMissing(records, entries);
  const times = Map.groupBy(records, ({ uid }) => uid);
  const twice = [...times].filter(([, found]) => found.length > 1).map(([uid]) => uid);
  assert.deepEqual(twice, [], "entries that came more than once");
}

export function assertNoneMissing(records: readonly { uid: string }[], entries: readonly { id: string }[]): void {
  const there = new Set(records.map(({ uid }) => uid));
  const wanted = new Set(entries.map(({ id }) => id));
  assert.deepEqual(
    [...wanted].filter((id) => !there.has(id)),
    [],
    "entries that are missing",
  );
  assert.deepEqual(
    [...there].filter((id) => !wanted.has(id)),
    [],
    "records of no entry",
  );
}
