import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const ROOT = path.resolve(import.meta.dirname, "../..");
const text = readFileSync(path.join(ROOT, "docs/reliability.md"), "utf8");

/** The tests that the page cites: the name in italics, then the file. */
const cited = [...text.matchAll(/\*([^*\n]+)\* \(`(test\/[\w./-]+)`\)/g)].map(([, name = "", file = ""]) => ({
  name,
  file,
}));

test("every test that docs/reliability.md cites exists", () => {
  assert.ok(cited.length > 30);
  const wrong = cited.filter(({ name, file }) => !namesIn(file).some((pattern) => pattern.test(name)));
  assert.deepEqual(wrong, []);
});

test("every file and script that docs/reliability.md names exists", () => {
  const files = [...text.matchAll(/\btest\/[\w/-]+\.ts\b/g)].map(([file]) => file);
  assert.deepEqual(
    files.filter((file) => globSync(file, { cwd: ROOT }).length === 0),
    [],
  );
  const { scripts } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
  const named = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script = ""]) => script);
  assert.deepEqual(
    named.filter((script) => !(script in scripts)),
    [],
  );
});

/** The test names of a file, as patterns. A template's placeholders match any text. */
function namesIn(file: string): RegExp[] {
  const source = readFileSync(path.join(ROOT, file), "utf8");
  return [...source.matchAll(/\btest(?:WithOpenssl)?\(\s*(?:"((?:[^"\\\n]|\\.)+)"|`((?:[^`\\]|\\.)+)`)/g)].map(
    ([, plain, template]) => {
      const parts = plain === undefined ? (template ?? "").split(/\$\{[^}]*\}/) : [plain];
      return new RegExp(`^${parts.map((part) => RegExp.escape(part.replaceAll('\\"', '"'))).join(".+")}$`);
    },
  );
}
