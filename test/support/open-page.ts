import type { Outcome } from "../../src/model.ts";
import { protobufRecords } from "../../src/otlp/protobuf/record-encoding.ts";
import { createBufferPool } from "../../src/runtime/buffer-pool.ts";
import { type EntriesPage, readPage } from "../../src/slack/audit/page.ts";
import { createReader, type OpenedPage, type OpenPage } from "../../src/slack/audit/reader.ts";
import { createMapping, type MappingOptions } from "../../src/slack/audit/record.ts";
import { ARRIVED_AT_MS, RESOURCE } from "./map-entry.ts";

const LARGEST_KEPT_BYTES = 1_048_576;

/** Creates a reader as the daemon composes it. */
export function openPages(options: Partial<MappingOptions> = {}): OpenPage {
  const scope = { name: "test", version: "1" };
  const mapping = createMapping({ body: "json", severity: [], scope, encoding: protobufRecords, ...options });
  return createReader(mapping, createBufferPool(LARGEST_KEPT_BYTES));
}

/** Opens a page that arrives at `ARRIVED_AT_MS`. */
export function opened(body: Buffer, openPage: OpenPage = openPages()): OpenedPage {
  return openPage(body, { resource: RESOURCE, arrivedAtMs: ARRIVED_AT_MS });
}

/** Reads an opened page without pauses between its entries. */
export function readOpened(page: OpenedPage): Promise<Outcome<EntriesPage>> {
  return readPage(page, async () => {});
}
