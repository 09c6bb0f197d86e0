import assert from "node:assert/strict";
import { test } from "node:test";
import { createQueue } from "../../src/runtime/queue.ts";

test("createQueue() runs one task at a time, in order, and goes on after one that fails", async () => {
  const queue = createQueue();
  const steps: string[] = [];
  const run = (name: string, fails = false) =>
    queue(async () => {
      steps.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      steps.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([run("a"), run("b", true), run("c")]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  assert.deepEqual(steps, ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});
