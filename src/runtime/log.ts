import pino from "pino";
import { type Event, type Level, levelOf, type Report } from "./events.ts";
import { printableLines } from "./printable.ts";

/** What is written, and how. */
export interface LogOptions {
  readonly level: Level | "silent";
  readonly format: "json" | "text";
  /** Values that must never be written, whatever message they came in with. */
  readonly secrets: readonly string[];
  /** Takes whole lines, newline included. */
  readonly write: (line: string) => void;
}

/** Writes events as log lines: JSON for machines, `time level event key=value` for people. */
export function createLog({ level, format, secrets, write }: LogOptions): Report {
  const scrub = createScrubber(secrets);
  const destination = { write: (line: string) => write(printableLines(format === "json" ? line : toText(line))) };
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (event) => scrubTexts(event, scrub) },
    },
    destination,
  );
  return (event: Event) => logger[levelOf(event)](event);
}

/**
 * A last net under the rule that no message carries a secret: replaces the configured secrets, as they are and as JSON, URLs
 * and forms escape them, and whatever has the shape of a Slack token, by a mark. Of `Bearer …` the second half is one alone.
 */
export function createScrubber(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .flatMap((secret) => [secret, secret.slice(secret.lastIndexOf(" ") + 1)])
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [secret, ...escapesOf(secret)])
    // A secret may hold another one, of which the rest would stay.
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const form of forms) clean = clean.replaceAll(form, MARK);
    return clean.replace(/xox[a-z]?[a-z.]*-[A-Za-z0-9-]{4,}/g, MARK);
  };
}

const MARK = "[redacted]";

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
