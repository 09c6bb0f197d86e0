import assert from "node:assert/strict";
import { inspect } from "node:util";
import type { DecodedRecord, DecodedValue } from "../../src/demo/sink/decoded.ts";
import type { AttributeType } from "../../src/slack/audit/mapping/attribute-type.ts";

/** The types of attributes on the wire, and the check that each attribute has only one. */
export interface WireTypes {
  /** Asserts that every attribute of a record has the type that its name has. */
  check(record: DecodedRecord): void;
  /** How many names were seen. */
  names(): number;
}

/** Checks records against the declared types. JSON is a string. */
export function createWireTypes(typeOf: (name: string) => AttributeType): WireTypes {
  const types = new Map<string, AttributeType>();
  return {
    check({ attributes, attributeKeys }) {
      assert.equal(new Set(attributeKeys).size, attributeKeys.length, "a name occurs twice");
      for (const name of attributeKeys) {
        const type = types.get(name) ?? typeOf(name);
        if (types.size < 100_000) types.set(name, type);
        const value = attributes[name];
        if (value === undefined || !fits(value, type))
          assert.fail(`${name} is no ${type}: ${inspect(value).slice(0, 80)}`);
      }
    },
    names: () => types.size,
  };
}

function fits(value: DecodedValue, type: AttributeType): boolean {
  switch (type) {
    case "string":
    case "json":
      return typeof value === "string" && value !== "";
    case "bool":
      return typeof value === "boolean";
    case "int":
      return typeof value === "bigint";
    case "string[]":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "list":
      return Array.isArray(value);
    case "map":
      return typeof value === "object" && value !== null && !Array.isArray(value);
  }
}
