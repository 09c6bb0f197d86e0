import assert from "node:assert/strict";
import { systemClock } from "../../src/runtime/clock.ts";
import { createHttp } from "../../src/runtime/http.ts";
import { mapEntry } from "../support/map-entry.ts";
import { startCollector, TO_FILE, testWithCollector } from "./collector.ts";
import { EXTREME_NUMBERS } from "./extreme-entries.ts";
import { createSending } from "./sending.ts";

/** Entries with the number in every place, and in a list that is too deep for its digits to be kept. */
const texts = EXTREME_NUMBERS.flatMap((number) => [
  `{"id":"e","action":"user_login","date_create":1760000000,"details":{"n":${number},"list":[${number}],"map":{"n":${number}}}}`,
  `{"id":${number},"action":${number},"date_create":${number},"actor":${number},"entity":${number},"context":${number},"details":${number}}`,
  `{"actor":{"type":${number},"user":{"id":${number},"name":${number},"team":${number}}},"entity":{"type":"file","file":{"id":${number},"size":${number}}},"context":{"session_id":${number},"ip_address":${number},"app":{"n":${number}}},"details":{"reason":${number},"new_value":[${number}]}}`,
  `{"details":{"n":${number},"list":[${number},${"[".repeat(3_500)}${number}${"]".repeat(3_500)}]}}`,
]);

testWithCollector("a Collector accepts every number in an entry, in every encoding and body", async () => {
  await using collector = await startCollector({ overlay: TO_FILE });
  for (const protocol of ["http/protobuf", "http/json"] as const) {
    await using sending = createSending(collector.url, { protocol, compression: "none" });
    for (const body of ["json", "map"] as const) {
      const outcome = await sending.send(texts.map((text) => mapEntry(text, { body })));
      assert.deepEqual(outcome, { status: "ok", value: {} }, `${protocol}, body: ${body}`);
    }
  }
});

testWithCollector("a Collector refuses a request with such a number as intValue or doubleValue", async () => {
  await using collector = await startCollector({ overlay: TO_FILE });
  const http = createHttp({ clock: systemClock, timeoutMs: 60_000, maxAnswerBytes: 1_000_000 }, {});
  const send = async (value: string) => {
    const body = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":[{"key":"n","value":${value}}]}]}]}]}`;
    const request = { method: "POST", headers: { "content-type": "application/json" }, body } as const;
    return (await http.send(`${collector.url}/v1/logs`, request, new AbortController().signal)).status;
  };
  try {
    assert.equal(await send('{"intValue":"9223372036854775807"}'), 200);
    assert.equal(await send('{"intValue":9223372036854776000}'), 400);
    assert.equal(await send('{"doubleValue":null}'), 400);
  } finally {
    await http.close();
  }
});
