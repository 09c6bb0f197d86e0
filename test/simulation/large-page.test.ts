import assert from "node:assert/strict";
import { test } from "node:test";
import { drawLargePage, LARGE_PAGE } from "./large-page.ts";
import { simulate } from "./simulate.ts";
import { createWorld } from "./world.ts";

test(`a page of ${LARGE_PAGE} entries of one second loses none of them to crashes and lost answers`, async () => {
  let crashes = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const { failure, tally } = await simulate(createWorld(seed, { draw: drawLargePage }));
    assert.deepEqual(failure, undefined, `seed ${seed}`);
    assert.equal(tally.entries, LARGE_PAGE);
    crashes += tally.crashes;
  }
  assert.ok(crashes > 10);
});
