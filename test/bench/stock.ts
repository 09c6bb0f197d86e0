import { SeverityNumber } from "@opentelemetry/api";
import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from "@opentelemetry/sdk-logs";
import { request } from "undici";
import { PAGE_SIZE } from "./case.ts";
import { flatten } from "./flatten.ts";
import { createStockExporter } from "./stock-exporter.ts";
import { readTask, urlOfPage } from "./task.ts";

// The stock path: undici, JSON.parse, Logger.emit, BatchLogRecordProcessor and the SDK's exporter. The queue holds a page and is
// flushed after each, so that it loses nothing.

interface StockPage {
  readonly entries: readonly { readonly date_create: number; readonly action: string }[];
  readonly response_metadata: { readonly next_cursor: string };
}

const BATCH = 1_000;

const task = readTask();
const delivered = { records: 0, failed: undefined as ExportResult | undefined };
const processor = new BatchLogRecordProcessor({
  exporter: counted(createStockExporter(task)),
  maxQueueSize: PAGE_SIZE,
  maxExportBatchSize: BATCH,
});
const provider = new LoggerProvider({
  resource: resourceFromAttributes({ "service.name": "slack", "slack.audit.source": "bench" }),
  processors: [processor],
});
const logger = provider.getLogger("stock");

let cursor: string | undefined;
do {
  const { statusCode, body } = await request(urlOfPage(task, cursor));
  if (statusCode !== 200) throw new Error(`Cannot fetch a page: Slack answered ${statusCode}`);
  const { entries, response_metadata } = JSON.parse(await body.text()) as StockPage;
  const observedTimestamp = Date.now();
  for (const entry of entries) {
    logger.emit({
      timestamp: new Date(entry.date_create * 1_000),
      observedTimestamp,
      severityNumber: SeverityNumber.INFO,
      eventName: `slack.audit.${entry.action}`,
      body: JSON.stringify(entry),
      attributes: flatten(entry),
    });
  }
  await processor.forceFlush();
  if (delivered.failed) throw delivered.failed.error ?? new Error("Cannot export");
  cursor = response_metadata.next_cursor;
} while (cursor);
await provider.shutdown();
if (delivered.records !== task.entries) throw new Error(`Only ${delivered.records} of ${task.entries} were delivered`);

/** The exporter, with its results kept: the processor tells nobody. */
function counted(exporter: LogRecordExporter): LogRecordExporter {
  return {
    export: (records, done) =>
      exporter.export(records, (result) => {
        if (result.code === ExportResultCode.SUCCESS) delivered.records += records.length;
        else delivered.failed = result;
        done(result);
      }),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}
