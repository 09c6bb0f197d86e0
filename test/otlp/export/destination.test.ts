import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { createDestination } from "../../../src/otlp/export/destination.ts";
import { openCheckpoints } from "../../../src/state/checkpoints.ts";
import { makeStateSetting, never } from "../../state/state-setting.ts";

const ADDRESS = { url: "http://localhost:4318/v1/logs", protocol: "http/protobuf", compression: "gzip" };

async function makeStore(t: TestContext) {
  const { directory, io, retryPolicy } = await makeStateSetting(t);
  return () => openCheckpoints(directory, { ...io, retryPolicy });
}

test("hasAcknowledged() is false before the first acknowledgement, and true after a restart", async (t) => {
  const open = await makeStore(t);
  const destination = createDestination(ADDRESS, await open());
  assert.equal(destination.hasAcknowledged(), false);
  await destination.acknowledge("acme", never);
  assert.equal(destination.hasAcknowledged(), true);
  assert.equal(createDestination(ADDRESS, await open()).hasAcknowledged(), true);
});

test("hasAcknowledged() is false after a change of address, protocol or compression", async (t) => {
  const open = await makeStore(t);
  await createDestination(ADDRESS, await open()).acknowledge("acme", never);
  for (const change of [{ url: "http://localhost:4319/v1/logs" }, { protocol: "http/json" }, { compression: "none" }]) {
    assert.equal(createDestination({ ...ADDRESS, ...change }, await open()).hasAcknowledged(), false);
  }
});

test("acknowledge() and the positions share the state without loss", async (t) => {
  const open = await makeStore(t);
  const checkpoints = await open();
  await checkpoints.save("acme", { through: 1 }, never);
  await createDestination(ADDRESS, checkpoints).acknowledge("acme", never);
  await checkpoints.save("acme", { through: 2 }, never);
  const again = await open();
  assert.deepEqual(again.load("acme"), { through: 2 });
  assert.equal(createDestination(ADDRESS, again).hasAcknowledged(), true);
});

test("acknowledge() stores the destination once, as a hash", async () => {
  const saved: string[] = [];
  const store = { loadAcknowledged: () => undefined, saveAcknowledged: async (text: string) => void saved.push(text) };
  const destination = createDestination({ ...ADDRESS, url: "http://localhost/secret" }, store);
  for (let record = 0; record < 5; record++) await destination.acknowledge("acme", never);
  assert.equal(saved.length, 1);
  assert.match(saved[0] ?? "", /^[0-9a-f]{64}$/);
});
