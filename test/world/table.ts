import type { Result } from "./run-row.ts";

/** Formats the results as a table, one line per row. */
export function toTable(results: readonly Result[]): string {
  const head = ["row", "delivered", "copies", "set aside", "missing", "state", "exit", "verdict", "reason"];
  const lines = [head, ...results.map(toCells)];
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? "").length)));
  const last = head.length - 1;
  return lines
    .map((cells) => cells.map((cell, column) => (column === last ? cell : cell.padEnd(widths[column] ?? 0))).join("  "))
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

/** Summarises the results in one line. */
export function toSummary(results: readonly Result[]): string {
  const skipped = results.filter((result) => result.skipped !== false).length;
  const broken = results.filter(({ wrong }) => wrong.length > 0).length;
  return `${results.length} rows: ${results.length - skipped - broken} hold, ${broken} are broken, ${skipped} are skipped\n`;
}

const LONGEST_REASON = 140;

function toCells({ area, row, seen, wrong, skipped }: Result): string[] {
  const name = `${area}: ${row}`;
  if (skipped !== false) return [name, "", "", "", "", "", "", "skipped", skipped];
  if (!seen) return [name, "", "", "", "", "", "", "BROKEN", shorten(wrong.join(" "))];
  const verdict = wrong.length === 0 ? "holds" : "BROKEN";
  const reason = seen.reasons.at(-1) ?? (seen.exit === undefined ? "" : lastLine(seen.printed));
  return [
    name,
    `${seen.delivered}/${seen.entries}`,
    String(seen.copies),
    String(seen.setAside),
    String(seen.missing),
    seen.state ?? "-",
    seen.exit === undefined ? "-" : String(seen.exit),
    verdict,
    [...wrong.map((what) => `[${what}]`), shorten(reason)].join(" "),
  ];
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

function shorten(text: string): string {
  const line = text.replaceAll(/\p{Cc}/gu, "␤");
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)}…` : line;
}
