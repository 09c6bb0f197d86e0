import assert from "node:assert/strict";
import { isUtf8 } from "node:buffer";
import { test } from "node:test";
import type { EntriesPage } from "../../../../src/slack/audit/decode/page.ts";
import { jsonSpace, jsonText, listText, objectText } from "../../../support/json-text.ts";
import { opened, openPages, readOpened } from "../../../support/open-page.ts";
import { fc } from "../../../support/properties.ts";

const openPage = openPages();

function read(body: string | Buffer) {
  return readOpened(opened(Buffer.from(body), openPage));
}

function textsIn(page: EntriesPage): string[] {
  return page.entries.map(({ entry: { bytes, from, to } }) => bytes.toString("utf8", from, to));
}

async function textsOf(body: string): Promise<string[]> {
  const page = await read(body);
  assert.ok(page.status === "ok", body);
  return textsIn(page.value);
}

async function cursorOf(metadata: string): Promise<string | undefined> {
  const page = await read(`{"entries":[],"response_metadata":${metadata}}`);
  assert.ok(page.status === "ok", metadata);
  return page.value.nextCursor;
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

test("readPage() finds every entry byte for byte, and the cursor, for any place and content of the list", async () => {
  await fc.assert(
    fc.asyncProperty(anyPage, jsonSpace, async ({ entries, cursor, text }, around) => {
      const page = await read(around + text + around);
      assert.ok(page.status === "ok");
      assert.deepEqual(textsIn(page.value), entries);
      assert.deepEqual(
        page.value.entries.map((entry) => entry.page.decode(entry).body),
        entries,
      );
      assert.equal(page.value.nextCursor, cursor || undefined);
    }),
    { numRuns: 1_000 },
  );
});

test("readPage() returns retry for a page that is cut off at any byte", async () => {
  const long = Buffer.from(
    '{"ok":true,"entries":[{"id":"é😀","d":{"entries":[1]}},{"id":"b"}],"response_metadata":{"next_cursor":"x"}}',
  );
  const check = async (body: Buffer) => {
    for (let length = 0; length < body.length; length++) {
      const cut = body.subarray(0, length);
      assert.equal((await read(cut)).status, "retry", cut.toString());
    }
  };
  await check(long);
  await fc.assert(
    fc.asyncProperty(anyPage, ({ text }) => check(Buffer.from(text))),
    { numRuns: 50 },
  );
});

test("readPage() returns retry for a page that JSON.parse refuses, and finds the same as JSON.parse in any other", async () => {
  const damaged = fc.tuple(
    anyPage,
    fc.nat(),
    fc.constantFrom("", '"', ",", "]", "}", "[", "{", ":", "\\", "1", "x", "é"),
  );
  await fc.assert(
    fc.asyncProperty(damaged, async ([{ text }, where, instead]) => {
      const at = where % text.length;
      // Invalid UTF-8 has a test of its own.
      const body = (text.slice(0, at) + instead + text.slice(at + 1)).toWellFormed();
      const page = await read(body);
      if (!isJson(body)) return assert.equal(page.status, "retry", body);
      if (page.status !== "ok") return;
      assert.deepEqual(
        textsIn(page.value).map((entry) => JSON.parse(entry)),
        JSON.parse(body).entries,
      );
    }),
    { numRuns: 2_000 },
  );
});

test("readPage() reads a page of invalid UTF-8 as the text that it decodes to", async () => {
  const bytes = fc.uint8Array({ min: 0x80, maxLength: 3 }).map((some) => Buffer.from(some));
  await fc.assert(
    fc.asyncProperty(anyPage, fc.nat(), bytes, async ({ text }, where, some) => {
      const whole = Buffer.from(text);
      const at = where % whole.length;
      const body = Buffer.concat([whole.subarray(0, at), some, whole.subarray(at)]);
      const [page, decoded] = await Promise.all([read(body), read(body.toString())]);
      assert.equal(page.status, decoded.status);
      if (page.status !== "ok" || decoded.status !== "ok") return;
      assert.ok(page.value.entries.every(({ entry }) => isUtf8(entry.bytes)));
      assert.deepEqual(textsIn(page.value), textsIn(decoded.value));
      assert.equal(page.value.nextCursor, decoded.value.nextCursor);
    }),
    { numRuns: 1_000 },
  );
});

test("readPage() ignores text that only looks like the list of entries", async () => {
  assert.deepEqual(await textsOf('{"a":{"entries":[1]},"b":["entries",[2]],"entries":[3]}'), ["3"]);
  assert.deepEqual(await textsOf('{"a":"\\"],\\"entries\\":[{","entries":[{"x":"],\\"entries\\":[{"}]}'), [
    '{"x":"],\\"entries\\":[{"}',
  ]);
  assert.deepEqual(await textsOf('{"entries":[{"entries":[{"id":"inner"}]}]}'), ['{"entries":[{"id":"inner"}]}']);
});

test("readPage() reads an empty list as a page without entries", async () => {
  assert.deepEqual(await textsOf('{"entries":[]}'), []);
  assert.deepEqual(await textsOf('{"entries": [ \n ] }'), []);
});

test("readPage() finds no cursor when it is absent, null or empty", async () => {
  for (const metadata of ["null", '""', "{}", "[]", '{"next_cursor":null}', '{"next_cursor":""}', '{"messages":[]}']) {
    assert.equal(await cursorOf(metadata), undefined, metadata);
  }
  assert.equal(await cursorOf('{"next_cursor":"dGltZToxMjM="}'), "dGltZToxMjM=");
});

test("readPage() returns retry when the cursor is not a string", async () => {
  for (const cursor of ["0", "17", "false", "true", "[]", '{"a":1}']) {
    assert.equal((await read(`{"entries":[],"response_metadata":{"next_cursor":${cursor}}}`)).status, "retry", cursor);
  }
});

test("readPage() returns retry when the answer is not a page", async () => {
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
  for (const body of bodies) assert.equal((await read(body)).status, "retry", body);
});

test("readPage() returns retry when a page has two lists of entries", async () => {
  const bodies = [
    '{"entries":[1],"entries":[2]}',
    '{"entries":[1],"entries":[]}',
    '{"entries":[],"entries":[1]}',
    '{"entries":[],"entries":[]}',
    '{"entries":null,"entries":[1]}',
    '{"entries":[1],"entries":null}',
    '{"entries":[1],"\\u0065ntries":[]}',
  ];
  for (const body of bodies) assert.equal((await read(body)).status, "retry", body);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
