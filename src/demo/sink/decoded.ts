/** An attribute's or a body's value. An `intValue` is a bigint and a `doubleValue` a number, so that a test can tell them apart. */
export type DecodedValue =
  | null
  | string
  | boolean
  | bigint
  | number
  | Uint8Array
  | readonly DecodedValue[]
  | { readonly [key: string]: DecodedValue };

/** Attributes by their keys; of a repeated key, the last. */
export type Attributes = Readonly<Record<string, DecodedValue>>;

/** A LogRecord as it was on the wire, whatever the encoding was. */
export interface DecodedRecord {
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: DecodedValue;
  readonly attributes: Attributes;
  /** The keys in the order of the wire, repeated ones included. */
  readonly attributeKeys: readonly string[];
  readonly droppedAttributesCount: number;
  readonly flags: number;
  /** Lower-case hex, empty where there is none. */
  readonly traceId: string;
  readonly spanId: string;
  readonly eventName: string;
  /** The attribute `log.record.uid`; empty where there is none. */
  readonly uid: string;
  readonly resource: Attributes;
  readonly scope: { readonly name: string; readonly version: string };
}

/** A key and its value, as both encodings hold them. */
export type Pair = readonly [key: string, value: DecodedValue];

/** What a list of pairs says about a record. */
export function describePairs(pairs: readonly Pair[]): Pick<DecodedRecord, "attributes" | "attributeKeys" | "uid"> {
  const attributes = Object.fromEntries(pairs);
  const uid = attributes["log.record.uid"];
  return { attributes, attributeKeys: pairs.map(([key]) => key), uid: typeof uid === "string" ? uid : "" };
}
