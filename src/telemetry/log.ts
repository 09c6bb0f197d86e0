import pino, { type DestinationStream } from "pino";
import { type Event, type Level, levelOf, type Report } from "../events.ts";
import { escapeControlsInLines } from "../runtime/escape-controls.ts";

/** How the log is written. */
export interface LogOptions {
  readonly level: Level | "silent";
  readonly format: "json" | "text";
  /** Values that are replaced in every text. */
  readonly secrets: Secrets;
  /** Receives whole lines with their newline. Returns false if it drops the line, and calls `again` once it accepts lines again. */
  readonly write: (line: string, again: () => void) => unknown;
}

/** Secret values. A function is called for each text: secrets may be renewed. */
export type Secrets = readonly string[] | (() => readonly string[]);

/** pino sets `lastObj` and `lastTime` before each `write` of a stream that has the symbol `pino.metadata` (pino, docs/api.md). */
interface LogDestination extends DestinationStream {
  readonly [metadata: symbol]: true;
  /** The event, not scrubbed. */
  readonly lastObj?: unknown;
  /** A JSON string. */
  readonly lastTime?: string;
  write(this: LogDestination, line: string): void;
}

/** Creates a log of events. A line is JSON, or `time LEVEL event key=value …` in the format `text`. */
export function createLog({ level, format, secrets, write }: LogOptions): Report {
  const scrub = createScrubber(secrets);
  let dropped = 0;
  const reportDropped = () => {
    const lines = dropped;
    dropped = 0;
    if (lines > 0) report({ event: "log_lines_dropped", lines });
  };
  const destination: LogDestination = {
    [Symbol.for("pino.metadata")]: true,
    write(line) {
      const text = format === "json" ? line : toText(scrubTexts(this.lastObj as Event, scrub), this.lastTime);
      if (write(escapeControlsInLines(text), reportDropped) === false) dropped++;
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
 * Creates a function that replaces secrets in a text: the configured ones, plain and as JSON, URLs and forms escape them, and
 * all texts in the form of a Slack token. The second word of `Bearer …` is a secret of its own. No message carries a secret by
 * itself; this is a second barrier.
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
      // The longest first: a secret may contain another one, and its rest would stay.
      .sort((a, b) => b.length - a.length)
  );
}

function escapesOf(secret: string): string[] {
  const url = encodeURIComponent(secret.toWellFormed());
  return [JSON.stringify(secret).slice(1, -1), url, new URLSearchParams([["", secret]]).toString().slice(1)];
}

/** Scrubs all texts in a value before it becomes a line: the line stays well-formed. */
function scrubTexts<Value>(value: Value, scrub: (text: string) => string): Value {
  const scrubbed = (part: unknown): unknown => {
    if (typeof part === "string") return scrub(part);
    if (Array.isArray(part)) return part.map(scrubbed);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, member]) => [key, scrubbed(member)]));
  };
  return scrubbed(value) as Value;
}

function toText(event: Event, time = '""'): string {
  const { event: name, ...fields } = event;
  const pairs = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${toTextValue(value)}`);
  return `${[JSON.parse(time), levelOf(event).toUpperCase().padEnd(5), name, ...pairs].join(" ")}\n`;
}

function toTextValue(value: unknown): string {
  const text = JSON.stringify(value);
  return /^"[^\s"\\=]+"$/.test(text) ? text.slice(1, -1) : text;
}
