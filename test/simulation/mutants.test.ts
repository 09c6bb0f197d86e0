import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { MUTANTS } from "./mutant-list.ts";

const PROJECT = path.resolve(import.meta.dirname, "../..");

for (const { name, file, find } of MUTANTS) {
  test(`the mutant "${name}" finds its text exactly once in ${file}`, () => {
    const found = readFileSync(path.join(PROJECT, file), "utf8").split(find).length - 1;
    assert.equal(
      found,
      1,
      `The text occurs ${found} times. Change \`find\` in test/simulation/mutants-of-*.ts: ${find}`,
    );
  });
}

test("every mutant has a name of its own and changes something", () => {
  const names = MUTANTS.map(({ name }) => name);
  assert.deepEqual(names, [...new Set(names)]);
  assert.deepEqual(
    MUTANTS.filter(({ find, replace }) => find === replace),
    [],
  );
});
