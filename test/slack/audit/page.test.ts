import assert from "node:assert/strict";
import { isUtf8 } from "node:buffer";
import { test } from "node:test";
import { type EntriesPage, parseIfJson, parsePage, textOf } from "../../../src/slack/audit/page.ts";
import { jsonSpace, jsonText, listText, objectText } from "../../support/json-text.ts";
import { fc } from "../../support/properties.ts";

function read(text: string) {
  return parsePage(Buffer.from(text));
}

function textsIn(page: EntriesPage): string[] {
  return page.entries.map(textOf);
}

function allParsed(page: EntriesPage): boolean {
  return page.entries.every(parseIfJson);
}

/** What is wrong inside of an entry shows when the entry is read. */
function isNoPage(body: string): boolean {
  const page = read(body);
  return page.status === "retry" || (page.status === "ok" && !allParsed(page.value));
}

function textsOf(body: string): string[] {
  const page = read(body);
  assert.equal(page.status, "ok", body);
  return page.status === "ok" ? textsIn(page.value) : [];
}

function cursorOf(metadata: string): string | undefined {
  const page = read(`{"entries":[],"response_metadata":${metadata}}`);
  assert.equal(page.status, "ok", metadata);
  return page.status === "ok" ? page.value.nextCursor : undefined;
}

const otherMember = fc
  .tuple(
    fc.string({ unit: "binary" }).filter((name) => name !== "entries" && name !== "ok"),
    jsonText,
  )
  .map(([name, text]) => [name === "response_metadata" ? '"other"' : JSON.stringify(name), text] as const);

const anyPage = fc
  .record({
    entries: fc.array(jsonText, { maxLength: 5 }),
    before: fc.array(otherMember, { maxLength: 2 }),
    after: fc.array(otherMember, { maxLength: 2 }),
    cursor: fc.constantFrom("", "dXNlcg=="),
    gap: jsonSpace,
  })
  .map(({ entries, before, after, cursor, gap }) => {
    const list = ['"entries"', listText(entries, gap)] as const;
    const metadata = ['"response_metadata"', objectText([['"next_cursor"', JSON.stringify(cursor)]], gap)] as const;
    return { entries, cursor, text: objectText([...before, list, ...after, metadata], gap) };
  });

test("parsePage() cuts every entry byte for byte, and takes the cursor, wherever the list stands and whatever it holds", () => {
  fc.assert(
    fc.property(anyPage, jsonSpace, ({ entries, cursor, text }, around) => {
      const page = read(around + text + around);
      assert.equal(page.status, "ok");
      if (page.status !== "ok") return;
      assert.deepEqual(textsIn(page.value), entries);
      assert.deepEqual(
        page.value.entries.map((entry) => parseIfJson(entry)?.text),
        entries,
      );
      assert.equal(page.value.nextCursor, cursor || undefined);
    }),
    { numRuns: 1_000 },
  );
});

test("parsePage() takes no page for one that is cut off, at whatever byte", () => {
  const long = Buffer.from(
    '{"ok":true,"entries":[{"id":"é😀","d":{"entries":[1]}},{"id":"b"}],"response_metadata":{"next_cursor":"x"}}',
  );
  const check = (body: Buffer) => {
    for (let length = 0; length < body.length; length++) {
      assert.equal(parsePage(body.subarray(0, length)).status, "retry", body.toString("utf8", 0, length));
    }
  };
  check(long);
  fc.assert(
    fc.property(anyPage, ({ text }) => check(Buffer.from(text))),
    { numRuns: 50 },
  );
});

test("parsePage() takes nothing for a page that JSON.parse refuses, and of any other what JSON.parse finds in it", () => {
  const damaged = fc.tuple(
    anyPage,
    fc.nat(),
    fc.constantFrom("", '"', ",", "]", "}", "[", "{", ":", "\\", "1", "x", "é"),
  );
  fc.assert(
    fc.property(damaged, ([{ text }, where, instead]) => {
      const at = where % text.length;
      // Half of a character does not come over a network.
      const body = (text.slice(0, at) + instead + text.slice(at + 1)).toWellFormed();
      if (!isJson(body)) return assert.ok(isNoPage(body), body);
      const page = read(body);
      if (page.status !== "ok") return;
      assert.deepEqual(
        textsIn(page.value).map((entry) => JSON.parse(entry)),
        JSON.parse(body).entries,
      );
    }),
    { numRuns: 2_000 },
  );
});

