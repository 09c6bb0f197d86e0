import type { Mutant } from "./mutant.ts";

const BLAME = "src/otlp/export/blame.ts";
const DELIVER = "src/otlp/export/deliver.ts";
const RESPONSE = "src/otlp/export/read-response.ts";
const BATCH_SENDER = "src/otlp/export/batch-sender.ts";
const SET_ASIDE = "src/otlp/export/set-aside.ts";
const RETRY = "src/runtime/retry.ts";

/** What is taken for delivered, and how long is tried. */
export const EXPORT_MUTANTS: readonly Mutant[] = [
  {
    name: "an export that failed is ignored",
    file: BATCH_SENDER,
    find: 'case "retry":\n        work.pending.push(attempted);\n        return retryLater(',
    replace: 'case "retry":\n        return undefined && retryLater(',
  },
  {
    name: "a batch that is held is dropped",
    file: BATCH_SENDER,
    find: 'case "retry":\n        work.pending.push(attempted);',
    replace: 'case "retry":\n        if (decision.pause.status !== "hold") work.pending.push(attempted);',
  },
  {
    name: "a login page with 200 is an acknowledgement",
    file: RESPONSE,
    find: "return readProtobuf(body) ?? readJson(body);",
    replace: 'return readProtobuf(body) ?? readJson(body) ?? { rejected: 0, message: "" };',
  },
  {
    name: "any JSON object with 200 is an acknowledgement",
    file: RESPONSE,
    find: "if (name === undefined || name in found) return undefined;",
    replace: "if (name === undefined || name in found) continue;",
  },
  {
    name: "a partial success is an acknowledgement",
    file: BATCH_SENDER,
    find: "await setAside(records, decision.why, round.signal);",
    replace: "",
  },
  {
    name: "more rejected than sent is an acknowledgement",
    file: "src/otlp/export/classify-response.ts",
    find: "if (!response || response.rejected > recordCount)",
    replace: "void recordCount;\n  if (!response)",
    test: "test/otlp/export/classify-response.test.ts",
  },
  {
    name: "nonsense is answered with the same batch without end",
    file: BLAME,
    find: "if (evidence.unreadableInARow + 1 < MAX_COPIES)",
    replace: "if (evidence.unreadableInARow + 1 < 1_000)",
  },
  {
    name: "the batch itself is the probe",
    file: DELIVER,
    find: "const probed = work.probeFirst ?",
    replace: "const probed = work.probeFirst && !work ?",
  },
  {
    name: "a refusal of the first records sets them aside",
    file: BLAME,
    find: "if (!page.acknowledged) return false;",
    replace: "",
  },
  {
    name: "nonsense in answer to the first records sets them aside",
    file: BLAME,
    find: 'if (doubt === "unreadable" && acknowledged) {',
    replace: 'void acknowledged;\n  if (doubt === "unreadable") {',
  },
  {
    name: "a restart forgets that the destination has acknowledged",
    file: "src/otlp/export/destination.ts",
    find: "let isSaved = store.loadAcknowledged() === fingerprint;",
    replace: "let isSaved = false;",
    test: "test/otlp/export/destination.test.ts",
  },
  {
    name: "a slow collector is never given longer",
    file: "src/otlp/export/time-limit.ts",
    find: "const GROWTH = 6;",
    replace: "const GROWTH = 1;",
    test: "test/otlp/export/time-limit.test.ts",
  },
  {
    name: "what breaks the connection is never halved",
    file: BLAME,
    find: 'return acceptsOthers ? { next: "split" } : { next: "isolate", why };',
    replace: 'void [recordCount, acceptsOthers];\n  return { next: "retry", pause };',
    test: "test/otlp/export/doubt.test.ts",
  },
  {
    name: "half of a refused batch is dropped",
    file: BATCH_SENDER,
    find: "work.pending.push(...halve(attempted));",
    replace: "work.pending.push(halve(attempted)[1]);",
  },
  {
    name: "what stands beside a single record is dropped",
    file: "src/otlp/export/page-work.ts",
    find: "return others.length > 0 ? [{ ...batch, records: others }] : [];",
    replace: "void others;\n    return [];",
  },
  {
    name: "a refused record is dropped",
    file: BATCH_SENDER,
    find: "work.suspects.push({ batch, why, neverRefused });",
    replace: "void [batch, why, neverRefused];",
  },
  {
    name: "dead letters are written once, whatever comes of it",
    file: SET_ASIDE,
    find: 'await retry(attempt, { ...retryPolicy, target: "dead_letters" }, signal);',
    replace: "await attempt(); void [retry, signal];",
  },
  {
    name: "dead letters are not waited for",
    file: SET_ASIDE,
    find: "=> queue(() => write(records, why, signal));",
    replace: "=> (void queue(() => write(records, why, signal)).catch(() => {}), Promise.resolve());",
  },
  {
    name: "a batch is sent twice",
    file: BATCH_SENDER,
    find: "const outcome = await send(records);",
    replace: "await send(records);\n    const outcome = await send(records);",
  },
  {
    name: "retrying gives up",
    file: RETRY,
    find: "failingSinceMs ??= clock.monotonic();",
    replace:
      'failingSinceMs ??= clock.monotonic();\n    if (retries > 3) return { status: "ok", value: { bytes: Buffer.alloc(0), entries: [] } };',
  },
  {
    name: "Retry-After is ignored",
    file: RETRY,
    find: "Math.max(outcome.afterMs ?? 0, backoffMs",
    replace: "Math.max(0, backoffMs",
  },
  {
    name: "Retry-After is capped",
    file: RETRY,
    find: "Math.max(outcome.afterMs ?? 0, backoffMs",
    replace: "Math.max(Math.min(60_000, outcome.afterMs ?? 0), backoffMs",
  },
  {
    name: "a date in Retry-After is read by the local clock",
    file: "src/runtime/retry-after.ts",
    find: "return Number.isNaN(sendersNow) ?",
    replace: "return sendersNow !== 0 ?",
  },
  {
    name: "Retry-After is waited for however long it is",
    file: "src/runtime/retry-after.ts",
    find: "Math.min(Math.max(ms, 1_000), MAX_WAIT_MS)",
    replace: "Math.max(ms, 1_000)",
    test: "test/slack/api/client.test.ts",
  },
  {
    name: "of two waits the last one counts",
    file: DELIVER,
    find: "if (found) pause = longer(pause, found);",
    replace: "if (found) pause = found; void longer;",
  },
];
