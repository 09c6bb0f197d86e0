import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { escapeControls, escapeControlsInLines } from "../../src/runtime/escape-controls.ts";
import { createLog } from "../../src/telemetry/log.ts";

const CONTROLS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
const text = fc.string({
  unit: fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
    fc.constantFrom(..."\u001b\u009b\u202e\u2066\u200f\u061c\u2028\r\n\t\u007f\u0085"),
  ),
});

test("escapeControls() escapes all control characters, and nothing else", () => {
  fc.assert(
    fc.property(text, (value) => {
      assert.doesNotMatch(escapeControls(value), CONTROLS);
      if (!CONTROLS.test(value)) assert.equal(escapeControls(value), value);
      assert.equal(escapeControlsInLines(value).split("\n").length, value.split("\n").length);
      assert.doesNotMatch(escapeControlsInLines(value).replace(/[\n\t]/g, ""), CONTROLS);
    }),
  );
  assert.equal(escapeControls("a\u001b[2J\nb\u202e"), "a\\u001b[2J\\u000ab\\u202e");
});

test("the log has one line per event in both formats, and its JSON keeps the event's text", () => {
  fc.assert(
    fc.property(text, (why) => {
      for (const format of ["json", "text"] as const) {
        const lines: string[] = [];
        const log = createLog({ level: "debug", format, secrets: [], write: (line) => lines.push(line) });
        log({ event: "authorization_refused", source: "acme", why });
        const [line = ""] = lines;
        assert.equal(lines.length, 1);
        assert.doesNotMatch(line.slice(0, -1), CONTROLS);
        if (format === "json" && why.isWellFormed()) assert.equal(JSON.parse(line).why, why);
      }
    }),
  );
});
