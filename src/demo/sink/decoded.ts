/** The value of an attribute or a body. An `intValue` is a bigint and a `doubleValue` is a number. */
export type DecodedValue =
  | null
  | string
  | boolean
  | bigint
  | number
  | Uint8Array
  | readonly DecodedValue[]
  | { readonly [key: string]: DecodedValue };

/** Attributes by key. For a repeated key the last value counts. */
export type Attributes = Readonly<Record<string, DecodedValue>>;

/** A LogRecord of OTLP, decoded from either encoding. */
export interface DecodedRecord {
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: DecodedValue;
  readonly attributes: Attributes;
  /** The keys in the order in which they were sent, repeated keys included. */
  readonly attributeKeys: readonly string[];
  readonly droppedAttributesCount: number;
  readonly flags: number;
  /** Lower-case hex; empty if absent. */
  readonly traceId: string;
  readonly spanId: string;
  readonly eventName: string;
  /** The attribute `log.record.uid`; empty if absent. */
  readonly uid: string;
  readonly resource: Attributes;
  readonly scope: { readonly name: string; readonly version: string };
}

/** One attribute. */
export type KeyValue = readonly [key: string, value: DecodedValue];

/** The members of a record that its attributes determine. */
export function fromKeyValues(pairs: readonly KeyValue[]): Pick<DecodedRecord, "attributes" | "attributeKeys" | "uid"> {
  const attributes = Object.fromEntries(pairs);
  const uid = attributes["log.record.uid"];
  return { attributes, attributeKeys: pairs.map(([key]) => key), uid: typeof uid === "string" ? uid : "" };
}
