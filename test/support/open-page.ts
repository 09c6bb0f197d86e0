import type { RecordEncoding } from "../../src/encoding.ts";
import type { Outcome } from "../../src/model.ts";
import { protobufEncoding } from "../../src/otlp/encoding/protobuf/record-encoding.ts";
import { createBufferPool } from "../../src/runtime/buffer-pool.ts";
import { type EntriesPage, type PageReader, readPage } from "../../src/slack/audit/decode/page.ts";
import { createReader, type OpenPage } from "../../src/slack/audit/decode/reader.ts";
import { createMapping, type MappingOptions } from "../../src/slack/audit/mapping/record.ts";
import { ARRIVED_AT_MS, RESOURCE } from "./map-entry.ts";

const LARGEST_KEPT_BYTES = 1_048_576;

/** The mapping of a reader, and the encoding of its records. */
export interface OpenOptions extends Partial<MappingOptions> {
  readonly encoding?: RecordEncoding;
}

/** Makes a reader as the daemon composes it; by default with protobuf, and Slack's text as body. */
export function openPages({ encoding = protobufEncoding, ...options }: OpenOptions = {}): OpenPage {
  const scope = { name: "test", version: "1" };
  const mapping = createMapping({ body: "json", severity: [], scope, ...options });
  return createReader(mapping, { encoding, pool: createBufferPool(LARGEST_KEPT_BYTES) });
}

/** Opens a page as if it had just arrived. */
export function opened(body: Buffer, openPage: OpenPage = openPages()): PageReader {
  return openPage(body, { resource: RESOURCE, arrivedAtMs: ARRIVED_AT_MS });
}

/** Reads an opened page at once. */
export function readOpened(page: PageReader): Promise<Outcome<EntriesPage>> {
  return readPage(page, async () => {});
}
