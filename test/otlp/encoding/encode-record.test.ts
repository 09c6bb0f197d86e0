import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeRecord } from "../../../src/otlp/encoding/encode-record.ts";
import { encodeAndSend } from "../../../src/otlp/export/send.ts";
import { recordEncodings } from "../../../src/otlp/protocols.ts";
import { makeReadable, uidOf } from "./records.ts";

test("encodeRecord() makes a record that decodes to the original, and whose size is its length", () => {
  for (const encoding of Object.values(recordEncodings)) {
    const original = makeReadable("1");
    const record = encodeRecord(original, encoding);
    assert.equal(record.page.decode(record), original);
    assert.deepEqual([record.to - record.from, record.body], [record.size, undefined]);
  }
});

test("encodeAndSend() sends encoded records, and refuses records that cannot be encoded", async () => {
  for (const encoding of Object.values(recordEncodings)) {
    const sent: string[] = [];
    const send = async (records: Parameters<typeof uidOf>[0][]) => {
      sent.push(...records.map(uidOf));
      return { status: "ok", value: {} } as const;
    };
    const options = { send: send as Parameters<typeof encodeAndSend>[1]["send"], encoding };
    assert.equal((await encodeAndSend([makeReadable("1"), makeReadable("2")], options)).status, "ok");
    const damaged = { ...makeReadable("3"), hrTime: undefined } as never;
    const outcome = await encodeAndSend([damaged], options);
    assert.ok(outcome.status === "refused" && outcome.refusal.kind === "records");
    assert.match(outcome.refusal.why, /^Cannot encode the records: /);
    assert.deepEqual(sent, ["1", "2"]);
  }
});
