import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decide,
  type Evidence,
  holdOfAll,
  maySetAside,
  type PageEvidence,
  troubleOfProbe,
} from "../../../src/otlp/export/blame.ts";
import type { Doubt, ExportOutcome } from "../../../src/otlp/export/classify-response.ts";

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

const FIRST: Evidence = { records: 10, doubts: 0, unreadable: 0, acknowledged: true, proven: false };

type Row = readonly [what: string, outcome: ExportOutcome, evidence: Partial<Evidence>, expected: string];

const decisions: readonly Row[] = [
  ["an acknowledgement", OK, {}, "done"],
  ["429", { status: "retry", why: "busy", afterMs: 1_000 }, { doubts: 5 }, "again"],
  ["401", { status: "hold", why: "closed", remedy: "open it" }, { doubts: 5 }, "again"],
  ["400 to several", REFUSED, {}, "split"],
  ["400 to several at first contact", REFUSED, { acknowledged: false }, "split"],
  ["400 to one", REFUSED, { records: 1 }, "suspect"],
  ["400 to one at first contact", REFUSED, { records: 1, acknowledged: false }, "suspect"],
  ["some rejected", rejects(3), {}, "set aside, others accepted"],
  ["some rejected at first contact", rejects(3), { acknowledged: false }, "set aside, others accepted"],
  ["all rejected", rejects(10), {}, "set aside"],
  ["all rejected at first contact", rejects(10), { acknowledged: false }, "alone"],
  ["one of one rejected at first contact", rejects(1), { records: 1, acknowledged: false }, "suspect"],
  ["nonsense", doubtOf("unreadable"), {}, "again"],
  ["nonsense for the second time", doubtOf("unreadable"), { doubts: 1, unreadable: 1 }, "again"],
  ["nonsense for the third time", doubtOf("unreadable"), { doubts: 2, unreadable: 2 }, "set aside"],
  ["nonsense after two broken connections", doubtOf("unreadable"), { doubts: 2 }, "again"],
  ["nonsense at first contact", doubtOf("unreadable"), { acknowledged: false }, "again"],
  [
    "nonsense twice at first contact",
    doubtOf("unreadable"),
    { acknowledged: false, doubts: 1, unreadable: 1 },
    "alone",
  ],
  [
    "nonsense ever again at first contact",
    doubtOf("unreadable"),
    { acknowledged: false, doubts: 9, unreadable: 9 },
    "alone",
  ],
  ["no answer in time", doubtOf("late"), { doubts: 1, records: 1 }, "again"],
  ["no answer in time to several", doubtOf("late"), { doubts: 1 }, "alone"],
  ...(["unanswered", "broken", "failed"] as const).flatMap((doubt): Row[] => [
    [doubt, doubtOf(doubt), {}, "again"],
    [`${doubt} once more`, doubtOf(doubt), { doubts: 1 }, "alone"],
    [`${doubt} once more, and others pass`, doubtOf(doubt), { doubts: 1, proven: true }, "split"],
    [`${doubt} twice for one record`, doubtOf(doubt), { doubts: 1, records: 1 }, "suspect"],
    [`${doubt} twice at first contact`, doubtOf(doubt), { doubts: 1, acknowledged: false }, "alone"],
  ]),
];

for (const [what, outcome, evidence, expected] of decisions) {
  test(`decide() is "${expected}" after ${what}`, () => {
    const decision = decide(outcome, { ...FIRST, ...evidence });
    const others = decision.next === "set aside" && decision.others ? ", others accepted" : "";
    assert.equal(`${decision.next}${others}`, expected);
  });
}

test("decide() never sets anything aside, and calls nothing accepted, at first contact but for what is accepted in part", () => {
  const outcomes = [
    REFUSED,
    rejects(10),
    ...(["unreadable", "late", "unanswered", "broken", "failed"] as const).map(doubtOf),
  ];
  for (const outcome of outcomes) {
    for (const doubts of [0, 1, 2, 3, 100]) {
      for (const records of [1, 10]) {
        for (const proven of [true, false]) {
          const evidence = { records, doubts, unreadable: doubts, proven, acknowledged: false };
          const { next } = decide(outcome === outcomes[1] ? rejects(records) : outcome, evidence);
          assert.ok(next !== "set aside" && next !== "done", `${next}`);
        }
      }
    }
  }
});

const PAGE: PageEvidence = {
  acknowledged: true,
  accepted: false,
  alone: false,
  holds: 0,
  refusedInARow: 1,
  unsure: false,
};

const pages: readonly [what: string, page: Partial<PageEvidence>, expected: boolean][] = [
  ["one refused", {}, true],
  ["one refused at first contact", { acknowledged: false }, false],
  ["one refused at first contact, for long", { acknowledged: false, holds: 1_000 }, false],
  ["three refused in a row", { refusedInARow: 3 }, false],
  ["three refused in a row, for long", { refusedInARow: 3, holds: 100, alone: true }, false],
  ["three refused in a row behind others that were accepted", { refusedInARow: 3, accepted: true }, true],
  ["three refused in a row since others were accepted", { refusedInARow: 3, accepted: true, alone: true }, false],
  ["the same for ten probes", { refusedInARow: 3, accepted: true, alone: true, holds: 10 }, true],
  ["one that only failed", { unsure: true }, false],
  ["one that only failed for ten probes", { unsure: true, holds: 10 }, true],
];

for (const [what, page, expected] of pages) {
  test(`maySetAside() is ${expected} with ${what}`, () => {
    assert.equal(maySetAside({ ...PAGE, ...page }), expected);
  });
}

test("holdOfAll() repeats the collector's words, whatever the reason", () => {
  for (const acknowledged of [true, false]) {
    for (const refusedInARow of [0, 3]) {
      const hold = holdOfAll("The collector answered 400: bad token", { acknowledged, refusedInARow });
      assert.match(hold.why, /The collector answered 400: bad token$/);
      assert.match(hold.remedy, /^[a-z].*[^.]$/);
    }
  }
});

test("troubleOfProbe() finds none where an empty request is acknowledged, or refused for what it lacks", () => {
  assert.equal(troubleOfProbe(OK, false), undefined);
  assert.equal(troubleOfProbe(REFUSED, false), undefined);
  for (const doubt of ["unreadable", "late", "failed"] as const) {
    assert.deepEqual(troubleOfProbe(doubtOf(doubt), false), doubtOf(doubt));
  }
});

test("troubleOfProbe() holds at first contact when connections break, since the port may speak TLS", () => {
  const trouble = troubleOfProbe(doubtOf("broken"), false);
  assert.ok(trouble?.status === "hold");
  assert.match(trouble.remedy, /write https:\/\/ in export\.endpoint/);
  assert.equal(troubleOfProbe(doubtOf("broken"), true)?.status, "retry");
  const hinted = troubleOfProbe({ ...doubtOf("broken"), hint: "write http://" }, false);
  assert.ok(hinted?.status === "hold" && hinted.remedy.endsWith("; write http://"));
});
