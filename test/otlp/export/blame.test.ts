import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type BatchEvidence,
  decide,
  isolationHold,
  maySetAside,
  type PageEvidence,
  pauseAfterProbe,
} from "../../../src/otlp/export/blame.ts";
import type { Doubt, ExportOutcome } from "../../../src/otlp/export/outcome.ts";

const doubtOf = (doubt: Doubt): ExportOutcome =>
  doubt === "unreadable" || doubt === "failed"
    ? { status: "hold", why: doubt, remedy: "mend it", doubt }
    : { status: "retry", why: doubt, doubt };
const OK: ExportOutcome = { status: "ok", value: {} };
const REFUSED: ExportOutcome = { status: "refused", refusal: { kind: "records", why: "bad" } };
const rejects = (rejected: number): ExportOutcome => ({
  status: "refused",
  refusal: { kind: "partial", rejected, message: "no" },
});

const FIRST: BatchEvidence = {
  recordCount: 10,
  doubts: 0,
  unreadableInARow: 0,
  acknowledged: true,
  acceptsOthers: false,
};

type Row = readonly [what: string, outcome: ExportOutcome, evidence: Partial<BatchEvidence>, expected: string];

const decisions: readonly Row[] = [
  ["an acknowledgement", OK, {}, "done"],
  ["429", { status: "retry", why: "busy", afterMs: 1_000 }, { doubts: 5 }, "retry"],
  ["401", { status: "hold", why: "closed", remedy: "open it" }, { doubts: 5 }, "retry"],
  ["400 to several", REFUSED, {}, "split"],
  ["400 to several at first contact", REFUSED, { acknowledged: false }, "split"],
  ["400 to one", REFUSED, { recordCount: 1 }, "suspect"],
  ["400 to one at first contact", REFUSED, { recordCount: 1, acknowledged: false }, "suspect"],
  ["some rejected", rejects(3), {}, "set aside, others accepted"],
  ["some rejected at first contact", rejects(3), { acknowledged: false }, "set aside, others accepted"],
  ["all rejected", rejects(10), {}, "set aside"],
  ["all rejected at first contact", rejects(10), { acknowledged: false }, "isolate"],
  ["one of one rejected at first contact", rejects(1), { recordCount: 1, acknowledged: false }, "suspect"],
  ["an unreadable response", doubtOf("unreadable"), {}, "retry"],
  ["a second unreadable response", doubtOf("unreadable"), { doubts: 1, unreadableInARow: 1 }, "retry"],
  ["a third unreadable response", doubtOf("unreadable"), { doubts: 2, unreadableInARow: 2 }, "set aside"],
  ["an unreadable response after two broken connections", doubtOf("unreadable"), { doubts: 2 }, "retry"],
  ["an unreadable response at first contact", doubtOf("unreadable"), { acknowledged: false }, "retry"],
  [
    "a second unreadable response at first contact",
    doubtOf("unreadable"),
    { acknowledged: false, doubts: 1, unreadableInARow: 1 },
    "isolate",
  ],
  [
    "a tenth unreadable response at first contact",
    doubtOf("unreadable"),
    { acknowledged: false, doubts: 9, unreadableInARow: 9 },
    "isolate",
  ],
  ["no answer in time", doubtOf("late"), { doubts: 1, recordCount: 1 }, "retry"],
  ["no answer in time to several", doubtOf("late"), { doubts: 1 }, "isolate"],
  ...(["unanswered", "broken", "failed"] as const).flatMap((doubt): Row[] => [
    [doubt, doubtOf(doubt), {}, "retry"],
    [`a second ${doubt}`, doubtOf(doubt), { doubts: 1 }, "isolate"],
    [`a second ${doubt} while others are accepted`, doubtOf(doubt), { doubts: 1, acceptsOthers: true }, "split"],
    [`a second ${doubt} for one record`, doubtOf(doubt), { doubts: 1, recordCount: 1 }, "suspect"],
    [`a second ${doubt} at first contact`, doubtOf(doubt), { doubts: 1, acknowledged: false }, "isolate"],
  ]),
];

