import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { durableFile } from "../../src/state/durable-file.ts";
import { openGrants } from "../../src/state/grants.ts";
import { createFaultyFiles } from "../runtime/faulty-files.ts";
import { makeStateSetting } from "./state-setting.ts";

interface Stored {
  grants: Record<string, { iv: string; tag: string; ciphertext: string }>;
}

const keys = [{ id: "", key: Buffer.alloc(32, 7) }] as const;
const acme = { token: "xoxp-acme-secret", organisation: { id: "E1", name: "Acme ü", domain: "acme" } };
const other = { token: "xoxp-other-secret" };

async function makeGrants(t: TestContext) {
  const { directory, io } = await makeStateSetting(t);
  const file = path.join(directory, "grants.json");
  const open = (with_: Partial<Parameters<typeof openGrants>[1]> = {}) =>
    openGrants(directory, { ...io, keys, ...with_ });
  /** Changes the stored grants without a key, with a valid checksum. */
  const tamper = async (change: (stored: Stored) => void) => {
    const adapter = durableFile<Stored>(file, { ...io, remedy: "" });
    const stored = (await adapter.read()) as Stored;
    change(stored);
    await adapter.write(stored);
  };
  return { directory, file, open, tamper };
}

test("save() keeps grants for the next start", async (t) => {
  const { open } = await makeGrants(t);
  const grants = await open();
  assert.equal(grants.load("acme"), undefined);
  await grants.save("acme", other);
  await grants.save("other", other);
  await grants.save("acme", acme);
  for (const each of [grants, await open()]) {
    assert.deepEqual(each.load("acme"), acme);
    assert.deepEqual(each.load("other"), other);
  }
});

test("save() keeps all grants that are saved at once", async (t) => {
  const { open } = await makeGrants(t);
  const grants = await open();
  await Promise.all(
    Array.from({ length: 10 }, (_, index) => grants.save(`source-${index}`, { token: `token ${index}` })),
  );
  const again = await open();
  for (let index = 0; index < 10; index++) assert.deepEqual(again.load(`source-${index}`), { token: `token ${index}` });
});

test("save() writes neither the token nor the organisation in plain text", async (t) => {
  const { open, directory } = await makeGrants(t);
  const grants = await open();
  await grants.save("acme", acme);
  await grants.save("acme", acme);
  for (const name of await readdir(directory)) {
    const text = await readFile(path.join(directory, name), "utf8");
    const decoded = [...text.matchAll(/"([A-Za-z0-9+/=]{8,})"/g)].map(([, value = ""]) =>
      Buffer.from(value, "base64").toString(),
    );
    for (const form of [text, ...decoded]) assert.doesNotMatch(form, /xoxp|secret|E1|Acme/);
  }
});

test("save() uses a new IV each time", async (t) => {
  const { open, tamper } = await makeGrants(t);
  const grants = await open();
  const ivs = new Set<string>();
  for (let times = 0; times < 5; times++) {
    await grants.save("acme", acme);
    await tamper((stored) => ivs.add(stored.grants.acme?.iv ?? ""));
  }
  assert.equal(ivs.size, 5);
  for (const iv of ivs) assert.equal(Buffer.from(iv, "base64").length, 12);
});

test("save() rejects when the disk fails, and keeps the earlier grant", async (t) => {
  const { open } = await makeGrants(t);
  await (await open()).save("acme", acme);
  const grants = await open({ files: createFaultyFiles((call) => (call === "rename" ? "EROFS" : undefined)) });
  await assert.rejects(grants.save("acme", other), { code: "EROFS" });
  assert.deepEqual(grants.load("acme"), acme);
  assert.deepEqual((await open()).load("acme"), acme);
});

const refused = {
  name: "StateError",
  message:
    /^Cannot decrypt the grant of source "(acme|other)": .*another key, and state\.encryption_key does not hold it; add/,
};

test("openGrants() rejects another key, and leaves the file unchanged", async (t) => {
  const { open, file } = await makeGrants(t);
  await (await open()).save("acme", acme);
  const before = await readFile(file, "utf8");
  await assert.rejects(open({ keys: [{ id: "", key: Buffer.alloc(32, 8) }] }), refused);
  assert.equal(await readFile(file, "utf8"), before);
});

