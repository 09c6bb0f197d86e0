import assert from "node:assert/strict";
import { test } from "node:test";
import { createEntryMaker } from "../../../src/demo/entries.ts";
import { seededRandom } from "../../../src/demo/seeded-random.ts";
import { DEMO_ORGANISATION } from "../../../src/demo/slack/people.ts";
import { type BothWays, CHOICES, createBothWays, pageOf } from "../../support/both-ways.ts";
import { plainEntry, write } from "../../support/entry-texts.ts";
import { createHostileEntries } from "../../support/hostile-entries.ts";
import { anyMutation, mutate, oddEntry } from "../../support/odd-entry-texts.ts";
import { fc } from "../../support/properties.ts";
import { readSamples, samplesAreMissing } from "../../support/samples.ts";
import { listFixtures, readFixture } from "./golden.ts";

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

test("a record is the same either way: the fixtures", () => {
  const texts = listFixtures().map(readFixture);
  for (const both of described) assert.equal(both.assertSame(texts.map(compact)), 0);
  assert.equal(under("http/protobuf,otel,json,false").assertSame(texts), 0);
  assert.equal(under("http/json,otel,json,false").assertSame(texts), 0);
});

test("a record is the same either way: the samples", { skip: samplesAreMissing }, () => {
  const texts = readSamples();
  for (const both of described) assert.equal(both.assertSame([...texts, ...texts.map(compact)]), 0);
});

test("a record is the same either way: the entries of the demonstration, of which most go the short one", () => {
  const make = createEntryMaker({ random: seededRandom(1), organisation: DEMO_ORGANISATION });
  let at = 1_760_000_000;
  for (const [both, texts] of share(900, () => JSON.stringify(make(at++)))) {
    assert.equal(both.assertSame(texts), 0);
    // The others have lists, maps or times of an action in them.
    assert.ok(texts.filter(both.takesShort).length > texts.length / 2);
  }
});

test("a record is the same either way: entries with anything in any place", () => {
  for (const [both, texts] of share(900, createHostileEntries(11))) assert.equal(both.assertSame(texts), 0);
});

test("an entry as Slack writes it goes the short way, and its record is the same", () => {
  fc.assert(
    fc.property(anyChoice, plainEntry, (choice, entry) => {
      const both = under(choice);
      const text = write(entry);
      assert.ok(both.takesShort(text), text);
      assert.ok(!both.takesShort(`${text}}`), "something stands behind the entry");
      assert.equal(both.assertSame([text]), 0);
    }),
    { numRuns: 1_000 },
  );
});

test("an odd entry is refused either way, or its record is the same", () => {
  const some = fc.array(oddEntry, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(anyChoice, some, (choice, texts) => void under(choice).assertSame(texts)),
    { numRuns: 800 },
  );
});

test("a record is the same either way when its text takes more than a request has room for at first", () => {
  for (const unit of ['\\"', "\\\\", "\\/", "é", "x"]) {
    const entry = `{"id":"a","date_create":1760000000,"action":"user_login","context":{"ua":"${unit.repeat(50_000)}"}}`;
    for (const protocol of ["http/protobuf", "http/json"]) {
      const both = under(`${protocol},otel,json,true`);
      assert.ok(both.takesShort(entry));
      assert.equal(both.assertSame([entry, entry]), 0);
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

test("what is nearly an address is nowhere but where it is when an entry is parsed", () => {
  fc.assert(
    fc.property(anyChoice, fc.array(nearlyAddress), (choice, addresses) => {
      const entries = addresses.map((address) => ({
        id: "a",
        date_create: 1_760_000_000,
        action: "user_login",
        context: { ip_address: address },
      }));
      assert.equal(under(choice).assertSame(entries.map((entry) => JSON.stringify(entry))), 0);
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

test("what is new of Slack is noticed either way", () => {
  for (const told of NEW) {
    const entry = `{"id":"a","date_create":1760000000,${told}}`;
    for (const both of described) assert.equal(both.assertSame([entry]), 0);
  }
});

test("an entry with one other byte is refused either way, or its record is the same and in UTF-8", () => {
  const some = fc.array(anyMutation, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(anyChoice, plainEntry, some, (choice, entry, mutations) => {
      const bytes = Buffer.from(write(entry));
      for (const mutation of mutations) under(choice).assertSamePage(pageAround(mutate(bytes, mutation)));
    }),
    { numRuns: 300 },
  );
});

test("a record of a page whose bytes are not UTF-8 is well-formed", () => {
  // Cut off, too long a form, half of a surrogate pair, beyond the last character, and no first byte at all.
  const broken = ["c3", "e282", "f09f98", "c0af", "eda080", "f5808080", "80", "ff", "c328"].map((hex) =>
    Buffer.from(hex, "hex"),
  );
  for (const [index, bytes] of broken.entries()) {
    const [before = "", behind = ""] =
      `{"id":"a${index}","date_create":1760000000,"action":"user_login","context":{"ua":"é|é"}}`.split("|");
    const page = pageAround(Buffer.concat([Buffer.from(before), bytes, Buffer.from(behind)]));
    for (const both of described) assert.equal(both.assertSamePage(page), 0);
  }
});

/** A page with these bytes as its one entry. */
function pageAround(entry: Buffer): Buffer {
  const [before = "", behind = ""] = pageOf(["|"]).toString().split("|");
  return Buffer.concat([Buffer.from(before), entry, Buffer.from(behind)]);
}
