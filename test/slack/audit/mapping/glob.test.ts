import assert from "node:assert/strict";
import { test } from "node:test";
import { actionMatcher, createFilter, globMatcher } from "../../../../src/slack/audit/mapping/glob.ts";
import { fc } from "../../../support/properties.ts";

test("globMatcher() matches * with any characters, and other characters with themselves", () => {
  const rows: readonly (readonly [pattern: string, name: string, fits: boolean])[] = [
    ["user_login", "user_login", true],
    ["user_login", "user_login_failed", false],
    ["user_*", "user_login", true],
    ["user_*", "user_", true],
    ["*_failed", "user_login_failed", true],
    ["*", "", true],
    ["*_login_*", "user_login_failed", true],
    ["file_?", "file_x", false],
    ["pref.*", "pref.sso", true],
    ["pref.*", "prefXsso", false],
    ["a+b(c)[d]{e}^$|\\", "a+b(c)[d]{e}^$|\\", true],
    ["", "", true],
    ["", "x", false],
  ];
  for (const [pattern, name, fits] of rows) assert.equal(globMatcher(pattern)(name), fits, `${pattern} ${name}`);
});

test("actionMatcher() matches the category after category:", () => {
  const rows: readonly (readonly [pattern: string, action: string, fits: boolean])[] = [
    ["category:file", "file_shared", true],
    ["category:file", "user_login", false],
    ["category:legal_*", "legal_hold_policy_created", true],
    ["category:*", "zebra", true],
    ["category:other", "zebra", true],
    ["file", "file_shared", false],
    ["user_login", "user_login", true],
  ];
  for (const [pattern, action, fits] of rows)
    assert.equal(actionMatcher(pattern)(action), fits, `${pattern} ${action}`);
  const passes = createFilter(["category:file", "user_login"], ["file_deleted", "category:app"]);
  assert.deepEqual(["file_shared", "file_deleted", "user_login", "user_logout"].filter(passes), [
    "file_shared",
    "user_login",
  ]);
});

test("createFilter() selects included actions, or all without includes, except the excluded ones", () => {
  const passed = (include: string[], exclude: string[]) =>
    ["user_login", "user_logout", "file_shared", ""].filter(createFilter(include, exclude));
  assert.deepEqual(passed([], []), ["user_login", "user_logout", "file_shared", ""]);
  assert.deepEqual(passed(["user_*"], []), ["user_login", "user_logout"]);
  assert.deepEqual(passed([], ["user_*"]), ["file_shared", ""]);
  assert.deepEqual(passed(["user_*", "file_shared"], ["user_logout"]), ["user_login", "file_shared"]);
});

test("globMatcher() agrees with a regular expression on any short name and pattern", () => {
  const anyText = (letters: string) =>
    fc.array(fc.constantFrom(...letters), { maxLength: 12 }).map((all) => all.join(""));
  fc.assert(
    fc.property(anyText("ab*"), anyText("ab"), (pattern, name) => {
      const expression = new RegExp(`^${pattern.split("*").join(".*")}$`, "s");
      assert.equal(globMatcher(pattern)(name), expression.test(name));
    }),
    { numRuns: 5_000 },
  );
});

test("globMatcher() matches the first 200 characters of a name, so that matching is fast", () => {
  const steps = { length: 0 };
  const cut = (text: string, from: number, to: number) => {
    steps.length = to;
    return text.slice(from, to);
  };
  const name = new Proxy(Object("_".repeat(60_000)), {
    get(text: string, key: string) {
      if (key === "slice") return (from: number, to: number) => cut(text, from, to);
      throw new Error(`Cannot read ${key} of the whole name`);
    },
  });
  assert.equal(globMatcher("*_*_*_*_failed")(name), false);
  assert.equal(steps.length, 200);
  assert.equal(createFilter([], ["*_failed"])(`${"a".repeat(300)}_failed`), true);
});
