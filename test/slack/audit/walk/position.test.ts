import assert from "node:assert/strict";
import { test } from "node:test";
import { positionAt, positionFromJson, positionToJson } from "../../../../src/slack/audit/walk/position.ts";

const POSITION = {
  through: 20,
  finalThrough: 10,
  windowSeconds: 300,
  seen: new Map([[15, "=a =b"]]),
  organisation: "E1",
};

test("positionFromJson() reverses positionToJson(), through a file too", () => {
  for (const position of [POSITION, positionAt(1_760_000_000)]) {
    assert.deepEqual(positionFromJson(JSON.parse(JSON.stringify(positionToJson(position)))), position);
  }
});

test("positionToJson() keeps the stored names of the first version", () => {
  const stored = { through: 20, settled: 10, stretch: 300, seen: { 15: "=a =b" }, organisation: "E1" };
  assert.deepEqual(positionToJson(POSITION), stored);
  assert.deepEqual(positionFromJson(stored), POSITION);
});

test("positionAt() begins with the entries of the given second", () => {
  assert.deepEqual([positionAt(100).through, positionAt(100).finalThrough], [99, 99]);
});

test("positionFromJson() throws where a position is damaged", () => {
  const json = Object(positionToJson(POSITION));
  const damages = [
    { through: "20" },
    { settled: 21 },
    { stretch: null },
    { through: 1.5 },
    { seen: undefined },
    { seen: "" },
    { seen: { 15: 7 } },
    { seen: { soon: "=a" } },
    { through: 9e15, settled: 9e15 },
    { settled: -5 },
    { stretch: 0 },
    { stretch: 1e12 },
    { organisation: 7 },
  ];
  for (const damage of damages)
    assert.throws(() => positionFromJson({ ...json, ...damage }), TypeError, JSON.stringify(damage));
  for (const other of [undefined, null, 17, "x", []]) assert.throws(() => positionFromJson(other), TypeError);
});
