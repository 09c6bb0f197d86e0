import assert from "node:assert/strict";
import { test } from "node:test";
import { createEntryMaker } from "../../../../../src/demo/entries/entry-maker.ts";
import { seededRandom } from "../../../../../src/demo/seeded-random.ts";
import { DEMO_ORGANISATION } from "../../../../../src/demo/slack/people.ts";
import { CHOICES, type Comparison, createComparison, pageOf } from "../../../../support/both-ways.ts";
import { plainEntry, write } from "../../../../support/entry-texts.ts";
import { listFixtures, readFixture } from "../../../../support/fixtures.ts";
import { createHostileEntries } from "../../../../support/hostile-entries.ts";
import { anyMutation, mutate, oddEntry } from "../../../../support/odd-entry-texts.ts";
import { fc } from "../../../../support/properties.ts";
import { readSamples, samplesAreMissing } from "../../../../support/samples.ts";

/** A comparison for each choice. */
const comparisons: ReadonlyMap<string, Comparison> = new Map(
  CHOICES.map((chosen) => [`${Object.values(chosen)}`, createComparison(chosen)]),
);
/** A choice with which entries can be transcoded. */
const anyChoice = fc.constantFrom(...[...comparisons.keys()].filter((choice) => !choice.includes(",map,")));
/** Choices with the description; for OTLP's JSON only one body, because the others behave alike. */
const described = [...comparisons]
  .filter(([choice]) => /^http\/protobuf,.*,true$|^http\/json,\w+,json,true$/.test(choice))
  .map(([, comparison]) => comparison);

/** The comparison for a choice, which a counterexample names. */
function under(choice: string): Comparison {
  const comparison = comparisons.get(choice);
  assert.ok(comparison);
  return comparison;
}

/** Gives each comparison its share of `count` texts. */
function share(count: number, nextText: () => string): [Comparison, string[]][] {
  return [...comparisons.values()].map((comparison) => [
    comparison,
    Array.from({ length: Math.ceil(count / comparisons.size) }, nextText),
  ]);
}

/** Removes white space, as Slack does. */
function compact(text: string): string {
  return JSON.stringify(JSON.parse(text));
}

test("transcoding and mapping give the same record: the fixtures", async () => {
  const texts = listFixtures().map(readFixture);
  for (const comparison of described) assert.ok(await comparison.assertSame(texts.map(compact)));
  assert.ok(await under("http/protobuf,otel,json,false").assertSame(texts));
  assert.ok(await under("http/json,otel,json,false").assertSame(texts));
});

test("transcoding and mapping give the same record: the samples", { skip: samplesAreMissing }, async () => {
  const texts = readSamples();
  for (const comparison of described) assert.ok(await comparison.assertSame([...texts, ...texts.map(compact)]));
});

test("transcoding and mapping give the same record: the entries of the demonstration, most of which are transcoded", async () => {
  const make = createEntryMaker({ random: seededRandom(1), organisation: DEMO_ORGANISATION });
  let at = 1_760_000_000;
  for (const [comparison, texts] of share(900, () => JSON.stringify(make(at++)))) {
    assert.ok(await comparison.assertSame(texts));
    // The others have lists, maps or the time of an action.
    assert.ok(texts.filter(comparison.isTranscoded).length > texts.length / 2);
  }
});

test("transcoding and mapping give the same record: entries with any value in any place", async () => {
  for (const [comparison, texts] of share(900, createHostileEntries(11))) assert.ok(await comparison.assertSame(texts));
});

test("an entry as Slack writes it is transcoded, and its record is the same", async () => {
  await fc.assert(
    fc.asyncProperty(anyChoice, plainEntry, async (choice, entry) => {
      const comparison = under(choice);
      const text = write(entry);
      assert.ok(comparison.isTranscoded(text), text);
      assert.ok(!comparison.isTranscoded(`${text}}`), "text follows the entry");
      assert.ok(await comparison.assertSame([text]));
    }),
    { numRuns: 1_000 },
  );
});

