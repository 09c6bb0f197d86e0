import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "../../src/events.ts";
import { createLog, createScrubber, type LogOptions } from "../../src/telemetry/log.ts";
import { fc } from "../support/properties.ts";

const warned = (message: string): Event => ({ event: "collector_warned", source: "acme", message });

function log(event: Event, options: Partial<LogOptions> = {}): string {
  let text = "";
  const write = (line: string) => {
    text += line;
  };
  createLog({ level: "info", format: "json", secrets: [], write, ...options })(event);
  return text;
}

test("createLog() writes an event as one line of JSON", () => {
  const line = log(warned("a\nb"));
  assert.match(line, /^[^\n]+\n$/);
  const { time, ...rest } = JSON.parse(line);
  assert.equal(new Date(time).toISOString(), time);
  assert.deepEqual(rest, { level: "warn", event: "collector_warned", source: "acme", message: "a\nb" });
});

test("createLog() writes an event as one line of text", () => {
  const line = log(
    { event: "retrying", source: "acme", target: "collector", why: "a\nb=c", attempt: 2, after_ms: 1_000 },
    { format: "text" },
  );
  assert.match(
    line,
    /^[\d-]+T[\d:.]+Z WARN {2}retrying source=acme target=collector why="a\\nb=c" attempt=2 after_ms=1000\n$/,
  );
});

test("createLog() omits events below its level", () => {
  const debug: Event = { event: "slack_answered", source: "acme", http_status: 200, duration_ms: 1 };
  assert.equal(log(debug), "");
  assert.notEqual(log(debug, { level: "debug" }), "");
  assert.equal(log(warned("x"), { level: "error" }), "");
  assert.equal(log({ event: "failed", why: "x" }, { level: "silent" }), "");
});

for (const format of ["json", "text"] as const) {
  test(`createLog() never writes a secret as ${format}, in any place and with any escapes`, () => {
    const secret = fc
      .string({ unit: "grapheme", minLength: 6, maxLength: 40 })
      .filter((text) => !"[redacted]".includes(text));
    const escapes = fc.constantFrom<(text: string) => string>(
      (text) => text,
      encodeURIComponent,
      (text) => new URLSearchParams({ q: text }).toString(),
      (text) => JSON.stringify({ echo: text }),
    );
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 3 }),
        escapes,
        fc.string(),
        fc.string(),
        (secrets, escaped, before, after) => {
          for (const one of secrets) {
            const line = log(warned(before + escaped(one) + after), { format, secrets });
            const shown = format === "json" ? String(JSON.parse(line).message) : line;
            const forms = [line, shown, decode(shown), unescapeJson(shown), unescapeJson(line)];
            assert.ok(!forms.some((form) => form.includes(one)), `${JSON.stringify(one)} in ${line}`);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
}

test("createScrubber() removes all of a secret that contains another one", () => {
  assert.equal(createScrubber(["abcd", "abcd-efgh"])("<abcd-efgh>"), "<[redacted]>");
  assert.equal(createScrubber(["my-xoxb-1234abcd!tail"])("<my-xoxb-1234abcd!tail>"), "<[redacted]>");
});

test("createScrubber() accepts any text as a secret", () => {
  const secret = "half \ud800 of a pair";
  assert.equal(createScrubber([secret])(`<${secret}>`), "<[redacted]>");
  assert.equal(createScrubber(["$&$1$$"])("<$&$1$$>"), "<[redacted]>");
});

test("createScrubber() removes Slack tokens that are not configured", () => {
  const scrub = createScrubber([]);
  for (const token of ["xoxp-1234-abcd", "xoxb-1234-abcd", "xoxe.xoxp-1-abcdefgh", "xoxe-1-abcdefgh"]) {
    assert.equal(scrub(`a ${token} b`), "a [redacted] b");
  }
  assert.equal(scrub("a box-office b"), "a box-office b");
});

test("createScrubber() ignores secrets of less than four characters", () => {
  assert.equal(createScrubber(["abc", ""])("abc"), "abc");
});

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

function unescapeJson(text: string): string {
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return text;
  }
}