for (const [what, outcome, evidence, expected] of decisions) {
  test(`decide() is "${expected}" after ${what}`, () => {
    const decision = decide(outcome, { ...FIRST, ...evidence });
    const others = decision.next === "set aside" && decision.acceptedSome ? ", others accepted" : "";
    assert.equal(`${decision.next}${others}`, expected);
  });
}

test("decide() sets nothing aside at first contact if nothing was accepted", () => {
  const outcomes = [
    REFUSED,
    rejects(10),
    ...(["unreadable", "late", "unanswered", "broken", "failed"] as const).map(doubtOf),
  ];
  for (const outcome of outcomes) {
    for (const doubts of [0, 1, 2, 3, 100]) {
      for (const recordCount of [1, 10]) {
        for (const acceptsOthers of [true, false]) {
          const evidence = { recordCount, doubts, unreadableInARow: doubts, acceptsOthers, acknowledged: false };
          const { next } = decide(outcome === outcomes[1] ? rejects(recordCount) : outcome, evidence);
          assert.ok(next !== "set aside" && next !== "done", `${next}`);
        }
      }
    }
  }
});

const PAGE: PageEvidence = {
  acknowledged: true,
  accepted: false,
  isolated: false,
  holds: 0,
  suspectsInARow: 1,
  someNeverRefused: false,
};

const pages: readonly [what: string, page: Partial<PageEvidence>, expected: boolean][] = [
  ["one refused", {}, true],
  ["one refused at first contact", { acknowledged: false }, false],
  ["one refused at first contact, for long", { acknowledged: false, holds: 1_000 }, false],
  ["three refused in a row", { suspectsInARow: 3 }, false],
  ["three refused in a row, for long", { suspectsInARow: 3, holds: 100, isolated: true }, false],
  ["three refused in a row behind others that were accepted", { suspectsInARow: 3, accepted: true }, true],
  ["three refused in a row since others were accepted", { suspectsInARow: 3, accepted: true, isolated: true }, false],
  ["the same for ten probes", { suspectsInARow: 3, accepted: true, isolated: true, holds: 10 }, true],
  ["one that was never refused", { someNeverRefused: true }, false],
  ["one that was never refused, for ten probes", { someNeverRefused: true, holds: 10 }, true],
];

for (const [what, page, expected] of pages) {
  test(`maySetAside() is ${expected} with ${what}`, () => {
    assert.equal(maySetAside({ ...PAGE, ...page }), expected);
  });
}

test("isolationHold() repeats the collector's message", () => {
  for (const acknowledged of [true, false]) {
    for (const suspectsInARow of [0, 3]) {
      const hold = isolationHold("The collector answered 400: bad token", { acknowledged, suspectsInARow });
      assert.match(hold.why, /The collector answered 400: bad token$/);
      assert.match(hold.remedy, /^[a-z].*[^.]$/);
    }
  }
});

test("pauseAfterProbe() is undefined when an empty request is acknowledged or refused", () => {
  assert.equal(pauseAfterProbe(OK, false), undefined);
  assert.equal(pauseAfterProbe(REFUSED, false), undefined);
  for (const doubt of ["unreadable", "late", "failed"] as const) {
    assert.deepEqual(pauseAfterProbe(doubtOf(doubt), false), doubtOf(doubt));
  }
});

test("pauseAfterProbe() holds at first contact when connections break, and hints at TLS", () => {
  const pause = pauseAfterProbe(doubtOf("broken"), false);
  assert.ok(pause?.status === "hold");
  assert.match(pause.remedy, /write https:\/\/ in export\.endpoint/);
  assert.equal(pauseAfterProbe(doubtOf("broken"), true)?.status, "retry");
  const hinted = pauseAfterProbe({ ...doubtOf("broken"), hint: "write http://" }, false);
  assert.ok(hinted?.status === "hold" && hinted.remedy.endsWith("; write http://"));
});