test("an odd entry is not JSON, or its record is the same", async () => {
  const some = fc.array(oddEntry, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(anyChoice, some, async (choice, texts) => {
      if (await under(choice).assertSame(texts)) return;
      for (const text of texts) await under(choice).assertSame([text]);
    }),
    { numRuns: 800 },
  );
});

test("transcoding and mapping give the same record: entries that outgrow the first buffer", async () => {
  for (const unit of ['\\"', "\\\\", "\\/", "é", "x"]) {
    const entry = `{"id":"a","date_create":1760000000,"action":"user_login","context":{"ua":"${unit.repeat(50_000)}"}}`;
    for (const protocol of ["http/protobuf", "http/json"]) {
      const comparison = under(`${protocol},otel,json,true`);
      assert.ok(comparison.isTranscoded(entry));
      assert.ok(await comparison.assertSame([entry, entry]));
    }
  }
});

const octet = fc.oneof(
  fc.nat(300).map(String),
  fc.constantFrom("", "0", "00", "01", "255", "256", "1e1", " 1", "-1", "a"),
);
const nearlyAddress = fc.oneof(
  fc.array(octet, { minLength: 3, maxLength: 5 }).map((octets) => octets.join(".")),
  fc
    .array(fc.constantFrom("", "0", "::", "ffff", "fffff", "1.2.3.4", "%1"), { maxLength: 8 })
    .map((parts) => parts.join(":")),
);

test("transcoding and mapping give the same record: values that are nearly an address", async () => {
  await fc.assert(
    fc.asyncProperty(anyChoice, fc.array(nearlyAddress), async (choice, addresses) => {
      const entries = addresses.map((address) => ({
        id: "a",
        date_create: 1_760_000_000,
        action: "user_login",
        context: { ip_address: address },
      }));
      assert.ok(await under(choice).assertSame(entries.map((entry) => JSON.stringify(entry))));
    }),
    { numRuns: 300 },
  );
});

const NEW = [
  '"action":"new_action"',
  '"action":"user_login","entity":{"type":"new_type"}',
  '"action":"user_login","entity":{"type":"new_kind","new_kind":{"id":"a"}}',
  '"action":"user_login","entity":{"type":"users","user":{"id":"a"}}',
  '"action":"user_login","entity":{"type":"user","user":{"new_member":"a"}}',
  '"action":"user_login","details":{"new_member":null}',
];

test("transcoding and mapping report the same unknown names", async () => {
  for (const told of NEW) {
    const entry = `{"id":"a","date_create":1760000000,${told}}`;
    for (const comparison of described) assert.ok(await comparison.assertSame([entry]));
  }
});

test("an entry with a mutated byte is not JSON, or its record is the same and valid UTF-8", async () => {
  const some = fc.array(anyMutation, { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(anyChoice, plainEntry, some, async (choice, entry, mutations) => {
      const bytes = Buffer.from(write(entry));
      for (const mutation of mutations) await under(choice).assertSamePage(pageAround(mutate(bytes, mutation)));
    }),
    { numRuns: 300 },
  );
});

test("a record of a page of invalid UTF-8 is valid UTF-8", async () => {
  // Cut off, overlong, half of a surrogate pair, beyond U+10FFFF, and without a first byte.
  const broken = ["c3", "e282", "f09f98", "c0af", "eda080", "f5808080", "80", "ff", "c328"].map((hex) =>
    Buffer.from(hex, "hex"),
  );
  for (const [index, bytes] of broken.entries()) {
    const [before = "", behind = ""] =
      `{"id":"a${index}","date_create":1760000000,"action":"user_login","context":{"ua":"é|é"}}`.split("|");
    const page = pageAround(Buffer.concat([Buffer.from(before), bytes, Buffer.from(behind)]));
    for (const comparison of described) assert.ok(await comparison.assertSamePage(page));
  }
});

/** A page with these bytes as its one entry. */
function pageAround(entry: Buffer): Buffer {
  const [before = "", behind = ""] = pageOf(["|"]).toString().split("|");
  return Buffer.concat([Buffer.from(before), entry, Buffer.from(behind)]);
}
