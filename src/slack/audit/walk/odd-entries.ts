import type { OddEntries, Report } from "../../../events.ts";
import type { DecodedEntry } from "../decode/decoded-entry.ts";

/** Tells of entries that are not where they should be. */
export type NoticeOdd = (kind: OddEntries["kind"], entries: readonly Pick<DecodedEntry, "date">[]) => void;

/** Makes the notice of one source: each kind is named once, for the counts tell the rest. */
export function createNoticeOdd(source: string, report: Report): NoticeOdd {
  const named = new Set<OddEntries["kind"]>();
  return (kind, entries) => {
    if (entries.length === 0 || named.has(kind)) return;
    named.add(kind);
    const dates = entries.map(({ date = 0 }) => date);
    const [from = 0, ...others] = dates.toSorted((a, b) => a - b);
    report({ event: "odd_entries", source, kind, entries: entries.length, from, to: others.at(-1) ?? from });
  };
}
