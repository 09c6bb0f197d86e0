import type { AnyValue } from "@opentelemetry/api";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { fc } from "../../support/properties.ts";
import { makeReadable } from "./records.ts";

const text = fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.string({ unit: "grapheme", maxLength: 60 }));
const anyValue = fc.letrec<{ value: AnyValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    text,
    fc.boolean(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double(),
    fc.constantFrom(null, 0, -1, 127, 128, 2 ** 31, 2 ** 53, -(2 ** 63), 2 ** 63, 1e300),
    fc.uint8Array(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(text, tie("value"), { maxKeys: 4 }),
  ) as fc.Arbitrary<AnyValue>,
})).value;

/** Generates records with any values in all fields. */
export const anyRecord: fc.Arbitrary<ReadableLogRecord> = fc
  .record({
    body: fc.option(anyValue, { nil: undefined }),
    attributes: fc.dictionary(text, anyValue as fc.Arbitrary<never>),
    eventName: text,
    severityNumber: fc.nat(24),
    hrTime: fc.tuple(fc.nat(9_999_999_999), fc.nat(999_999_999)),
  })
  .map(({ body, ...more }) =>
    makeReadable("1", { ...more, ...(body !== undefined && { body }) } as Partial<ReadableLogRecord>),
  );
