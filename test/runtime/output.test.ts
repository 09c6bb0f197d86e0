import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../src/runtime/clock.ts";
import { createOutput } from "../../src/runtime/output.ts";
import { createLog } from "../../src/telemetry/log.ts";

/** A descriptor that accepts as many bytes as the test allows. */
function descriptor() {
  let taken = "";
  let fault: string | undefined;
  return {
    write(bytes: Uint8Array) {
      if (fault) throw Object.assign(new Error(fault), { code: fault });
      const some = Math.ceil(bytes.length / 2);
      taken += Buffer.from(bytes.subarray(0, some)).toString("latin1");
      return some;
    },
    fail: (code: string | undefined) => {
      fault = code;
    },
    taken: () => taken,
  };
}

/** A clock whose waits end after one turn of the event loop, and whose deadlines never come. */
const clock = {
  sleep: () => new Promise<void>((resolve) => setImmediate(resolve)),
  deadline: () => new AbortController().signal,
};

for (const code of ["EAGAIN", "ENOSPC", "EPIPE", "EIO"]) {
  test(`createOutput() writes its buffer in order once ${code} is over`, async () => {
    const { write, fail, taken } = descriptor();
    const output = createOutput({ write, clock });
    output.print("one\n");
    fail(code);
    output.print("two\n");
    output.log("three\n");
    assert.equal(taken(), "one\n");
    assert.equal(output.closed.aborted, code === "EPIPE");
    if (code !== "EAGAIN") assert.equal(await output.flush(), code);
    fail(undefined);
    while (taken() !== "one\ntwo\nthree\n") await clock.sleep();
    assert.equal(await output.flush(), undefined);
  });

  test(`createOutput() and createLog() limit their buffer during ${code}`, async () => {
    const { write, fail, taken } = descriptor();
    const output = createOutput({ write, clock });
    const log = createLog({ level: "info", format: "json", secrets: [], write: output.log });
    fail(code);
    const why = "x".repeat(10_000);
    for (let line = 0; line < 1_000; line++) log({ event: "lock_unavailable", why });
    fail(undefined);
    while (!taken().includes("log_lines_dropped")) await clock.sleep();
    const lines = taken().trim().split("\n");
    const { event, lines: dropped } = JSON.parse(lines.pop() ?? "");
    assert.equal(event, "log_lines_dropped");
    assert.equal(lines.length + dropped, 1_000);
    assert.ok(taken().length < 1_100_000);
  });
}

test("createOutput() and createLog() report how many lines were dropped", async () => {
  const { write, fail, taken } = descriptor();
  const output = createOutput({ write, clock });
  const log = createLog({ level: "info", format: "text", secrets: [], write: output.log });
  for (let round = 0; round < 3; round++) {
    fail("EAGAIN");
    const why = "x".repeat(600_000);
    for (let line = 0; line < 3; line++) log({ event: "lock_unavailable", why });
    fail(undefined);
    while (taken().split("log_lines_dropped lines=2").length < round + 2) await clock.sleep();
  }
});

test("createOutput() waits for a slow reader of printed text, and only briefly for one of a log", async () => {
  const { write, fail, taken } = descriptor();
  const over = new AbortController();
  const output = createOutput({ write, clock: { ...systemClock, deadline: () => over.signal } });
  fail("EAGAIN");
  output.log("a line\n");
  const flushed = output.flush();
  over.abort();
  assert.equal(await flushed, undefined);
  assert.equal(taken(), "");
  output.print("an answer\n");
  const waits = output.flush();
  fail(undefined);
  await waits;
  assert.equal(taken(), "a line\nan answer\n");
});
