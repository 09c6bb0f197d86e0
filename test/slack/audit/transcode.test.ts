import assert from "node:assert/strict";
import { test } from "node:test";
import { createEntryMaker } from "../../../src/demo/entries.ts";
import { seededRandom } from "../../../src/demo/seeded-random.ts";
import { DEMO_ORGANISATION } from "../../../src/demo/slack/people.ts";
import { type BothWays, CHOICES, createBothWays, pageOf } from "../../support/both-ways.ts";
import { plainEntry, write } from "../../support/entry-texts.ts";
import { listFixtures, readFixture } from "../../support/fixtures.ts";
import { createHostileEntries } from "../../support/hostile-entries.ts";
import { anyMutation, mutate, oddEntry } from "../../support/odd-entry-texts.ts";
import { fc } from "../../support/properties.ts";
import { readSamples, samplesAreMissing } from "../../support/samples.ts";

/** Both ways under each choice. */
const ways: ReadonlyMap<string, BothWays> = new Map(
  CHOICES.map((chosen) => [`${Object.values(chosen)}`, createBothWays(chosen)]),
);
/** A choice under which there is a short way. */
const anyChoice = fc.constantFrom(...[...ways.keys()].filter((choice) => !choice.includes(",map,")));
/** With the description; of OTLP's JSON, only one body, for it says nothing new of the others. */
const described = [...ways]
  .filter(([choice]) => /^http\/protobuf,.*,true$|^http\/json,\w+,json,true$/.test(choice))
  .map(([, both]) => both);

/** Both ways under a choice that is named in a counterexample. */
function under(choice: string): BothWays {
  const both = ways.get(choice);
  assert.ok(both);
  return both;
}

/** Each of both ways with its share of so many texts. */
function share(count: number, nextText: () => string): [BothWays, string[]][] {
  return [...ways.values()].map((both) => [both, Array.from({ length: Math.ceil(count / ways.size) }, nextText)]);
}

/** As Slack writes it: without white space. */
function compact(text: string): string {
  return JSON.stringify(JSON.parse(text));
}

test("a record is the same either way: the fixtures", async () => {
  const texts = listFixtures().map(readFixture);
  for (const both of described) assert.ok(await both.assertSame(texts.map(compact)));
  assert.ok(await under("http/protobuf,otel,json,false").assertSame(texts));
  assert.ok(await under("http/json,otel,json,false").assertSame(texts));
});

test("a record is the same either way: the samples", { skip: samplesAreMissing }, async () => {
  const texts = readSamples();
  for (const both of described) assert.ok(await both.assertSame([...texts, ...texts.map(compact)]));
});

test("a record is the same either way: the entries of the demonstration, of which most go the short one", async () => {
  const make = createEntryMaker({ random: seededRandom(1), organisation: DEMO_ORGANISATION });
  let at = 1_760_000_000;
  for (const [both, texts] of share(900, () => JSON.stringify(make(at++)))) {
    assert.ok(await both.assertSame(texts));
    // The others have lists, maps or times of an action in them.
    assert.ok(texts.filter(both.takesShort).length > texts.length / 2);
  }
});

test("a record is the same either way: entries with anything in any place", async () => {
  for (const [both, texts] of share(900, createHostileEntries(11))) assert.ok(await both.assertSame(texts));
});

test("an entry as Slack writes it goes the short way, and its record is the same", async () => {
  await fc.assert(
    fc.asyncProperty(anyChoice, plainEntry, async (choice, entry) => {
      const both = under(choice);
      const text = write(entry);
      assert.ok(both.takesShort(text), text);
      assert.ok(!both.takesShort(`${text}}`), "something stands behind the entry");
      assert.ok(await both.assertSame([text]));
    }),
    { numRuns: 1_000 },
  );
});

test("an odd entry is refused either way, or its record is the same", async () => {
  const some = fc.array(oddEntry, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(anyChoice, some, async (choice, texts) => {
      if (await under(choice).assertSame(texts)) return;
      for (const text of texts) await under(choice).assertSame([text]);
    }),
    { numRuns: 800 },
  );
});

test("a record is the same either way when its text takes more than a request has room for at first", async () => {
  for (const unit of ['\\"', "\\\\", "\\/", "é", "x"]) {
    const entry = `{"id":"a","date_create":1760000000,"action":"user_login","context":{"ua":"${unit.repeat(50_000)}"}}`;
    for (const protocol of ["http/protobuf", "http/json"]) {
      const both = under(`${protocol},otel,json,true`);
      assert.ok(both.takesShort(entry));
      assert.ok(await both.assertSame([entry, entry]));
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

test("what is nearly an address is nowhere but where it is when an entry is parsed", async () => {
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

test("what is new of Slack is noticed either way", async () => {
  for (const told of NEW) {
    const entry = `{"id":"a","date_create":1760000000,${told}}`;
    for (const both of described) assert.ok(await both.assertSame([entry]));
  }
});

test("an entry with one other byte is refused either way, or its record is the same and in UTF-8", async () => {
  const some = fc.array(anyMutation, { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(anyChoice, plainEntry, some, async (choice, entry, mutations) => {
      const bytes = Buffer.from(write(entry));
      for (const mutation of mutations) await under(choice).assertSamePage(pageAround(mutate(bytes, mutation)));
    }),
    { numRuns: 300 },
  );
});

test("a record of a page whose bytes are not UTF-8 is well-formed", async () => {
  // Cut off, too long a form, half of a surrogate pair, beyond the last character, and no first byte at all.
  const broken = ["c3", "e282", "f09f98", "c0af", "eda080", "f5808080", "80", "ff", "c328"].map((hex) =>
    Buffer.from(hex, "hex"),
  );
  for (const [index, bytes] of broken.entries()) {
    const [before = "", behind = ""] =
      `{"id":"a${index}","date_create":1760000000,"action":"user_login","context":{"ua":"é|é"}}`.split("|");
    const page = pageAround(Buffer.concat([Buffer.from(before), bytes, Buffer.from(behind)]));
    for (const both of described) assert.ok(await both.assertSamePage(page));
  }
});

/** A page with these bytes as its one entry. */
function pageAround(entry: Buffer): Buffer {
  const [before = "", behind = ""] = pageOf(["|"]).toString().split("|");
  return Buffer.concat([Buffer.from(before), entry, Buffer.from(behind)]);
}
