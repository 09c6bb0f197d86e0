import { type AnyValue, SeverityNumber } from "@opentelemetry/api";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { type Level, levelOf, type Report } from "../events.ts";

const SEVERITY: Readonly<Record<Level, SeverityNumber>> = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
};

/** Where the log goes. */
export interface OwnLogOptions {
  readonly url: string;
  /** Asked before each request: values may be renewed. */
  readonly headers: () => Readonly<Record<string, string>>;
  readonly version: string;
}

/**
 * Sends the daemon's own log to the collector through the stock SDK, which may drop it under load or in an outage: that is
 * acceptable for this log, and for no audit entry.
 */
export function createOwnLog({ url, headers, version }: OwnLogOptions): { report: Report; close(): Promise<void> } {
  const name = "slack-audit-receiver";
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ "service.name": name, "service.version": version }),
    processors: [
      new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url, headers: async () => ({ ...headers() }) }) }),
    ],
  });
  const logger = provider.getLogger(name, version);
  return {
    report(event) {
      const level = levelOf(event);
      if (level === "debug") return;
      const { event: eventName, ...attributes } = event;
      const body = eventName.replaceAll("_", " ");
      logger.emit({
        eventName: `slack_audit_receiver.${eventName}`,
        severityNumber: SEVERITY[level],
        severityText: level,
        body,
        attributes: attributes as Record<string, AnyValue>,
      });
    },
    close: () => provider.shutdown(),
  };
}
