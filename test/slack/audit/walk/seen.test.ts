import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { toEntryKey } from "../../../../src/slack/audit/decode/entry-key.ts";
import { seenFromJson, seenToJson } from "../../../../src/slack/audit/walk/position.ts";
import { countSeen, dedupe, prune, type Seen, secondToPrune } from "../../../../src/slack/audit/walk/seen.ts";
import { fc } from "../../../support/properties.ts";

const NOTHING: Seen = new Map();

interface Known {
  readonly id: string;
  readonly key: string;
  readonly date: number | undefined;
}

function entry(id: string, date?: number): Known {
  return { id, key: keyOf(id), date };
}

/** The key of an id inside of a page, between other bytes. */
function keyOf(id: string): string {
  const bytes = Buffer.from(`"${id}"`);
  return toEntryKey({ bytes, from: 1, to: bytes.length - 1 });
}

function idsOf(entries: readonly Known[]): string[] {
  return entries.map(({ id }) => id);
}

const ODD_IDS = ["a b", " ", "\n", "é", "=x", "#x", "x".repeat(65), "\u0000", "__proto__", "a\u00a0b", "😀"];
const anyId = fc.oneof(fc.uuid(), fc.string({ unit: "binary", minLength: 1 }), fc.constantFrom(...ODD_IDS, "a", "b"));
const anyEntry = fc.tuple(anyId, fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }));

type Step = { readonly add: readonly (readonly [string, number | undefined])[] } | { readonly prune: number } | "save";
const anySteps = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({ add: fc.array(anyEntry, { maxLength: 6 }) }),
    fc.record({ prune: fc.integer({ min: 0, max: 5 }) }),
    fc.constant("save"),
  ),
  { maxLength: 12 },
);

test("dedupe() finds the same new entries as a set of seconds and ids, after pruning, saving and loading", () => {
  fc.assert(
    fc.property(anySteps, (steps) => {
      let seen = NOTHING;
      let model = new Map<string, { second: number | undefined }>();
      for (const step of steps) {
        if (step === "save") seen = seenFromJson(JSON.parse(JSON.stringify(seenToJson(seen))));
        else if ("prune" in step) {
          seen = prune(seen, step.prune);
          model = new Map([...model].filter(([, { second }]) => second === undefined || second > step.prune));
        } else {
          const expected: string[] = [];
          for (const [id, second] of step.add) {
            const key = `${second} ${id}`;
            if (!model.has(key)) expected.push(id);
            model.set(key, { second });
          }
          const {
            fresh,
            known,
            seen: next,
          } = dedupe(
            seen,
            step.add.map(([id, second]) => entry(id, second)),
          );
          assert.deepEqual(idsOf(fresh), expected);
          assert.equal(known, step.add.length - expected.length);
          seen = next;
        }
        assert.equal(countSeen(seen), model.size);
      }
    }),
    { numRuns: 1_000 },
  );
});

test("dedupe() returns one entry when a page has it twice", () => {
  const { fresh, known } = dedupe(NOTHING, [entry("a", 1), entry("b", 1), entry("a", 1), entry("a", 2)]);
  assert.deepEqual(idsOf(fresh), ["a", "b", "a"]);
  assert.equal(known, 1);
});

test("dedupe() does not change its argument", () => {
  const { seen } = dedupe(NOTHING, [entry("a", 1)]);
  dedupe(seen, [entry("b", 1), entry("c", 2)]);
  assert.equal(countSeen(seen), 1);
  assert.equal(countSeen(NOTHING), 0);
});

test("toEntryKey() returns 22 characters for a UUID, and different keys for different ids", () => {
  assert.equal(keyOf("123e4567-e89b-12d3-a456-426614174000").length, 22);
  const uuid = fc.array(fc.constantFrom(..."0123456789abcdef"), { minLength: 32, maxLength: 32 }).map((digits) => {
    const hex = digits.join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  });
  const variant = fc.constantFrom(
    (id: string) => id.toUpperCase(),
    (id: string) => id.replaceAll("-", ""),
    keyOf,
    (id: string) => `=${keyOf(id)}`,
    (id: string) => `${id} `,
  );
  const other = fc.oneof(uuid, anyId);
  fc.assert(
    fc.property(uuid, other, variant, (id, another, change) => {
      for (const second of [another, change(id)]) {
        if (second !== id) assert.notEqual(keyOf(id), keyOf(second), second);
      }
    }),
    { numRuns: 1_000 },
  );
});

/** The stored form of the first version. Positions on disks have such keys. */
function storedForm(id: string): string {
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(id)) {
    return Buffer.from(id.replaceAll("-", ""), "hex").toString("base64url");
  }
  return /^[!-~]{1,64}$/.test(id) ? `=${id}` : `#${createHash("sha256").update(id).digest("base64url")}`;
}

/** Characters that resemble hexadecimal digits in some of their bits, and texts of other lengths. */
const NEARLY_HEX = ["/", ":", "`", "g", "A", "F", "G", "@", "-", " ", "\u0130", "\u0161", "\uff10", "", "00"];
const nearlyUuid = fc
  .tuple(fc.uuid(), fc.nat(35), fc.constantFrom(...NEARLY_HEX, ..."0af"))
  .map(([id, at, instead]) => id.slice(0, at) + instead + id.slice(at + 1));

test("dedupe() stores an id as the first version did, and recognises what that stored", () => {
  fc.assert(
    fc.property(fc.oneof(nearlyUuid, anyId), (id) => {
      assert.deepEqual(seenToJson(dedupe(NOTHING, [entry(id, 1)]).seen), { "1": storedForm(id) });
      const other = storedForm("123e4567-e89b-12d3-a456-426614174000");
      const before = seenFromJson({ "1": `${other} ${storedForm(id)}`, "2": other });
      assert.deepEqual(idsOf(dedupe(before, [entry(id, 1), entry(id, 2)]).fresh), [id]);
    }),
    { numRuns: 1_000 },
  );
});

test("secondToPrune() keeps as many ids as allowed, and always those of the newest second", () => {
  const { seen } = dedupe(NOTHING, [
    ...["a", "b"].map((id) => entry(id, 10)),
    ...["c", "d", "e"].map((id) => entry(id, 20)),
    entry("f", 30),
  ]);
  const left = (most: number) => countSeen(prune(seen, secondToPrune(seen, most)));
  assert.deepEqual([6, 5, 4, 3, 1, 0].map(left), [6, 4, 4, 1, 1, 1]);
});

test("prune() keeps only the newest entries without a date, so that they cannot fill the memory", () => {
  const undated = Array.from({ length: 60_000 }, (_, index) => entry(`u${index}`));
  const seen = prune(dedupe(NOTHING, [...undated, entry("dated", 7)]).seen, 5);
  assert.equal(countSeen(seen), 50_001);
  const { known } = dedupe(seen, [entry("u59999"), entry("u10000"), entry("u9999"), entry("dated", 7)]);
  assert.equal(known, 3);
});

test("seenFromJson() throws where the stored keys are damaged", () => {
  for (const json of [null, "x", 17, ["a"], { a: "b" }, { "1": 2 }, { "-1": "a" }, { "1.5": "a" }]) {
    assert.throws(() => seenFromJson(json), TypeError, JSON.stringify(json));
  }
});
