import assert from "node:assert/strict";
import { test } from "node:test";
import { positionAt, positionFromJson, positionToJson } from "../../../../src/slack/audit/walk/position.ts";

const POSITION = {
  through: 20,
  settled: 10,
  stretch: 300,
  seen: new Map([[15, "=a =b"]]),
  organisation: "E1",
};

test("positionFromJson() gives back what positionToJson() was given, and what a file makes of it", () => {
  for (const position of [POSITION, positionAt(1_760_000_000)]) {
    assert.deepEqual(positionFromJson(JSON.parse(JSON.stringify(positionToJson(position)))), position);
  }
});

test("positionAt() begins with the entries dated in that second", () => {
  assert.deepEqual([positionAt(100).through, positionAt(100).settled], [99, 99]);
});

test("positionFromJson() refuses a position that is damaged", () => {
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
