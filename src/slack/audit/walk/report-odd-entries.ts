import type { OddEntries, Report } from "../../../events.ts";
import type { DecodedEntry } from "../decode/decoded-entry.ts";

/** Reports entries outside of their window, or entries that share an id. */
export type ReportOddEntries = (kind: OddEntries["kind"], entries: readonly Pick<DecodedEntry, "date">[]) => void;

/** Creates the function for one source. It reports each kind once; the events of windows count all. */
export function createReportOddEntries(source: string, report: Report): ReportOddEntries {
  const reported = new Set<OddEntries["kind"]>();
  return (kind, entries) => {
    if (entries.length === 0 || reported.has(kind)) return;
    reported.add(kind);
    const dates = entries.map(({ date = 0 }) => date);
    const [from = 0, ...others] = dates.toSorted((a, b) => a - b);
    report({ event: "odd_entries", source, kind, entries: entries.length, from, to: others.at(-1) ?? from });
  };
}
