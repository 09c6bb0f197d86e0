import pino from "pino";
import { type Event, type Level, levelOf, type Report } from "../events.ts";
import { escapeControlsInLines } from "../runtime/escape-controls.ts";

/** What is written, and how. */
export interface LogOptions {
  readonly level: Level | "silent";
  readonly format: "json" | "text";
  /** Values that must never be written, whatever message they came in with. */
  readonly secrets: Secrets;
  /**
   * Takes whole lines, newline included. Returns false for a line that it drops, and calls `again` once when it takes lines
   * again.
   */
  readonly write: (line: string, again: () => void) => unknown;
}

/** Values that no text may carry. A function is asked each time: secrets may be renewed. */
export type Secrets = readonly string[] | (() => readonly string[]);

/** Writes events as log lines: JSON for machines, `time level event key=value` for people. */
export function createLog({ level, format, secrets, write }: LogOptions): Report {
  const scrub = createScrubber(secrets);
  let dropped = 0;
  const sayDropped = () => {
    const lines = dropped;
    dropped = 0;
    if (lines > 0) report({ event: "log_lines_dropped", lines });
  };
  const destination = {
    write(line: string) {
      if (write(escapeControlsInLines(format === "json" ? line : toText(line)), sayDropped) === false) dropped++;
    },
  };
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (event) => scrubTexts(event, scrub) },
    },
    destination,
  );
  const report = (event: Event) => logger[levelOf(event)](event);
  return report;
}

/**
 * A last net under the rule that no message carries a secret: replaces the configured secrets, as they are and as JSON, URLs
 * and forms escape them, and whatever has the shape of a Slack token, by a mark. Of `Bearer …` the second half is one alone.
 */
export function createScrubber(secrets: Secrets): (text: string) => string {
  const current = typeof secrets === "function" ? secrets : () => secrets;
  let known: readonly string[] = [];
  let forms: readonly string[] = [];
  return (text) => {
    if (current() !== known) {
      known = current();
      forms = formsOf(known);
    }
    let clean = text;
    for (const form of forms) clean = clean.replaceAll(form, MARK);
    return clean.replace(/xox[a-z]?[a-z.]*-[A-Za-z0-9-]{4,}/g, MARK);
  };
}

const MARK = "[redacted]";

function formsOf(secrets: readonly string[]): readonly string[] {
  return (
    secrets
      .flatMap((secret) => [secret, secret.slice(secret.lastIndexOf(" ") + 1)])
      .filter((secret) => secret.length >= 4)
      .flatMap((secret) => [secret, ...escapesOf(secret)])
      // A secret may hold another one, of which the rest would stay.
      .sort((a, b) => b.length - a.length)
  );
}

function escapesOf(secret: string): string[] {
  const url = encodeURIComponent(secret.toWellFormed());
  return [JSON.stringify(secret).slice(1, -1), url, new URLSearchParams([["", secret]]).toString().slice(1)];
}

/** The same value with every text in it scrubbed: the line made of it stays well-formed. */
function scrubTexts<Value>(value: Value, scrub: (text: string) => string): Value {
  const scrubbed = (of: unknown): unknown => {
    if (typeof of === "string") return scrub(of);
    if (Array.isArray(of)) return of.map(scrubbed);
    if (typeof of !== "object" || of === null) return of;
    return Object.fromEntries(Object.entries(of).map(([key, part]) => [key, scrubbed(part)]));
  };
  return scrubbed(value) as Value;
}

function toText(line: string): string {
  const { time, level, event, ...fields }: Record<string, unknown> = JSON.parse(line);
  const pairs = Object.entries(fields).map(([key, value]) => `${key}=${toTextValue(value)}`);
  return `${[time, String(level).toUpperCase().padEnd(5), event, ...pairs].join(" ")}\n`;
}

function toTextValue(value: unknown): string {
  const text = JSON.stringify(value) ?? "";
  return /^"[^\s"\\=]+"$/.test(text) ? text.slice(1, -1) : text;
}