test("openGrants() rejects one source's grant in place of another's", async (t) => {
  const { open, tamper } = await makeGrants(t);
  const grants = await open();
  await grants.save("acme", acme);
  await grants.save("other", other);
  await tamper((stored) => {
    [stored.grants.acme, stored.grants.other] = [stored.grants.other as never, stored.grants.acme as never];
  });
  await assert.rejects(open(), refused);
});

for (const part of ["iv", "tag", "ciphertext"] as const) {
  test(`openGrants() rejects a changed ${part}`, async (t) => {
    const { open, tamper } = await makeGrants(t);
    await (await open()).save("acme", acme);
    await tamper(({ grants }) => {
      const bytes = Buffer.from(grants.acme?.[part] ?? "", "base64");
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      if (grants.acme) grants.acme[part] = bytes.toString("base64");
    });
    await assert.rejects(open(), refused);
  });
}

test("openGrants() rejects a truncated tag", async (t) => {
  const { open, tamper } = await makeGrants(t);
  await (await open()).save("acme", acme);
  await tamper(({ grants }) => {
    if (grants.acme) grants.acme.tag = Buffer.from(grants.acme.tag, "base64").subarray(0, 4).toString("base64");
  });
  await assert.rejects(open(), refused);
});

test("openGrants() rejects with a remedy when the file cannot be read", async (t) => {
  const { open, file } = await makeGrants(t);
  await writeFile(file, "not JSON");
  await assert.rejects(open(), {
    name: "StateError",
    message: `Cannot read state file "${file}": it is damaged: its checksum does not match; restore it from a backup, or move it and "${file}.previous" away and authorize again`,
  });
});

const named = (id: string, fill: number) => ({ id, key: Buffer.alloc(32, fill) });

test("openGrants() decrypts with any of its keys, and encrypts with the first", async (t) => {
  const { open, file } = await makeGrants(t);
  await (await open({ keys: [named("old", 1)] })).save("acme", acme);
  assert.match(await readFile(file, "utf8"), /"key":"old"/);
  const both = await open({ keys: [named("new", 2), named("old", 1)] });
  assert.deepEqual(both.load("acme"), acme);
  await both.save("other", other);
  await assert.rejects(open({ keys: [named("new", 2)] }), {
    name: "StateError",
    message: /^Cannot decrypt the grant of source "acme": it was encrypted with the key "old"/,
  });
});

test("reseal() leaves nothing that an earlier key can decrypt", async (t) => {
  const { open, file } = await makeGrants(t);
  for (const earlier of [named("", 7), named("old", 1)]) {
    const first = await open({ keys: [earlier, named("new", 2)] });
    await first.save("acme", acme);
    await first.save("other", other);
    await (await open({ keys: [named("new", 2), earlier] })).reseal();
    const renewed = await open({ keys: [named("new", 2)] });
    assert.deepEqual([renewed.load("acme"), renewed.load("other")], [acme, other]);
    await writeFile(file, "damaged");
    const recovered = await open({ keys: [named("new", 2)] });
    assert.deepEqual(recovered.load("acme"), acme, "the generation before is sealed with the new key too");
    await recovered.save("acme", acme);
  }
});

test("reseal() writes nothing when the first key has encrypted everything", async (t) => {
  const { open, file } = await makeGrants(t);
  const grants = await open({ keys: [named("a", 1)] });
  await grants.save("acme", acme);
  const before = await readFile(file, "utf8");
  await (await open({ keys: [named("a", 1), named("b", 2)] })).reseal();
  assert.equal(await readFile(file, "utf8"), before);
});

test("openGrants() finds the right key after keys exchange their ids", async (t) => {
  const { open } = await makeGrants(t);
  await (await open({ keys: [named("a", 1)] })).save("acme", acme);
  const exchanged = await open({ keys: [named("a", 2), named("b", 1)] });
  assert.deepEqual(exchanged.load("acme"), acme);
  await exchanged.reseal();
  assert.deepEqual((await open({ keys: [named("a", 2)] })).load("acme"), acme);
});
