import { readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { Event } from "../../src/events.ts";
import type { EncodedRecord } from "../../src/model.ts";
import { encodeRecord } from "../../src/otlp/encoding/encode-record.ts";
import { protobufEncoding } from "../../src/otlp/encoding/protobuf/record-encoding.ts";
import { createDeadLetters } from "../../src/otlp/export/dead-letters.ts";
import { systemFiles } from "../../src/runtime/files.ts";
import { retry } from "../../src/runtime/retry.ts";
import { openState } from "../../src/state/state.ts";
import { hastyClock, never } from "../state/state-setting.ts";

// Runs as a process for syscalls.test.ts: opens a state folder and saves three times for each input line. Its temporary files
// have fixed names, so that strace can select the calls on them.

const SAVES = 3;
const [, , directory = "", kind = ""] = process.argv;
const random = { bytes: (count: number) => Buffer.alloc(count), fraction: () => 0 };
let saved = 0;
const clock = { ...hastyClock, now: () => (saved + 1) * 1_000 };
const io = { files: systemFiles, random, clock };
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const contentOf = (name: string) => {
  try {
    return readFileSync(path.join(directory, name), "utf8");
  } catch {
    return null;
  }
};
/** Prints the files just after a failure. Reads them on the main thread: calls fail only on the file thread. */
const report = ({ event }: Event) =>
  say({ event, live: contentOf("checkpoints.json"), previous: contentOf("checkpoints.json.previous") });

const state = await openState({ directory, encryptionKey: "", holder: "saver", report, ...io });
const letters = createDeadLetters(path.join(directory, "dead-letters"), io);
say({ event: "ready" });
for await (const _ of createInterface({ input: process.stdin })) {
  for (let count = 0; count < SAVES; count++) {
    const next = saved + 1;
    if (kind === "grants") await state.grants.save("acme", { token: String(next) });
    else if (kind === "dead-letters") await setAside(next);
    else await state.checkpoints.save("acme", next, never);
    saved = next;
    say({ event: "saved", saved });
  }
  say({ event: "done" });
}

async function setAside(number: number): Promise<void> {
  const retryPolicy = { source: "acme", target: "dead_letters", clock, random, report, probeMs: 1 } as const;
  await retry(() => letters.write("acme", [recordOf(number)], "refused"), retryPolicy, never);
}

function recordOf(number: number): EncodedRecord {
  const record: ReadableLogRecord = {
    hrTime: [number, 0],
    hrTimeObserved: [number, 0],
    attributes: { "log.record.uid": String(number) },
    resource: resourceFromAttributes({}),
    instrumentationScope: { name: "saver" },
    droppedAttributesCount: 0,
  };
  return encodeRecord(record, protobufEncoding);
}
