import type { Mutant } from "./mutant.ts";

const DELIVER = "src/otlp/deliver.ts";
const RETRY = "src/runtime/retry.ts";

/** What is taken for delivered, and how long is tried. */
export const EXPORT_MUTANTS: readonly Mutant[] = [
  {
    name: "an export that failed is ignored",
    file: DELIVER,
    find: 'case "retry":\n        work.pending.push(batch);\n        return outcome;',
    replace: 'case "retry":\n        return undefined;',
  },
  {
    name: "a batch that is held is dropped",
    file: DELIVER,
    find: "outcome.why);\n        work.pending.push(batch);\n        return outcome;",
    replace: "outcome.why);\n        return outcome;",
  },
  {
    name: "a login page with 200 is an acknowledgement",
    file: "src/otlp/answer.ts",
    find: "  return undefined;\n}\n\nfunction asResponse",
    replace: "  return {};\n}\n\nfunction asResponse",
  },
  {
    name: "a partial success is an acknowledgement",
    file: DELIVER,
    find: "await setAside(batch, partialReason(outcome.refusal, batch.length), signal);",
    replace: "void partialReason;",
  },
  {
    name: "half of a refused batch is dropped",
    file: DELIVER,
    find: "work.pending.push(batch.slice(middle), batch.slice(0, middle));",
    replace: "work.pending.push(batch.slice(middle));",
  },
  {
    name: "a refused record is dropped",
    file: DELIVER,
    find: "work.suspects.push({ record, why });",
    replace: "void [record, why];",
  },
  {
    name: "dead letters are written once, whatever comes of it",
    file: DELIVER,
    find: "await patiently(() => deadLetters.write(source, records, why), patience, signal);",
    replace: "await deadLetters.write(source, records, why); void [patience, signal];",
  },
  {
    name: "dead letters are not waited for",
    file: DELIVER,
    find: "    return settingAside;",
    replace: "    settingAside.catch(() => {});\n    return Promise.resolve();",
  },
  {
    name: "a batch is sent twice",
    file: DELIVER,
    find: "const outcome = await send(batch);",
    replace: "await send(batch);\n    const outcome = await send(batch);",
  },
  {
    name: "retrying gives up",
    file: RETRY,
    find: "troubleSinceMs ??= clock.monotonic();",
    replace:
      'troubleSinceMs ??= clock.monotonic();\n    if (retries > 3) return { status: "ok", value: { bytes: Buffer.alloc(0), entries: [] } };',
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
    file: "src/runtime/http.ts",
    find: "return Number.isNaN(sendersNow) ?",
    replace: "return sendersNow !== 0 ?",
  },
  {
    name: "Retry-After is waited for however long it is",
    file: "src/runtime/http.ts",
    find: "Math.min(Math.max(ms, 1_000), LONGEST_WAIT_MS)",
    replace: "Math.max(ms, 1_000)",
  },
  {
    name: "of two waits the last one counts",
    file: DELIVER,
    find: "if (found) trouble = longer(trouble, found);",
    replace: "if (found) trouble = found; void longer;",
  },
];