test("parsePage() reads a page whose bytes are not UTF-8 as the text that they decode to", () => {
  const bytes = fc.uint8Array({ min: 0x80, maxLength: 3 }).map((some) => Buffer.from(some));
  fc.assert(
    fc.property(anyPage, fc.nat(), bytes, ({ text }, where, some) => {
      const whole = Buffer.from(text);
      const at = where % whole.length;
      const body = Buffer.concat([whole.subarray(0, at), some, whole.subarray(at)]);
      const [page, decoded] = [parsePage(body), read(body.toString())];
      assert.equal(page.status, decoded.status);
      if (page.status !== "ok" || decoded.status !== "ok") return;
      assert.ok(isUtf8(page.value.bytes));
      assert.deepEqual(textsIn(page.value), textsIn(decoded.value));
      assert.equal(page.value.nextCursor, decoded.value.nextCursor);
      // Whoever lent the bytes gets them back by these.
      if (isUtf8(body)) assert.equal(page.value.bytes, body);
    }),
    { numRuns: 1_000 },
  );
});

test("parsePage() is not misled by what only looks like the list of entries", () => {
  assert.deepEqual(textsOf('{"a":{"entries":[1]},"b":["entries",[2]],"entries":[3]}'), ["3"]);
  assert.deepEqual(textsOf('{"a":"\\"],\\"entries\\":[{","entries":[{"x":"],\\"entries\\":[{"}]}'), [
    '{"x":"],\\"entries\\":[{"}',
  ]);
  assert.deepEqual(textsOf('{"entries":[{"entries":[{"id":"inner"}]}]}'), ['{"entries":[{"id":"inner"}]}']);
});

test("parsePage() takes an empty list for a page without news", () => {
  assert.deepEqual(textsOf('{"entries":[]}'), []);
  assert.deepEqual(textsOf('{"entries": [ \n ] }'), []);
});

test("parsePage() finds no cursor when it is absent, null or empty", () => {
  for (const metadata of ["null", '""', "{}", "[]", '{"next_cursor":null}', '{"next_cursor":""}', '{"messages":[]}']) {
    assert.equal(cursorOf(metadata), undefined, metadata);
  }
  assert.equal(cursorOf('{"next_cursor":"dGltZToxMjM="}'), "dGltZToxMjM=");
});

test("parsePage() does not take a cursor that is no text for the end", () => {
  for (const cursor of ["0", "17", "false", "true", "[]", '{"a":1}']) {
    assert.equal(read(`{"entries":[],"response_metadata":{"next_cursor":${cursor}}}`).status, "retry", cursor);
  }
});

test("parsePage() asks again when the answer is no page", () => {
  const bodies = [
    "",
    "null",
    "[]",
    "true",
    '"entries"',
    "<!doctype html><title>Sign in</title>",
    '{"ok":true}',
    '{"ok":false,"error":"x"}',
    '{"ok":false,"entries":[]}',
    '{"entries":[],"ok":false}',
    '{"entries":null}',
    '{"entries":{}}',
    '{"entries":"[]"}',
    '{"\\u0065ntries":[1]}',
    '{"entries":[]}{"entries":[]}',
    '{"entries":[1,]}',
    '{"entries":[,]}',
    '{"entries":[1 2]}',
    '{"entries":[{]}]}',
  ];
  for (const body of bodies) assert.ok(isNoPage(body), body);
});

test("parsePage() asks again when there are two lists of entries: either could be the true one", () => {
  const bodies = [
    '{"entries":[1],"entries":[2]}',
    '{"entries":[1],"entries":[]}',
    '{"entries":[],"entries":[1]}',
    '{"entries":[],"entries":[]}',
    '{"entries":null,"entries":[1]}',
    '{"entries":[1],"entries":null}',
    '{"entries":[1],"\\u0065ntries":[]}',
  ];
  for (const body of bodies) assert.equal(read(body).status, "retry", body);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
